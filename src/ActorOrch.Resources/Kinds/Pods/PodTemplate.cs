using System.Text.Json.Nodes;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Kinds.Pods;

/// <summary><c>core/v1 PodTemplateSpec</c>: what workloads make pods of.</summary>
internal static class PodTemplate
{
    /// <param name="holder">What has the field <c>template</c>: the spec of a workload, or a PodTemplate.</param>
    public static void Default(JsonObject holder)
    {
        var template = holder.Child("template");
        template.Child("metadata");
        PodSpecDefaults.Apply(template.Child("spec"));
    }

    public static IEnumerable<string> Warnings(JsonObject workload) => PodWarnings.OfTemplate(Field.Root(workload)["spec"]["template"]);

    /// <summary>Checks the template of a workload that keeps its pods running, against the workload's selector.</summary>
    public static void ValidateFor(Field selector, Field template, FieldErrors errors)
    {
        var labels = template["metadata"]["labels"];
        // No selector at all selects nothing; an empty one, everything.
        if (!selector.Exists || (!LabelSelectorValidation.IsEmpty(selector) && !LabelSelectorValidation.Matches(selector, labels)))
            errors.Invalid(labels, GoLiteral.Map(labels.Node as JsonObject), "`selector` does not match template `labels`");
        ValidateRunning(template, "ReplicaSet", errors);
    }

    /// <summary>The same for a ReplicationController, whose selector is a map of labels and whose template may be missing.</summary>
    public static void ValidateForMap(Field selector, Field template, FieldErrors errors)
    {
        if (!template.Exists)
        {
            errors.Required(template);
            return;
        }
        var labels = template["metadata"]["labels"];
        if (selector.Entries.Any(e => !labels[e.Key].Exists || labels[e.Key].Text != e.Value.Text))
            errors.Invalid(labels, GoLiteral.Map(labels.Node as JsonObject), "`selector` does not match template `labels`");
        ValidateRunning(template, "ReplicationController", errors);
    }

    // Pods of a controller that replaces them never end by themselves.
    private static void ValidateRunning(Field template, string kind, FieldErrors errors)
    {
        Validate(template, errors);
        if (template["spec"]["restartPolicy"].Text != "Always") errors.NotSupported(template["spec"]["restartPolicy"], "Always");
        if (template["spec"]["activeDeadlineSeconds"].Exists)
            errors.Forbidden(template["spec"]["activeDeadlineSeconds"], $"activeDeadlineSeconds in {kind} is not Supported");
    }

    /// <summary>Checks a template by itself.</summary>
    public static void Validate(Field template, FieldErrors errors)
    {
        // Upstream leaves metadata out of these two paths.
        ObjectMetaValidation.CheckLabels(template["metadata"]["labels"] with { Path = template["labels"].Path }, errors);
        ObjectMetaValidation.CheckAnnotations(template["metadata"]["annotations"] with { Path = template["annotations"].Path }, errors);
        PodSpecValidation.Validate(template["spec"], isTemplate: true, errors);
        if (template["spec"]["ephemeralContainers"].Node is JsonArray { Count: > 0 })
            errors.Forbidden(template["spec"]["ephemeralContainers"], "ephemeral containers not allowed in pod template");
    }
}

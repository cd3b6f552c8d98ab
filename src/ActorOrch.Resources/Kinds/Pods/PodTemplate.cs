using System.Text.Json.Nodes;

namespace ActorOrch.Resources;

/// <summary><c>core/v1 PodTemplateSpec</c>: what workloads make pods of.</summary>
internal static class PodTemplate
{
    public static void Default(JsonObject workloadSpec)
    {
        var template = workloadSpec.Child("template");
        template.Child("metadata");
        PodSpecDefaults.Apply(template.Child("spec"));
    }

    public static IEnumerable<string> Warnings(JsonObject workload) => PodWarnings.Of(Field.Root(workload)["spec"]["template"]["spec"]);

    /// <summary>Checks the template of a workload that keeps its pods running, against the workload's selector.</summary>
    public static void ValidateFor(Field selector, Field template, FieldErrors errors)
    {
        var labels = template["metadata"]["labels"];
        // No selector at all selects nothing; an empty one, everything.
        if (!selector.Exists || (!LabelSelectorValidation.IsEmpty(selector) && !LabelSelectorValidation.Matches(selector, labels)))
            errors.Invalid(labels, GoLiteral.Map(labels.Node as JsonObject), "`selector` does not match template `labels`");
        Validate(template, errors);
        if (template["spec"]["restartPolicy"].Text != "Always") errors.NotSupported(template["spec"]["restartPolicy"], "Always");
        if (template["spec"]["activeDeadlineSeconds"].Exists)
            errors.Forbidden(template["spec"]["activeDeadlineSeconds"], "activeDeadlineSeconds in ReplicaSet is not Supported");
    }

    private static void Validate(Field template, FieldErrors errors)
    {
        // Upstream leaves metadata out of these two paths.
        ObjectMetaValidation.CheckLabels(template["metadata"]["labels"] with { Path = template["labels"].Path }, errors);
        ObjectMetaValidation.CheckAnnotations(template["metadata"]["annotations"] with { Path = template["annotations"].Path }, errors);
        PodSpecValidation.Validate(template["spec"], isTemplate: true, errors);
        if (template["spec"]["ephemeralContainers"].Node is JsonArray { Count: > 0 })
            errors.Forbidden(template["spec"]["ephemeralContainers"], "ephemeral containers not allowed in pod template");
    }
}

using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Registry.Api;

/// <summary>The <c>binding</c> subresource of pods: assigns a pod to a node, once.</summary>
public static class BindingSteps
{
    /// <summary>The node that a binding names. Throws 422 where it names none, or something else.</summary>
    public static string TargetOf(JsonObject binding)
    {
        var errors = new FieldErrors();
        var target = Field.Root(binding)["target"];
        if (target["kind"].Text is not ("" or "Node")) errors.NotSupported(target["kind"], "Node", "<empty>");
        if (target["name"].Text.Length == 0) errors.Required(target["name"]);
        if (errors.Any) throw ApiException.Invalid(BuiltIn.Pods, Field.Root(binding)["metadata"]["name"].Text, errors.All);
        return target["name"].Text;
    }

    /// <summary>The pod with its node set and <c>PodScheduled</c> true. Throws 409 where it has a node or is being deleted.</summary>
    public static JsonObject Apply(StoredObject pod, JsonObject? binding, string node, DateTimeOffset now)
    {
        if (binding is not null) UpdateSteps.CheckPreconditions(BuiltIn.Pods, pod, binding);
        var document = pod.ToJson();
        if (pod.Meta.DeletionTimestamp is not null)
            throw Conflict(pod, $"pod {pod.Key.Name} is being deleted, cannot be assigned to a host");
        var assigned = Field.Root(document)["spec"]["nodeName"].Text;
        if (assigned.Length > 0)
            throw Conflict(pod, $"pod {pod.Key.Name} is already assigned to node \"{assigned}\"");
        document["spec"]!["nodeName"] = node;
        if (binding?["metadata"]?["annotations"] is JsonObject annotations)
        {
            if (document["metadata"]!["annotations"] is not JsonObject existing) document["metadata"]!["annotations"] = existing = [];
            foreach (var (name, value) in annotations) existing[name] = value?.DeepClone();
        }
        if (document["status"] is not JsonObject status) document["status"] = status = [];
        SetScheduled(status, now);
        return document;
    }

    /// <summary>Here upstream names the subresource, too.</summary>
    private static ApiException Conflict(StoredObject pod, string detail) =>
        new(409, "Conflict", $"Operation cannot be fulfilled on pods/binding \"{pod.Key.Name}\": {detail}") { Name = pod.Key.Name, Kind = "pods/binding" };

    private static void SetScheduled(JsonObject status, DateTimeOffset now)
    {
        if (status["conditions"] is not JsonArray conditions) status["conditions"] = conditions = [];
        var existing = conditions.OfType<JsonObject>().FirstOrDefault(c => c["type"]?.GetValue<string>() == "PodScheduled");
        if (existing is not null) conditions.Remove(existing);
        conditions.Add(new JsonObject
        {
            ["type"] = "PodScheduled",
            ["status"] = "True",
            ["lastProbeTime"] = null,
            ["lastTransitionTime"] = CreateSteps.Timestamp(now),
        });
    }
}

using System.Text.Json.Nodes;
using ActorOrch.Resources;

namespace ActorOrch.Registry;

/// <summary>The <c>binding</c> subresource of pods: assigns a pod to a node, once.</summary>
public static class BindingSteps
{
    /// <summary>The pod with its node set and <c>PodScheduled</c> true. Throws 409 where it has a node or is going.</summary>
    public static JsonObject Apply(StoredObject pod, JsonObject? binding, string node, DateTimeOffset now)
    {
        var document = pod.ToJson();
        if (pod.Meta.DeletionTimestamp is not null)
            throw ApiException.Conflict(pod.Type, pod.Key.Name, $"pod {pod.Key.Name} is being deleted, cannot be assigned to a host");
        var assigned = Field.Root(document)["spec"]["nodeName"].Text;
        if (assigned.Length > 0)
            throw ApiException.Conflict(pod.Type, pod.Key.Name, $"pod {pod.Key.Name} is already assigned to node \"{assigned}\"");
        var uid = Field.Root(binding)["metadata"]["uid"].Text;
        if (uid.Length > 0 && uid != pod.Uid)
            throw ApiException.Conflict(pod.Type, pod.Key.Name, $"Precondition failed: UID in precondition: {uid}, UID in object meta: {pod.Uid}");
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

using System.Globalization;
using System.Text.Json.Nodes;
using ActorOrch.Registry.Api;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Scheduling.Scheduler;

/// <summary>The documents that the scheduler writes: a pod with its node, and a pod with the reason why it has none.</summary>
internal static class PodScheduledCondition
{
    internal static ObjectDraft Bound(StoredObject pod, string node, DateTimeOffset now)
    {
        var document = pod.ToJson();
        document["spec"]!["nodeName"] = node;
        Set(document, "True", null, null, now);
        return ObjectDraft.Encode(document);
    }

    /// <summary>Null where the pod says so already.</summary>
    internal static ObjectDraft? Unschedulable(StoredObject pod, string message, DateTimeOffset now)
    {
        var document = pod.ToJson();
        return Set(document, "False", "Unschedulable", message, now) ? SystemWrite.Encode(BuiltIn.Pods, pod, document, SystemWrite.Scheduler, "status", now) : null;
    }

    private static bool Set(JsonObject pod, string status, string? reason, string? message, DateTimeOffset now)
    {
        if (pod["status"] is not JsonObject podStatus) pod["status"] = podStatus = [];
        if (podStatus["conditions"] is not JsonArray conditions) podStatus["conditions"] = conditions = [];
        var known = conditions.OfType<JsonObject>().FirstOrDefault(c => Text(c, "type") == "PodScheduled");
        if (known is not null && Text(known, "status") == status && Text(known, "reason") == reason && Text(known, "message") == message) return false;
        var since = known is not null && Text(known, "status") == status ? Text(known, "lastTransitionTime") : null;
        var condition = new JsonObject
        {
            ["type"] = "PodScheduled",
            ["status"] = status,
            ["lastProbeTime"] = null,
            ["lastTransitionTime"] = since ?? now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        };
        if (reason is not null) condition["reason"] = reason;
        if (message is not null) condition["message"] = message;
        if (known is null) conditions.Add(condition);
        else conditions[conditions.IndexOf(known)] = condition;
        return true;
    }

    private static string? Text(JsonObject obj, string name) => obj[name]?.GetValue<string>();
}

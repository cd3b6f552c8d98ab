using System.Text.Json.Nodes;
using ActorOrch.Contracts.Nodes;
using ActorOrch.Controllers.Nodes.Registration;
using ActorOrch.Registry.Api;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Controllers.Nodes.Statuses;

/// <summary>Makes the stored status out of what is stored and what the agent reports.</summary>
internal static class PodStatusMerge
{
    /// <summary>The conditions that are the agent's to decide. It repeats others as it knew them, which may be long ago.</summary>
    private static readonly string[] OfTheAgent = ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady"];

    /// <summary>The scheduler's, but for pods that it has not placed.</summary>
    private const string Scheduled = "PodScheduled";

    /// <summary>The pod with its new status; null where that changes nothing.</summary>
    internal static ObjectDraft? Merge(StoredObject pod, PodStatusReport report, DateTimeOffset now)
    {
        var document = pod.ToJson();
        var stored = document["status"] as JsonObject ?? [];
        // What has ended stays ended, whatever the machine still says.
        if (Conditions.Text(stored, "phase") is "Succeeded" or "Failed" && JsonNode.Parse(report.StatusJson)?["phase"]?.GetValue<string>() is not ("Succeeded" or "Failed"))
            return null;
        var merged = Merge(stored, JsonNode.Parse(report.StatusJson)!.AsObject(), now);
        if (JsonNode.DeepEquals(stored, merged)) return null;
        document["status"] = merged;
        return SystemWrite.Encode(BuiltIn.Pods, pod, document, SystemWrite.Agent, "status", now);
    }

    private static JsonObject Merge(JsonObject stored, JsonObject reported, DateTimeOffset now)
    {
        var merged = new JsonObject();
        foreach (var (name, value) in reported)
            if (name != "conditions") merged[name] = value?.DeepClone();
        foreach (var name in (ReadOnlySpan<string>)["qosClass", "startTime", "nominatedNodeName", "resize", "resourceClaimStatuses"])
            if (!merged.ContainsKey(name) && stored[name] is { } kept) merged[name] = kept.DeepClone();
        if (stored["conditions"] is JsonArray known) merged["conditions"] = known.DeepClone();
        foreach (var condition in (reported["conditions"] as JsonArray ?? []).OfType<JsonObject>())
        {
            var type = Conditions.Text(condition, "type");
            if (!OfTheAgent.Contains(type) && (type != Scheduled || Conditions.Find(stored, Scheduled) is not null)) continue;
            Conditions.Put(merged, condition.DeepClone().AsObject(), now);
        }
        return merged;
    }
}

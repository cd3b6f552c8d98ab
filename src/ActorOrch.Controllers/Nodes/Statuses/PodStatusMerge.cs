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
    /// <summary>Conditions that the agent has no say in, even where it repeats them.</summary>
    private static readonly string[] NotTheAgents = ["PodScheduled", "DisruptionTarget"];

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
            if (NotTheAgents.Contains(Conditions.Text(condition, "type")) && Conditions.Find(stored, Conditions.Text(condition, "type")!) is not null) continue;
            Conditions.Put(merged, condition.DeepClone().AsObject(), now);
        }
        return merged;
    }
}

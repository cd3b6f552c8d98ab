using System.Text.Json.Nodes;

namespace ActorOrch.Controllers.Nodes.Registration;

/// <summary>What a Node object is to become.</summary>
/// <param name="Agent">What the agent says of the node (<c>AgentHello.NodeJson</c>); null where it has said nothing new.</param>
/// <param name="Lost">Nothing is heard of the agent.</param>
/// <param name="MayEvict">Whether taints may drive pods away.</param>
internal sealed record NodeIntent(JsonObject? Agent, bool Lost, bool MayEvict);

/// <summary>A Node object to be written, and how its taints change with it.</summary>
internal sealed record NodeChange(JsonObject Document, IReadOnlyList<TaintChange> Taints, bool BecameNotReady);

/// <summary>Makes the Node object out of what is stored, what the agent says and what we know of it.</summary>
internal static class NodeDocument
{
    private const string HeartbeatLostMessage = "Kubelet stopped posting node status.";
    private static readonly string[] Watched = ["Ready", "MemoryPressure", "DiskPressure", "PIDPressure"];

    /// <summary>Null where nothing is to be changed, or where there is neither a stored object nor an agent's word.</summary>
    internal static NodeChange? Desired(string name, JsonObject? stored, NodeIntent intent, DateTimeOffset now)
    {
        if (stored is null && intent.Agent is null) return null;
        var node = stored?.DeepClone().AsObject() ?? New(name);
        var wasReady = Conditions.StatusOf(node["status"] as JsonObject, "Ready") == "True";
        if (intent.Agent is { } agent) TakeOver(agent, node, name, now);
        if (intent.Lost) MarkUnknown(node, now);
        var taints = NodeTaints.Adjust(node, intent.MayEvict, now);
        if (stored is not null && JsonNode.DeepEquals(stored, node)) return null;
        return new(node, taints, wasReady && Conditions.StatusOf(node["status"] as JsonObject, "Ready") != "True");
    }

    private static JsonObject New(string name) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Node",
        ["metadata"] = new JsonObject { ["name"] = name },
        ["spec"] = new JsonObject(),
        ["status"] = new JsonObject(),
    };

    /// <summary>
    /// The agent speaks for the status and its own labels and annotations. Other labels, taints and the cordon are the users'; the
    /// pod network, once given, stays.
    /// </summary>
    private static void TakeOver(JsonObject agent, JsonObject node, string name, DateTimeOffset now)
    {
        var metadata = node["metadata"]!.AsObject();
        MergeMap(agent["metadata"]?["labels"] as JsonObject, metadata, "labels");
        MergeMap(agent["metadata"]?["annotations"] as JsonObject, metadata, "annotations");
        if (metadata["labels"] is not JsonObject labels) metadata["labels"] = labels = [];
        labels["kubernetes.io/hostname"] ??= name;
        if (node["spec"] is not JsonObject spec) node["spec"] = spec = [];
        foreach (var (field, value) in agent["spec"] as JsonObject ?? [])
            if (field is not ("taints" or "unschedulable")) spec[field] ??= value?.DeepClone();
        // Taints that the agent registers with are put on once; afterwards they are the users' to remove.
        if (!metadata.ContainsKey("uid") && agent["spec"]?["taints"] is { } taints) spec["taints"] = taints.DeepClone();
        if (node["status"] is not JsonObject status) node["status"] = status = [];
        foreach (var (field, value) in agent["status"] as JsonObject ?? [])
        {
            if (field == "conditions") continue;
            if (!JsonNode.DeepEquals(status[field], value)) status[field] = value?.DeepClone();
        }
        foreach (var condition in (agent["status"]?["conditions"] as JsonArray ?? []).OfType<JsonObject>())
            Conditions.Put(status, condition.DeepClone().AsObject(), now);
    }

    private static void MergeMap(JsonObject? from, JsonObject metadata, string name)
    {
        if (from is null) return;
        if (metadata[name] is not JsonObject to) metadata[name] = to = [];
        foreach (var (key, value) in from)
            if (!JsonNode.DeepEquals(to[key], value)) to[key] = value?.DeepClone();
    }

    private static void MarkUnknown(JsonObject node, DateTimeOffset now)
    {
        if (node["status"] is not JsonObject status) node["status"] = status = [];
        foreach (var type in Watched)
        {
            var known = Conditions.Find(status, type);
            // Of conditions that the agent never reported only Ready is made up, as upstream does with a node that never came up.
            if ((known is null && type != "Ready") || Conditions.Text(known, "status") == "Unknown") continue;
            var condition = new JsonObject
            {
                ["type"] = type,
                ["status"] = "Unknown",
                ["reason"] = known is null ? "NodeStatusNeverUpdated" : "NodeStatusUnknown",
                ["message"] = known is null ? "Kubelet never posted node status." : HeartbeatLostMessage,
            };
            if (known?["lastHeartbeatTime"] is { } heartbeat) condition["lastHeartbeatTime"] = heartbeat.DeepClone();
            Conditions.Put(status, condition, now);
        }
    }
}

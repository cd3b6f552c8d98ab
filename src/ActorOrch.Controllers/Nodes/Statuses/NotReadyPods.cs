using System.Text.Json.Nodes;
using ActorOrch.Controllers.Nodes.Registration;
using ActorOrch.Reconciling;
using ActorOrch.Registry.Api;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Writes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Controllers.Nodes.Statuses;

/// <summary>Pods of a node that is lost are not ready, whatever was last heard of them: services leave them out.</summary>
internal static class NotReadyPods
{
    private const int MostRounds = 10;

    internal static async Task MarkAsync(ICollection pods, string node, ReconcilerServices services, CancellationToken cancel)
    {
        IReadOnlyList<StoredObject> work = pods.Lookup(Indexes.NodeName, node);
        for (var round = 0; work.Count > 0 && round < MostRounds; round++)
        {
            var now = services.Time.GetUtcNow();
            var marked = work.Select(pod => (Pod: pod, Draft: Mark(pod, now))).Where(m => m.Draft is not null).ToArray();
            if (marked.Length == 0) return;
            var results = await pods.WriteAsync(marked.Select(m => new Write.Replace(m.Draft!, m.Pod.Revision)).ToArray<Write>(), cancel);
            var again = new List<StoredObject>();
            for (var i = 0; i < results.Count; i++)
            {
                if (results[i].Outcome == WriteOutcome.Committed)
                    services.Events.Record(marked[i].Pod, "node-controller", EventType.Warning, "NodeNotReady", "Node is not ready");
                else if (results[i] is { Outcome: WriteOutcome.Conflict, Object: { } current }) again.Add(current);
            }
            work = again;
        }
    }

    /// <summary>Null where the pod is not ready anyway.</summary>
    internal static ObjectDraft? Mark(StoredObject pod, DateTimeOffset now)
    {
        var document = pod.ToJson();
        if (document["status"] is not JsonObject status || Conditions.Find(status, "Ready") is not { } ready) return null;
        if (Conditions.Text(ready, "status") != "True") return null;
        Conditions.Put(status, new JsonObject { ["type"] = "Ready", ["status"] = "False" }, now);
        return SystemWrite.Encode(BuiltIn.Pods, pod, document, SystemWrite.Controllers, "status", now);
    }
}

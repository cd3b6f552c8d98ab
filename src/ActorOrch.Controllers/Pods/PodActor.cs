using System.Text.Json.Nodes;
using ActorOrch.Controllers.Nodes;
using ActorOrch.Controllers.Nodes.Health;
using ActorOrch.Controllers.Nodes.Registration;
using ActorOrch.Reconciling;
using ActorOrch.Registry.Api;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;
using ActorOrch.Resources.Timing;
using Akka.Event;

namespace ActorOrch.Controllers.Pods;

/// <summary>
/// A pod's actor. It lives only while there is something to do that neither the pod's owner nor its agent does: a taint drives the pod
/// away, its node is gone, or it is to end without ever having had a node.
/// </summary>
public sealed class PodActor : ReconcilerActor
{
    internal const string TypeName = "pod";

    private readonly NodeSettings _settings;
    private readonly HeartbeatMonitor _monitor;

    // Only runs touch these, and there is one at a time.
    private DateTimeOffset? _missingSince;
    private DateTimeOffset? _toleratedSince;

    public PodActor(ObjectKey key, ReconcilerServices services, NodeSettings settings, HeartbeatMonitor monitor) : base(TypeName, key, services)
    {
        _settings = settings;
        _monitor = monitor;
    }

    protected override async Task<ReconcileResult> ReconcileAsync(Reconciliation run)
    {
        if (run.Find(BuiltIn.Pods) is not { } pod) return ReconcileResult.Gone;
        var facts = PodFacts.Of(pod);
        var node = facts.NodeName.Length == 0 ? null : run.Registry[BuiltIn.Nodes].Latest.Get(ObjectKey.ClusterScoped(facts.NodeName));
        var nodeFacts = node is null ? null : NodeFacts.Of(node);
        var now = run.Now;
        _missingSince = node is null ? _missingSince ?? now : null;
        _toleratedSince = nodeFacts?.Taints.Count > 0 ? _toleratedSince ?? now : null;
        var action = PodFate.Decide(
            facts, nodeFacts, now, _missingSince ?? now, _toleratedSince ?? now, _monitor.FreshSince.After(_settings.HeartbeatGrace), _settings.OrphanGrace);
        Log.Debug("PodActor {0}: {1}", Key, action);
        switch (action)
        {
            case PodAction.Wait wait:
                return ReconcileResult.After(wait.For);
            case PodAction.Evict:
                await EvictAsync(run, pod);
                break;
            case PodAction.Collect collect:
                await CollectAsync(run, pod, facts, collect.NodeGone);
                break;
        }
        return ReconcileResult.Gone;
    }

    private async Task EvictAsync(Reconciliation run, StoredObject pod)
    {
        Services.Events.Record(pod, "taint-eviction-controller", EventType.Normal, "TaintManagerEviction", $"Marking for deletion Pod {pod.Key}");
        await DisruptAsync(run, pod, "DeletionByTaintManager", "Taint manager: deleting due to NoExecute taint", fails: false);
        await DeleteAsync(run, pod, new() { PreconditionUid = pod.Uid });
    }

    private async Task CollectAsync(Reconciliation run, StoredObject pod, PodFacts facts, bool nodeGone)
    {
        Log.Info("Removing the pod {0} of {1}", Key, nodeGone ? $"the node {facts.NodeName}, which is gone" : "no node");
        if (nodeGone) await DisruptAsync(run, pod, "DeletionByPodGC", "PodGC: node no longer exists", fails: true);
        await DeleteAsync(run, pod, new() { GracePeriodSeconds = 0, PreconditionUid = pod.Uid });
    }

    private static async Task DisruptAsync(Reconciliation run, StoredObject pod, string reason, string message, bool fails)
    {
        var now = run.Now;
        await run.Api.ModifyAsync(BuiltIn.Pods, pod.Key, document =>
        {
            if (document["metadata"]?["uid"]?.GetValue<string>() != pod.Uid || document["status"] is not JsonObject status) return false;
            Conditions.Put(status, new JsonObject { ["type"] = "DisruptionTarget", ["status"] = "True", ["reason"] = reason, ["message"] = message }, now);
            if (fails && Conditions.Text(status, "phase") is not ("Succeeded" or "Failed")) status["phase"] = "Failed";
            return true;
        }, new() { Subresource = "status" }, run.Cancel);
    }

    private static async Task DeleteAsync(Reconciliation run, StoredObject pod, DeleteRequest request)
    {
        try
        {
            await run.Api.DeleteAsync(BuiltIn.Pods, pod.Key, request, WriteOptions.Default, run.Cancel);
        }
        catch (ApiException gone) when (gone.Code == 404)
        {
            // Someone else was quicker.
        }
    }
}

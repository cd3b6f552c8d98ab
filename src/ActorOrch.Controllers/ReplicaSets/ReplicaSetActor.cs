using System.Text.Json.Nodes;
using ActorOrch.Reconciling;
using ActorOrch.Registry.Api;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Watching;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;
using Akka.Event;

namespace ActorOrch.Controllers.ReplicaSets;

/// <summary>Keeps the pods of one ReplicaSet or ReplicationController at the number it asks for.</summary>
public sealed class ReplicaSetActor(ReplicaKind kind, ObjectKey key, ReconcilerServices services) : ReconcilerActor(kind.TypeName, key, services)
{
    /// <summary>The first batch of creations; the next is twice as large as long as all succeed, so that hopeless ones stay few.</summary>
    private const int FirstBatch = 64;

    public static ReconcilerDefinition Definition(IRegistry registry, ReplicaKind kind) => new()
    {
        TypeName = kind.TypeName,
        Primary = kind.Type,
        Props = (key, services) => ReconcilerDefinition.PropsOf<ReplicaSetActor>(kind, key, services),
        Watches =
        [
            Watch.Own(kind.Type),
            Watch.Controlled(BuiltIn.Pods, kind.Type),
            new(BuiltIn.Pods, change => SetsThatSelect(registry, kind, change)),
        ],
    };

    protected override async Task<ReconcileResult> ReconcileAsync(Reconciliation run)
    {
        if (run.Find(kind.Type) is not { } set) return ReconcileResult.Gone;
        var pods = run.Registry[BuiltIn.Pods];
        var now = run.Now;
        var decision = ReplicaSetDecision.Decide(new(
            set, Ownership.ControlledBy(pods, set), Ownership.Orphans(pods, set.Key.Namespace), () => KinOnNode(run.Registry, set), now));

        await ClaimAsync(run, set, decision);
        var replicas = decision.Active.ToDictionary(p => p.Pod.Key);
        var failed = decision.Create > 0
            ? await CreateAsync(run, set, decision.Create, replicas)
            : await DeleteAsync(run, set, decision.Delete, replicas);
        var known = kind.StatusOf(set);
        // An old failure stays as it is until a run has none: the message of each retry is not news.
        var failure = failed is null ? null : known.Failure ?? new(failed.Value.Reason, failed.Value.Cause.Message, now);
        var (status, wakeAfter) = ReplicaSetDecision.Count(set, replicas.Values, failure, now);
        if (status != known) await WriteStatusAsync(run, set, status);
        if (failed is { } error) throw error.Cause;
        return ReconcileResult.After(wakeAfter);
    }

    private static async Task ClaimAsync(Reconciliation run, StoredObject set, ReplicaSetDecision decision)
    {
        if (decision.Adopt.Count + decision.Release.Count == 0) return;
        var self = new HashSet<string> { set.Uid };
        await Task.WhenAll([
            .. decision.Adopt.Select(pod => Ownership.AdoptAsync(run.Api, set, pod, run.Cancel)),
            .. decision.Release.Select(pod => Ownership.ReleaseAsync(run.Api, pod, self, run.Cancel)),
        ]);
    }

    private async Task<(string Reason, ApiException Cause)?> CreateAsync(
        Reconciliation run, StoredObject set, int count, Dictionary<ObjectKey, PodFacts> replicas)
    {
        var template = new PodTemplate(set);
        Log.Debug("ReplicaSetActor of {0} {1} creates {2} pods", kind.Type.Kind, Key, count);
        for (var batch = FirstBatch; count > 0; batch *= 2)
        {
            var size = Math.Min(batch, count);
            var attempts = new Task<StoredObject>[size];
            for (var i = 0; i < size; i++) attempts[i] = run.Api.CreateAsync(BuiltIn.Pods, Key.Namespace, template.NewPod(), WriteOptions.Default, run.Cancel);
            ApiException? failed = null;
            foreach (var attempt in attempts)
            {
                try
                {
                    var pod = await attempt;
                    replicas[pod.Key] = PodFacts.Of(pod);
                    Services.Events.Record(set, kind.Component, EventType.Normal, "SuccessfulCreate", $"Created pod: {pod.Key.Name}");
                }
                catch (ApiException error)
                {
                    failed ??= error;
                    if (!error.IsNamespaceTerminating()) Services.Events.Record(set, kind.Component, EventType.Warning, "FailedCreate", $"Error creating: {error.Message}");
                }
            }
            // In a namespace that is terminating nothing more can be created; that is no failure.
            if (failed is not null) return failed.IsNamespaceTerminating() ? null : ("FailedCreate", failed);
            count -= size;
        }
        return null;
    }

    private async Task<(string Reason, ApiException Cause)?> DeleteAsync(
        Reconciliation run, StoredObject set, IReadOnlyList<PodFacts> surplus, Dictionary<ObjectKey, PodFacts> replicas)
    {
        if (surplus.Count == 0) return null;
        Log.Debug("ReplicaSetActor of {0} {1} deletes {2} pods", kind.Type.Kind, Key, surplus.Count);
        var attempts = surplus.Select(p => (p.Pod, Deleting: run.Api.DeleteAsync(
            BuiltIn.Pods, p.Pod.Key, new() { PreconditionUid = p.Pod.Uid, Propagation = Propagation.Background }, WriteOptions.Default, run.Cancel))).ToArray();
        ApiException? failed = null;
        foreach (var (pod, deleting) in attempts)
        {
            try
            {
                await deleting;
                replicas.Remove(pod.Key);
                Services.Events.Record(set, kind.Component, EventType.Normal, "SuccessfulDelete", $"Deleted pod: {pod.Key.Name}");
            }
            catch (ApiException gone) when (gone.Code == 404)
            {
                replicas.Remove(pod.Key);
            }
            catch (ApiException error)
            {
                failed ??= error;
                Services.Events.Record(set, kind.Component, EventType.Warning, "FailedDelete", $"Error deleting: {error.Message}");
            }
        }
        return failed is null ? null : ("FailedDelete", failed);
    }

    private Task<StoredObject?> WriteStatusAsync(Reconciliation run, StoredObject set, ReplicaSetStatus status) =>
        run.Api.ModifyAsync(kind.Type, set.Key, document =>
        {
            var json = StatusConditions.WithOthers(status.ToJson(), document["status"], ReplicaSetStatus.OwnConditions);
            if (document["metadata"]!["uid"]?.GetValue<string>() != set.Uid || JsonNode.DeepEquals(document["status"], json)) return false;
            document["status"] = json;
            return true;
        }, new() { Subresource = "status" }, run.Cancel);

    private static Dictionary<string, int> KinOnNode(IRegistry registry, StoredObject set)
    {
        IEnumerable<StoredObject> kin = set.Meta.ControllerOwner is { } owner ? registry[set.Resource].Lookup(Indexes.OwnerUid, owner.Uid) : [set];
        var counts = new Dictionary<string, int>();
        foreach (var sibling in kin)
            foreach (var pod in Ownership.ControlledBy(registry[BuiltIn.Pods], sibling))
                if (PodFacts.Of(pod) is { Active: true } facts) counts[facts.NodeName] = counts.GetValueOrDefault(facts.NodeName) + 1;
        return counts;
    }

    /// <summary>Sets that may adopt a pod nobody controls.</summary>
    private static IEnumerable<ObjectKey> SetsThatSelect(IRegistry registry, ReplicaKind kind, Change change)
    {
        if (change.Kind == ChangeKind.Deleted || change.Object.Meta.ControllerOwner is not null) yield break;
        foreach (var set in registry[kind.Type].Lookup(Indexes.Namespace, change.Key.Namespace))
            if (kind.SpecOf(set).Selector.Matches(change.Object.Meta.Labels)) yield return set.Key;
    }
}

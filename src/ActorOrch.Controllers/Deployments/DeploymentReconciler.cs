using System.Text.Json.Nodes;
using ActorOrch.Controllers.ReplicaSets;
using ActorOrch.Reconciling;
using ActorOrch.Registry.Api;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Numbers;
using ActorOrch.Resources.Objects;
using ActorOrch.Resources.Selectors;
using k8s.Models;

namespace ActorOrch.Controllers.Deployments;

/// <summary>A run's result with what it saw, for the rollout's history. Null where there is no current ReplicaSet.</summary>
internal sealed record DeploymentResult(RolloutObservation? Seen) : ReconcileResult;

/// <summary>One run of a Deployment: reads its ReplicaSets, lets <see cref="Rollout"/> decide, carries it out, writes the status.</summary>
internal sealed class DeploymentReconciler(Reconciliation run, IEventRecorder events, StoredObject deployment)
{
    private const string Component = "deployment-controller";

    private readonly JsonNode? _template = deployment.ToJson()["spec"]!["template"];
    private readonly DeploymentView _view = DeploymentView.Of(deployment);

    private string Canonical => field ??= PodTemplateHash.Canonical(_template);

    public async Task<ReconcileResult> RunAsync()
    {
        var sets = (await ClaimAsync()).ToDictionary(s => s.Key.Name);
        var views = sets.Values.ToDictionary(s => s.Key.Name, View);
        var decision = Rollout.Decide(_view, [.. views.Values], _view.Recreate && OldPodsRunning(sets.Values, views));
        await Task.WhenAll([.. decision.Changes.Select(ChangeAsync), .. decision.Delete.Select(set => DeleteAsync(sets[set.Name]))]);
        foreach (var change in decision.Changes) views[change.Set.Name] = change.Changed;
        foreach (var deleted in decision.Delete) views.Remove(deleted.Name);

        var current = views.Values.Where(v => v.IsCurrent).OrderBy(v => v.Created).ThenBy(v => v.Name, StringComparer.Ordinal).FirstOrDefault();
        var news = new CurrentSetNews(current?.Name);
        ApiException? failed = null;
        if (decision.Create is { } creation)
        {
            (current, news, failed) = await CreateAsync(creation);
            if (failed?.Code == 409) return await CollideAsync();
            if (current is not null) views[current.Name] = current;
        }
        var old = views.Values.Where(v => v.Name != current?.Name).ToList();
        var (status, wakeAfter) = StatusDecision.Next(_view, current, old, news, run.Now);
        var revision = current?.Annotations.GetValueOrDefault(RolloutAnnotations.Revision) ?? _view.Revision;
        if (!status.SameAs(_view.Status) || revision != _view.Revision) await WriteStatusAsync(status, revision);
        if (failed is not null) throw failed;
        return new DeploymentResult(Observe(decision, current, old, status)) { WakeAfter = wakeAfter };
    }

    private ReplicaSetView View(StoredObject set) => ReplicaSetView.Of(set, PodTemplateHash.Canonical(set.ToJson()["spec"]!["template"]) == Canonical);

    /// <summary>The sets it controls: those it had and still selects, and those that nobody has.</summary>
    private async Task<List<StoredObject>> ClaimAsync()
    {
        var collection = run.Registry[BuiltIn.ReplicaSets];
        var selector = LabelSelector.From(deployment.As<V1Deployment>().Spec.Selector);
        var claimed = new List<StoredObject>();
        foreach (var set in Ownership.ControlledBy(collection, deployment))
        {
            if (selector.Matches(set.Meta.Labels) || _view.Deleting) claimed.Add(set);
            else await Ownership.ReleaseAsync(run.Api, set, new HashSet<string> { deployment.Uid }, run.Cancel);
        }
        if (_view.Deleting) return claimed;
        foreach (var orphan in Ownership.Orphans(collection, deployment.Key.Namespace))
        {
            if (!selector.Matches(orphan.Meta.Labels)) continue;
            if (await Ownership.AdoptAsync(run.Api, deployment, orphan, run.Cancel) is { } adopted && adopted.Meta.ControllerOwner?.Uid == deployment.Uid)
                claimed.Add(adopted);
        }
        return claimed;
    }

    private bool OldPodsRunning(IEnumerable<StoredObject> sets, Dictionary<string, ReplicaSetView> views)
    {
        var pods = run.Registry[BuiltIn.Pods];
        return sets.Any(set => !views[set.Key.Name].IsCurrent && Ownership.ControlledBy(pods, set).Exists(pod => !PodFacts.Of(pod).Finished));
    }

    private async Task ChangeAsync(ReplicaSetChange change)
    {
        var key = new ObjectKey(deployment.Key.Namespace, change.Set.Name);
        var stored = await run.Api.ModifyAsync(
            BuiltIn.ReplicaSets, key, document => ReplicaSetDocument.Apply(document, change), WriteOptions.Default, run.Cancel);
        if (stored is not null && change.Scales) Scaled(change.Set.Name, change.Set.Replicas, change.Replicas);
    }

    private async Task DeleteAsync(StoredObject set)
    {
        try
        {
            var request = new DeleteRequest { PreconditionUid = set.Uid, Propagation = Propagation.Background };
            await run.Api.DeleteAsync(BuiltIn.ReplicaSets, set.Key, request, WriteOptions.Default, run.Cancel);
        }
        catch (ApiException gone) when (gone.Code == 404)
        {
            // Someone else has deleted it already, and the mirror will show it.
            return;
        }
    }

    private async Task<(ReplicaSetView? Current, CurrentSetNews News, ApiException? Failed)> CreateAsync(ReplicaSetCreation creation)
    {
        var hash = PodTemplateHash.Compute(Canonical, _view.Status.CollisionCount);
        var document = ReplicaSetDocument.New(deployment, hash, creation);
        var name = $"{deployment.Key.Name}-{hash}";
        try
        {
            var created = await run.Api.CreateAsync(BuiltIn.ReplicaSets, deployment.Key.Namespace, document, WriteOptions.Default, run.Cancel);
            if (creation.Replicas > 0) Scaled(name, 0, creation.Replicas);
            return (ReplicaSetView.Of(created, isCurrent: true), new(name, Created: true), null);
        }
        catch (ApiException taken) when (taken.Reason == "AlreadyExists")
        {
            var latest = await run.Registry[BuiltIn.ReplicaSets].ReadConsistentAsync(run.Cancel);
            var existing = latest.Get(new(deployment.Key.Namespace, name));
            var own = existing is not null && existing.Meta.ControllerOwner?.Uid == deployment.Uid && View(existing).IsCurrent;
            return own ? (View(existing!), new(name), null) : (null, new(null), taken);
        }
        catch (ApiException refused) when (refused.IsNamespaceTerminating())
        {
            return (null, new(null), null);
        }
        catch (ApiException error)
        {
            var message = $"Failed to create new replica set \"{name}\": {error.Message}";
            events.Record(deployment, Component, EventType.Warning, "ReplicaSetCreateError", message);
            return (null, new(null, CreationError: message), error);
        }
    }

    /// <summary>The name belongs to a set of another template: the next run hashes with another count.</summary>
    private async Task<ReconcileResult> CollideAsync()
    {
        await WriteStatusAsync(_view.Status with { CollisionCount = (_view.Status.CollisionCount ?? 0) + 1 }, _view.Revision);
        return new DeploymentResult(null) { WakeAfter = TimeSpan.Zero };
    }

    /// <summary>A status update may carry annotations; the revision goes with it.</summary>
    private Task WriteStatusAsync(DeploymentStatus status, string? revision) =>
        run.Api.ModifyAsync(BuiltIn.Deployments, deployment.Key, document =>
        {
            if (document["metadata"]!["uid"]?.GetValue<string>() != deployment.Uid) return false;
            document["status"] = StatusConditions.WithOthers(status.ToJson(), document["status"], DeploymentCondition.Own);
            if (revision is null) return true;
            var metadata = document["metadata"]!.AsObject();
            if (metadata["annotations"] is not JsonObject annotations) metadata["annotations"] = annotations = [];
            annotations[RolloutAnnotations.Revision] = revision;
            return true;
        }, new() { Subresource = "status" }, run.Cancel);

    private void Scaled(string set, int from, int to) => events.Record(
        deployment, Component, EventType.Normal, "ScalingReplicaSet", $"Scaled {(to > from ? "up" : "down")} replica set {set} from {from} to {to}");

    private RolloutObservation? Observe(RolloutDecision decision, ReplicaSetView? current, List<ReplicaSetView> old, DeploymentStatus status)
    {
        if (current is null || _view.Deleting) return null;
        var before = decision.Changes.FirstOrDefault(c => c.Set.Name == current.Name)?.Set.Revision;
        var progress = status.Condition(DeploymentCondition.Progressing);
        return new(
            deployment.Uid, current.Revision, current.Name, before > 0 && before < current.Revision ? before : null,
            _view.Annotations.GetValueOrDefault("kubernetes.io/change-cause"), current.Replicas, old.SumOf(s => s.Replicas), status.AvailableReplicas,
            _view.Paused, status.IsComplete(_view) && old.TrueForAll(s => !s.Active),
            progress is { Reason: "ProgressDeadlineExceeded" } ? progress.Message : null, decision.Reason);
    }
}

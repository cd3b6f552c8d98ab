using ActorOrch.Controllers.ReplicaSets;
using ActorOrch.Reconciling;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Persistence.Actors;
using ActorOrch.Registry.Watching;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;
using ActorOrch.Resources.Selectors;
using Akka.Event;
using Akka.Persistence;
using k8s.Models;

namespace ActorOrch.Controllers.Deployments;

/// <summary>
/// One Deployment. It decides from what is stored, run by run; beside that it journals the history of its rollouts, so that whoever
/// takes over in the middle knows what was going on.
/// </summary>
public sealed class DeploymentActor : RecordedActor
{
    private const string TypeName = "deployment";
    private const int EventsPerSnapshot = 20;

    /// <summary>As many of the latest events stay in the journal.</summary>
    private const int EventsKept = 200;

    private static readonly TimeSpan AfterJournalFailure = TimeSpan.FromSeconds(3);

    private readonly ObjectKey _key;
    private readonly ReconcilerServices _services;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly ReconcileLoop _loop;
    private RolloutState _state = RolloutState.None;
    private Action? _forgotten;

    public DeploymentActor(ObjectKey key, ReconcilerServices services)
    {
        _key = key;
        _services = services;
        _loop = new(Context, TypeName, key, services, ReconcileAsync, Ended);
    }

    public override string PersistenceId => $"{TypeName}-{_key}";

    public static ReconcilerDefinition Definition(IRegistry registry) => new()
    {
        TypeName = TypeName,
        Primary = BuiltIn.Deployments,
        Props = (key, services) => ReconcilerDefinition.PropsOf<DeploymentActor>(key, services),
        Watches =
        [
            Watch.Own(BuiltIn.Deployments),
            Watch.Controlled(BuiltIn.ReplicaSets, BuiltIn.Deployments),
            new(BuiltIn.ReplicaSets, change => DeploymentsThatSelect(registry, change)),
            new(BuiltIn.Pods, change => DeploymentsThatWaitFor(registry, change)),
        ],
    };

    protected override void OnReplay(object message)
    {
        switch (message)
        {
            case RolloutEvent happened:
                _state = _state.Apply(happened);
                break;
            case SnapshotOffer { Snapshot: RolloutState state }:
                _state = state;
                break;
            case RecoveryCompleted:
                if (_state.Phase == RolloutPhase.Progressing) _log.Info("DeploymentActor {0} continues the rollout of revision {1}", _key, _state.Revision);
                _loop.Start();
                break;
        }
    }

    protected override void OnMessage(object message)
    {
        switch (message)
        {
            case SaveSnapshotSuccess saved:
                DeleteMessages(saved.Metadata.SequenceNr - EventsKept);
                DeleteSnapshots(new(saved.Metadata.SequenceNr - 1));
                break;
            case SaveSnapshotFailure failed:
                _log.Warning(failed.Cause, "DeploymentActor {0} could not save a snapshot; the journal still has everything", _key);
                break;
            case DeleteMessagesSuccess:
                Forgotten();
                break;
            case DeleteMessagesFailure failed:
                _log.Warning(failed.Cause, "DeploymentActor {0} could not shorten its journal", _key);
                Forgotten();
                break;
            case DeleteSnapshotsSuccess:
                break;
            case DeleteSnapshotsFailure failed:
                _log.Warning(failed.Cause, "DeploymentActor {0} could not delete old snapshots", _key);
                break;
            default:
                if (!_loop.Handle(message)) Unhandled(message);
                break;
        }
    }

    // Akka stops a persistent actor whose journal failed; the wake that started it must not be lost with it.
    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        base.OnPersistFailure(cause, @event, sequenceNr);
        WakeLater();
    }

    protected override void AskToComeBack() => WakeLater();

    protected override void PostStop()
    {
        _loop.Dispose();
        base.PostStop();
    }

    private async Task<ReconcileResult> ReconcileAsync(Reconciliation run) =>
        run.Find(BuiltIn.Deployments) is { } deployment
            ? await new DeploymentReconciler(run, _services.Events, deployment).RunAsync()
            : ReconcileResult.Gone;

    private void Ended(ReconcileResult result, Action proceed)
    {
        if (result.IsGone) Forget(proceed);
        else if (result is DeploymentResult { Seen: { } seen } && _state.Next(seen, _services.Time.GetUtcNow()) is { Count: > 0 } events) Remember(events, proceed);
        else proceed();
    }

    private void Remember(IReadOnlyList<RolloutEvent> events, Action proceed)
    {
        var left = events.Count;
        RecordAll(events, happened =>
        {
            _state = _state.Apply(happened);
            _log.Debug("DeploymentActor {0}: {1}", _key, happened);
            if (LastSequenceNr % EventsPerSnapshot == 0) RecordSnapshot(_state);
            if (--left == 0) proceed();
        });
    }

    /// <summary>The Deployment was deleted, and its history with it.</summary>
    private void Forget(Action proceed)
    {
        _state = RolloutState.None;
        if (LastSequenceNr == 0)
        {
            proceed();
            return;
        }
        _forgotten = proceed;
        DeleteSnapshots(SnapshotSelectionCriteria.Latest);
        DeleteMessages(LastSequenceNr);
    }

    private void Forgotten()
    {
        var proceed = _forgotten;
        _forgotten = null;
        proceed?.Invoke();
    }

    private void WakeLater()
    {
        var (wake, key) = (_services.Wake, _key);
        Context.System.Scheduler.Advanced.ScheduleOnce(AfterJournalFailure, () => wake(TypeName, new Wake(key)));
    }

    private static IEnumerable<ObjectKey> DeploymentsThatSelect(IRegistry registry, Change change)
    {
        if (change.Kind == ChangeKind.Deleted || change.Object.Meta.ControllerOwner is not null) yield break;
        foreach (var deployment in registry[BuiltIn.Deployments].Lookup(Indexes.Namespace, change.Key.Namespace))
            if (LabelSelector.From(deployment.As<V1Deployment>().Spec.Selector).Matches(change.Object.Meta.Labels)) yield return deployment.Key;
    }

    /// <summary>Recreate waits for the old pods to be gone, which no ReplicaSet tells: it does not count pods that are terminating.</summary>
    private static IEnumerable<ObjectKey> DeploymentsThatWaitFor(IRegistry registry, Change change)
    {
        foreach (var setKey in Watch.Controllers(change, BuiltIn.ReplicaSets))
        {
            if (registry[BuiltIn.ReplicaSets].Latest.Get(setKey)?.Meta.ControllerOwner is not { Kind: "Deployment" } owner) continue;
            var key = new ObjectKey(setKey.Namespace, owner.Name);
            // Every change of every pod comes by here: most deployments are told apart by their bytes, and the pod is read last.
            if (registry[BuiltIn.Deployments].Latest.Get(key) is not { } deployment || deployment.Json.AsSpan().IndexOf("\"Recreate\""u8) < 0) continue;
            if (deployment.As<V1Deployment>().Spec.Strategy?.Type != "Recreate") continue;
            if (change.Kind == ChangeKind.Deleted || PodFacts.Of(change.Object).Finished) yield return key;
        }
    }
}

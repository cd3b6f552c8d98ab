using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Following;
using ActorOrch.Registry.Persistence.Actors;
using ActorOrch.Registry.Watching;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;
using ActorOrch.Scheduling.Deciding;
using ActorOrch.Scheduling.Modelling;
using ActorOrch.Scheduling.Relations;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;

namespace ActorOrch.Scheduling.Scheduler;

/// <summary>
/// Places pods. It mirrors nodes and pods into a <see cref="ClusterModel"/>, decides for all pods that wait at once, journals the
/// decision, and then binds it in one write; a successor completes what was decided and not bound. One lives in the cluster.
/// </summary>
public sealed class SchedulerActor : RecordedActor, IWithTimers
{
    private readonly IRegistry _registry;
    private readonly ISchedulingEvents _events;
    private readonly SchedulerSettings _settings;
    private readonly TimeProvider _time;
    private readonly PlacementWriter _writer;
    private readonly SchedulerState _state = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Follower> _followers = [];
    private ClusterModel _cluster = new();
    private PendingPodReader _reader;
    private PendingPods _pending = new();
    private Placer _placer = null!;
    private bool _loaded;
    private bool _decideAsked;
    private int _binding;

    public SchedulerActor(IRegistry registry, ISchedulingEvents events, SchedulerSettings settings, TimeProvider time)
    {
        _registry = registry;
        _events = events;
        _settings = settings;
        _time = time;
        _reader = new(_cluster.Context, settings.Name);
        _writer = new(registry[BuiltIn.Pods], time);
        PersistenceId = $"scheduler-{settings.Name}";
    }

    public static Props Props(IRegistry registry, ISchedulingEvents events, SchedulerSettings settings, TimeProvider time) =>
        Akka.Actor.Props.Create(() => new SchedulerActor(registry, events, settings, time));

    public override string PersistenceId { get; }

    public ITimerScheduler Timers { get; set; } = null!;

    private ICollection Pods => _registry[BuiltIn.Pods];
    private ICollection Nodes => _registry[BuiltIn.Nodes];
    private ICollection Namespaces => _registry[BuiltIn.Namespaces];

    protected override void OnReplay(object message)
    {
        switch (message)
        {
            case PlacementsDecided decided:
                _state.Apply(decided);
                break;
            case SnapshotOffer { Snapshot: SchedulerMemory memory }:
                _state.Restore(memory);
                break;
            case RecoveryCompleted:
                _log.Info("SchedulerActor {0} recovered {1} decisions, {2} placements to be checked", _settings.Name, _state.Number, _state.Open.Count);
                Load();
                break;
        }
    }

    protected override void OnMessage(object message)
    {
        switch (message)
        {
            case FollowerNews news:
                news.Take();
                break;
            case DecideNow:
                _decideAsked = false;
                Decide();
                break;
            case BindingEnded ended:
                OnBound(ended.Written);
                break;
            case RetryBinding retry:
                Bind(retry.Bindings);
                break;
            case CaughtUp:
                FollowAll();
                break;
            case LoadFailed failed:
                _log.Warning(failed.Cause, "Pods and nodes cannot be read yet; trying again in {0}", _settings.RetryAfter);
                Timers.StartSingleTimer("load", LoadNow.Instance, _settings.RetryAfter);
                break;
            case LoadNow:
                Load();
                break;
            case RefusalsEnded { Cause: { } cause }:
                _log.Warning(cause, "Conditions of unschedulable pods could not be written");
                break;
            case WhyPending why:
                Sender.Tell(_state.Answer(why.Pod));
                break;
            case SaveSnapshotSuccess saved:
                if (saved.Metadata.SequenceNr > _settings.KeepDecisions) DeleteMessages(saved.Metadata.SequenceNr - _settings.KeepDecisions);
                DeleteSnapshots(new SnapshotSelectionCriteria(saved.Metadata.SequenceNr - 1));
                break;
            case SaveSnapshotFailure failure:
                _log.Warning(failure.Cause, "The scheduler's snapshot could not be saved");
                break;
            case DeleteMessagesFailure failure:
                _log.Warning(failure.Cause, "Old decisions could not be deleted");
                break;
            case RefusalsEnded or DeleteMessagesSuccess or DeleteSnapshotsSuccess or DeleteSnapshotsFailure:
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    protected override void PostStop()
    {
        EndFollowing();
        _stopping.Cancel();
        _stopping.Dispose();
        base.PostStop();
    }

    private void Load()
    {
        _loaded = false;
        EndFollowing();
        CatchUpAsync(_stopping.Token).PipeTo(Self, success: () => CaughtUp.Instance, failure: cause => new LoadFailed(cause));
    }

    // Consistent reads: what a predecessor bound must be seen, or it would be bound again.
    private async Task CatchUpAsync(CancellationToken cancel)
    {
        await Namespaces.ReadConsistentAsync(cancel);
        await Nodes.ReadConsistentAsync(cancel);
        await Pods.ReadConsistentAsync(cancel);
    }

    // Pods come last: what they need is there by then.
    private void FollowAll()
    {
        _loaded = false;
        EndFollowing();
        _cluster = new();
        _reader = new(_cluster.Context, _settings.Name);
        _pending = new();
        _placer = new(_cluster, SchedulingProfile.Named(_settings.ScoringStrategy, _settings.Seed));
        Follow(Namespaces, all =>
        {
            foreach (var name in all.Objects.Values) _cluster.PutNamespace(name.Key.Name, name.Meta.Labels);
        }, change => _cluster.PutNamespace(change.Key.Name, change.Kind == ChangeKind.Deleted ? null : change.Object.Meta.Labels));
        Follow(Nodes, all =>
        {
            foreach (var node in all.Objects.Values) Follow(node, node.Key.Name);
        }, change => Follow(change.Kind == ChangeKind.Deleted ? null : change.Object, change.Key.Name));
        Follow(Pods, OnLoaded, Follow);
    }

    private void EndFollowing()
    {
        foreach (var follower in _followers) follower.Dispose();
        _followers.Clear();
    }

    private void Follow(ICollection collection, Action<Snapshot> first, Action<Change> changed)
    {
        var begun = false;
        _followers.Add(Follower.Start(collection, Self, new(all =>
        {
            // The thread of changes was lost: the whole picture is made anew, so that what is no longer there leaves nothing behind.
            if (begun)
            {
                Load();
                return;
            }
            begun = true;
            first(all);
        }, changes =>
        {
            foreach (var change in changes) changed(change);
            AskToDecide();
        })));
    }

    private void OnLoaded(Snapshot pods)
    {
        _loaded = true;
        foreach (var pod in pods.Objects.Values) Follow(pod);
        Complete(pods);
        _state.KeepOnly((key, uid) => _pending.Find(key)?.Uid == uid);
        AskToDecide();
    }

    /// <summary>Decided before, perhaps by a predecessor, and not bound: bound now where the pod is still pending and still fits the node.</summary>
    private void Complete(Snapshot pods)
    {
        var bindings = new List<Binding>();
        _pending.Settle(_cluster, _placer);
        foreach (var placement in _state.Open.ToArray())
        {
            var pod = _pending.Find(placement.Pod);
            if (pod?.Uid != placement.Uid || _cluster.Find(placement.Node) is not { } node || !_placer.Fits(pod.Shape, node))
            {
                _state.Close(placement.Uid);
                continue;
            }
            _pending.Remove(pod.Key);
            _cluster.PutPod(pod.Uid, pod.Shape, node.Name, pod.Identity);
            bindings.Add(new(pod.Object, node.Name));
        }
        if (bindings.Count == 0) return;
        _log.Info("Completing {0} placements decided before revision {1}", bindings.Count, pods.Revision);
        Bind(bindings);
    }

    private void Follow(StoredObject? node, string name)
    {
        if (node is null) _cluster.RemoveNode(name);
        else _cluster.PutNode(NodeDescription.Read(node));
    }

    private void Follow(Change change)
    {
        if (change.Kind == ChangeKind.Deleted) Leave(change.Object);
        else Follow(change.Object);
    }

    private void Follow(StoredObject pod)
    {
        var reading = _reader.Read(pod);
        if (reading.NodeName is { } node)
        {
            _pending.Remove(pod.Key);
            _state.Close(pod.Uid);
            _state.Forget(pod.Key);
            _cluster.PutPod(pod.Uid, reading.Shape!, node, PodIdentity.Of(pod));
        }
        else if (reading.Pending is { } pending)
        {
            // A placement is on its way: it copes with the newer version by itself.
            if (_loaded && _cluster.NodeOf(pod.Uid) is not null) return;
            _pending.Put(pending);
        }
        else
        {
            Leave(pod);
        }
    }

    private void Leave(StoredObject pod)
    {
        _pending.Remove(pod.Key);
        _cluster.RemovePod(pod.Uid);
        _state.Close(pod.Uid);
        _state.Forget(pod.Key);
    }

    // Behind what is in the mailbox already, so that one decision takes it all.
    private void AskToDecide()
    {
        if (_decideAsked) return;
        _decideAsked = true;
        Self.Tell(DecideNow.Instance);
    }

    private void Decide()
    {
        if (!_loaded || _pending.Count == 0 || _binding >= _settings.BindsInFlight) return;
        var now = _time.GetUtcNow();
        var decision = _pending.Decide(_cluster, _placer, _settings.BatchSize, now, _settings.RetellAfter);
        var refusals = decision.Refusals.Where(r => !_state.Knows(r.Pod, r.Verdict)).ToArray();
        if (decision.Outdated) Timers.StartSingleTimer("retell", DecideNow.Instance, _settings.RetellAfter);
        if (decision.Placements.Count == 0 && refusals.Length == 0) return;
        var decided = new PlacementsDecided(
            _state.Number + 1, now,
            [.. decision.Placements.Select(p => new Placement(p.Pod.Key, p.Pod.Uid, p.Node))],
            [.. refusals.GroupBy(r => r.Verdict).Select(g => new Refusal(
                g.Key.Nodes, g.Key.Reasons, g.Key.Message, [.. g.Select(r => (r.Pod.Key, r.Pod.Uid))]))]);
        Record(decided, durable =>
        {
            _state.Apply(durable);
            _log.Debug("SchedulerActor: decision {0}, {1} pods placed, {2} refused", durable.Number, decision.Placements.Count, refusals.Length);
            Bind([.. decision.Placements.Select(p => new Binding(p.Pod.Object, p.Node))]);
            Refuse(refusals);
            if (LastSequenceNr % _settings.SnapshotEvery == 0) RecordSnapshot(_state.Remember());
            if (decision.More) AskToDecide();
        });
    }

    private void Bind(IReadOnlyList<Binding> bindings)
    {
        if (bindings.Count == 0) return;
        _binding++;
        var cancel = _stopping.Token;
        Task.Run(() => _writer.BindAsync(bindings, cancel), cancel).PipeTo(
            Self,
            success: written => new BindingEnded(written),
            failure: cause =>
            {
                _log.Warning(cause, "{0} placements could not be written", bindings.Count);
                return new BindingEnded(new([], [], bindings));
            });
    }

    private void OnBound(BindingsWritten written)
    {
        _binding--;
        foreach (var (pod, node) in written.Bound) _events.Scheduled(pod, node);
        foreach (var pod in written.Lost)
        {
            _cluster.RemovePod(pod.Uid);
            _state.Close(pod.Uid);
            // The mirror may have moved on already; if the pod waits again, it is decided anew.
            if (Pods.Latest.Get(pod.Key) is { } current) Follow(current);
        }
        if (written.Open.Count > 0) Timers.StartSingleTimer(new object(), new RetryBinding(written.Open), _settings.RetryAfter);
        AskToDecide();
    }

    private void Refuse(IReadOnlyList<(PendingPod Pod, Verdict Verdict)> refusals)
    {
        if (refusals.Count == 0) return;
        foreach (var (pod, verdict) in refusals) _events.FailedScheduling(pod.Object, verdict.Message);
        var cancel = _stopping.Token;
        Task.Run(() => _writer.RefuseAsync([.. refusals.Select(r => (r.Pod.Object, r.Verdict.Message))], cancel), cancel).PipeTo(
            Self, success: () => new RefusalsEnded(null), failure: cause => new RefusalsEnded(cause));
    }

    private sealed class CaughtUp : INoSerializationVerificationNeeded
    {
        internal static readonly CaughtUp Instance = new();
    }

    private sealed record LoadFailed(Exception Cause) : INoSerializationVerificationNeeded;

    private sealed record BindingEnded(BindingsWritten Written) : INoSerializationVerificationNeeded;

    private sealed record RetryBinding(IReadOnlyList<Binding> Bindings) : INoSerializationVerificationNeeded;

    private sealed record RefusalsEnded(Exception? Cause) : INoSerializationVerificationNeeded;

    private sealed class DecideNow : INoSerializationVerificationNeeded
    {
        internal static readonly DecideNow Instance = new();
    }

    private sealed class LoadNow : INoSerializationVerificationNeeded
    {
        internal static readonly LoadNow Instance = new();
    }
}

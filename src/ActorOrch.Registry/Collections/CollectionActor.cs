using ActorOrch.Registry.Checkpoints;
using ActorOrch.Registry.Following.Selected;
using ActorOrch.Registry.Persistence;
using ActorOrch.Registry.Watching;
using ActorOrch.Registry.Writes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Timing;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;

namespace ActorOrch.Registry.Collections;

/// <summary>
/// Owns one resource's objects: takes writes, commits them in groups, answers once they are durable, and publishes them. Sharded; its
/// entity id is <see cref="ResourceId.Collection"/>. A write that arrives while a commit is on its way waits for the next one. A commit
/// is never sent before the one before it has succeeded: otherwise the later could become durable without the earlier.
/// </summary>
internal sealed class CollectionActor : UntypedPersistentActor, IWithTimers
{
    private const int RecoveryBatch = 512;

    private const int SweptAtOnce = 512;

    private const string KindIsGone = "its kind is gone";

    private readonly Mirror _mirror;
    private readonly RegistrySettings _settings;
    private readonly WriteInbox _inbox;
    private readonly Followers _followers;
    private readonly NodeReferences? _references;
    private readonly JournalWindow _journal;
    private readonly Queue<PendingWrites> _pending = new();
    private readonly List<(CommitRecord Record, long SequenceNumber)> _recovered = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private CollectionState _state;
    private CollectionView _view = CollectionView.Empty;
    private InFlight? _inFlight;
    private readonly CheckpointStore _store;
    private readonly CancellationTokenSource _stopping = new();
    private IReadOnlyList<Checkpoint> _checkpoints = [Checkpoint.Beginning];
    private Task<CollectionState>? _loading;
    private bool _checkpointInProgress;
    private bool _handingOff;
    private readonly Action _retired;

    private sealed record InFlight(Commit Commit, IReadOnlyList<PendingWrites> Writers);

    /// <summary>The checkpoint that the journal goes on from has come in whole.</summary>
    private sealed record Loaded(CollectionState State) : INoSerializationVerificationNeeded;

    private sealed record LoadFailed(Exception Cause) : INoSerializationVerificationNeeded;

    private sealed record CheckpointStored(CollectionRecord Record) : INoSerializationVerificationNeeded;

    private sealed record CheckpointFailed(Exception Cause) : INoSerializationVerificationNeeded;

    private sealed record PodsUnknown(Exception Cause) : INoSerializationVerificationNeeded;

    private sealed record RemovalFailed(Exception Cause) : INoSerializationVerificationNeeded;

    /// <summary>The kind is gone.</summary>
    private sealed record KindGone : INoSerializationVerificationNeeded
    {
        public static readonly KindGone Instance = new();
    }

    /// <summary>Time to look whether commits have come of age: see <see cref="Retention"/>.</summary>
    internal sealed record AgeTick : INoSerializationVerificationNeeded
    {
        public static readonly AgeTick Instance = new();
    }

    /// <param name="references">What pods refer to, for mirrors that hold that and no more; null where this process does not mirror pods.</param>
    public CollectionActor(Mirror mirror, RegistrySettings settings, NodeReferences? references = null)
    {
        _mirror = mirror;
        _settings = settings;
        _state = CollectionState.Empty(mirror.Resource, mirror.Claiming);
        _inbox = new(Self);
        _references = references;
        _followers = new(Self, mirror.Resource.Collection, references);
        _journal = new(settings.Compaction);
        _store = new(SnapshotStore, mirror.Resource, settings.Time);
        var self = Self;
        _retired = () => self.Tell(KindGone.Instance);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The journal's key. Never changes: the data is found by it.</summary>
    public override string PersistenceId => PersistenceIdOf(_mirror.Resource);

    internal static string PersistenceIdOf(ResourceId resource) => $"collection/{resource.Collection}";

    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case SnapshotOffer { Snapshot: CollectionRecord record } offer:
                record.Place.Require(PersistenceId, offer.Metadata.SequenceNr);
                record = record.StoredAs(offer.Metadata);
                _checkpoints = record.All;
                if (record.Checkpoint.Parts == 0) Restore(StateOf(record.Checkpoint, record.Objects));
                else _loading = Task.Run(() => LoadAsync(record, _stopping.Token));
                break;
            case CommitRecord record:
                record.Place.Require(PersistenceId, LastSequenceNr);
                _recovered.Add((record, LastSequenceNr));
                if (_recovered.Count >= RecoveryBatch && IsLoaded()) ReplayRecovered();
                break;
            case RecoveryCompleted when IsLoaded():
                Begin();
                break;
            case RecoveryCompleted:
                _loading!.PipeTo(Self, success: state => new Loaded(state), failure: cause => new LoadFailed(cause));
                break;
            default:
                throw new InvalidOperationException($"{PersistenceId}: the journal holds a {message.GetType()}");
        }
    }

    protected override void OnCommand(object message)
    {
        if (_loading is null) OnOwned(message);
        else OnLoading(message);
    }

    /// <summary>What comes before the collection is there has to wait.</summary>
    private void OnLoading(object message)
    {
        switch (message)
        {
            case Loaded loaded:
                Restore(loaded.State);
                Begin();
                Stash.UnstashAll();
                break;
            case LoadFailed failed:
                OnRecoveryFailure(failed.Cause);
                Context.Stop(Self);
                break;
            default:
                Stash.Stash();
                break;
        }
    }

    private void OnOwned(object message)
    {
        switch (message)
        {
            case WriteInbox.WritesWaiting when _mirror.IsRetired:
                Sweep();
                break;
            case WriteRequest late when _mirror.IsRetired:
                var refused = RecordedResult.Of(new(WriteOutcome.Unavailable, null, KindIsGone));
                Sender.Tell(new WriteReply([.. late.Writes.Select(_ => refused)]));
                break;
            case WriteInbox.WritesWaiting:
                _inbox.Take(_pending);
                CommitPending();
                break;
            case WriteRequest request:
                var writer = Sender;
                _pending.Enqueue(new(request.Writes, results => writer.Tell(new WriteReply([.. results.Select(RecordedResult.Of)]))));
                CommitPending();
                break;
            case RevisionRequest:
                Sender.Tell(new RevisionReply(_view.Revision));
                break;
            case FollowRequest when Sender.Path.Address.HasLocalScope:
                Sender.Tell(new OwnedHere(Self));
                break;
            case FollowSelectedRequest { Filter.By: FollowBy.PodsOfNodes } early when _references is { Ready.IsCompletedSuccessfully: false }:
                // By pods that are not known yet it would be told to let everything go.
                _references.Ready.PipeTo(Self, Sender, () => early, cause => new PodsUnknown(cause));
                break;
            case PodsUnknown unknown:
                _log.Warning(unknown.Cause, "{0}: what pods refer to is not known, and no worker is told of it", PersistenceId);
                break;
            case FollowRequest request:
                Context.Watch(Sender);
                _followers.Begin(Sender, request, _view);
                break;
            case FollowSelectedRequest request:
                Context.Watch(Sender);
                _followers.Begin(Sender, request, _view);
                break;
            case PodsOfNodesChanged changed:
                _followers.Refer(changed, _view);
                break;
            case Terminated terminated:
                _followers.Remove(terminated.ActorRef);
                if (_mirror.IsRetired) Rest();
                break;
            case KindGone when _mirror.IsRetired:
                Sweep();
                Rest();
                break;
            case KindGone:
                break;
            case HandOff:
                _handingOff = true;
                _mirror.EndOwnership(_inbox);
                _inbox.Take(_pending);
                CommitPending();
                break;
            case AgeTick:
                if (!_checkpointInProgress && _journal.DueByAge(_view.History, _settings.Retention.Expired(_settings.Time.GetUtcNow())) is { } aged)
                    TakeCheckpoint(aged);
                break;
            case CheckpointStored stored:
                _checkpointInProgress = false;
                _checkpoints = stored.Record.All;
                RemoveWhatIsNotKept(_checkpoints[0]);
                break;
            case CheckpointFailed failed:
                _checkpointInProgress = false;
                _log.Warning(failed.Cause, "{0}: no checkpoint was stored, the journal stays as it is", PersistenceId);
                break;
            case DeleteMessagesFailure failed:
                _log.Warning(failed.Cause, "{0}: the journal was not cut; the next checkpoint tries again", PersistenceId);
                break;
            case RemovalFailed failed:
                _log.Warning(failed.Cause, "{0}: older checkpoints were not removed; the next one tries again", PersistenceId);
                break;
            case DeleteMessagesSuccess:
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>
    /// The store did not confirm a commit: it failed, it hung, or another process owns the collection and has used the sequence number.
    /// Whether the commit is durable only a recovery can tell, so the actor stops, and sharding starts it anew where it belongs.
    /// </summary>
    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        var failure = StoreFailure.Of(cause);
        _log.Error(cause, "{0}: commit {1} was not confirmed: {2}; recovering", PersistenceId, sequenceNr, failure.Detail);
        FailAll($"the write was not confirmed: {failure.Detail}", failure);
    }

    /// <summary>The actor stops; the mirrors ask for it again after a while.</summary>
    protected override void OnRecoveryFailure(Exception reason, object? message = null)
    {
        var failure = StoreFailure.Of(reason);
        // A database that does not name the row itself.
        if (failure.Damaged && !failure.Detail.Contains(PersistenceId, StringComparison.Ordinal))
            failure = failure with { Detail = $"{PersistenceId}, after row {LastSequenceNr}: {failure.Detail}" };
        if (failure.Damaged) _log.Error("{0} cannot be recovered: {1}", PersistenceId, failure.Detail);
        if (_mirror.RecoveryFailed(failure) && !failure.Damaged) _log.Error(reason, "{0} cannot be recovered: {1}; trying again", PersistenceId, failure.Detail);
        else _log.Debug("{0} still cannot be recovered: {1}", PersistenceId, failure.Detail);
    }

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        OnPersistFailure(cause, @event, sequenceNr);
        Context.Stop(Self);
    }

    protected override void PostStop()
    {
        _stopping.Cancel();
        _mirror.Retired -= _retired;
        _followers.Dispose();
        FailAll("the collection is being recovered or moved");
        base.PostStop();
    }

    private async Task<CollectionState> LoadAsync(CollectionRecord record, CancellationToken cancel)
    {
        var objects = new List<RecordedObject>();
        await foreach (var part in _store.ObjectsAsync(record, cancel).ConfigureAwait(false)) objects.AddRange(part);
        return StateOf(record.Checkpoint, objects);
    }

    private CollectionState StateOf(Checkpoint checkpoint, IEnumerable<RecordedObject> objects) =>
        CollectionState.Restore(_mirror.Resource, _mirror.Claiming, checkpoint.Revision, objects.Select(o => o.ToObject(_mirror.Resource)));

    private bool IsLoaded()
    {
        if (_loading is { IsCompletedSuccessfully: true } loaded) Restore(loaded.Result);
        return _loading is null;
    }

    private void Restore(CollectionState state)
    {
        _loading = null;
        _state = state;
        _view = CollectionView.Of(state.Snapshot);
        _journal.Restore(state.Snapshot, _checkpoints[^1]);
    }

    private void Begin()
    {
        ReplayRecovered();
        _log.Debug("{0} recovered at revision {1}: {2} objects", PersistenceId, _state.Revision, _state.Snapshot.Count);
        _mirror.Retired += _retired;
        _mirror.BeginOwnership(_inbox, _view);
        var every = Durations.Shorter(_settings.Retention.Age / 8, TimeSpan.FromDays(1));
        Timers.StartPeriodicTimer(AgeTick.Instance, AgeTick.Instance, TimeSpan.FromMinutes(1), every);
    }

    private void ReplayRecovered()
    {
        if (_recovered.Count == 0) return;
        var (after, changes) = _state.Replay([.. _recovered.Select(r => r.Record)]);
        var done = 0;
        foreach (var (record, sequenceNumber) in _recovered)
        {
            _journal.Add([.. changes.Skip(done).Take(record.Changes.Count)], sequenceNumber, record.CommittedAtMilliseconds);
            done += record.Changes.Count;
        }
        _recovered.Clear();
        _state = after;
        _view = _view.Next(after.Snapshot, changes, _settings.History);
    }

    /// <summary>Refuses what waits, and removes the objects that were made while their kind went.</summary>
    private void Sweep()
    {
        _inbox.Take(_pending);
        while (_pending.TryDequeue(out var late)) late.Fail(KindIsGone);
        foreach (var some in _view.Snapshot.Objects.Values.Chunk(SweptAtOnce))
            _pending.Enqueue(new([.. some.Select(obj => new Write.Remove(obj.Key, obj.Revision))], static _ => { }));
        CommitPending();
    }

    /// <summary>Nobody needs the collection: it ends, until somebody does.</summary>
    private void Rest()
    {
        if (_followers.Any) return;
        Context.Parent.Tell(new Akka.Cluster.Sharding.Passivate(HandOff.Instance));
    }

    private void CommitPending()
    {
        if (_inFlight is null && NextCommit() is { } next)
        {
            _inFlight = next;
            // One at a time is on its way, and takes the next number.
            PersistAsync(CommitRecord.Of(next.Commit.Changes, _settings.Time.GetUtcNow()) with { Place = new(PersistenceId, LastSequenceNr + 1) }, OnDurable);
        }
        if (_handingOff && _inFlight is null) Context.Stop(Self);
    }

    /// <summary>Makes one commit of what waits. Writes that change nothing are answered at once: all they were checked against is durable.</summary>
    private InFlight? NextCommit()
    {
        while (_pending.Count > 0)
        {
            var writers = new List<PendingWrites>();
            var writes = new List<Write>();
            var bytes = 0L;
            while (_pending.TryPeek(out var next) && (writes.Count == 0 || _settings.Commit.Allows(writes.Count + next.Writes.Count, bytes + next.Bytes)))
            {
                writers.Add(_pending.Dequeue());
                writes.AddRange(next.Writes);
                bytes += next.Bytes;
            }
            var commit = _state.Apply(writes);
            if (commit.Changes.Count > 0) return new(commit, writers);
            Answer(commit, writers);
        }
        return null;
    }

    private void OnDurable(CommitRecord record)
    {
        var (commit, writers) = _inFlight!;
        _inFlight = null;
        _state = commit.After;
        _view = _view.Next(commit.After.Snapshot, commit.Changes, _settings.History);
        _journal.Add(commit.Changes, LastSequenceNr, record.CommittedAtMilliseconds);
        _mirror.PublishFromOwner(_inbox, _view);
        Answer(commit, writers);
        _followers.Publish(commit.Changes);
        _inbox.Take(_pending);
        CommitPending();
        if (!_checkpointInProgress && _journal.Due(_view.History, _view.Snapshot.Count) is { } due) TakeCheckpoint(due);
    }

    private static void Answer(Commit commit, IReadOnlyList<PendingWrites> writers)
    {
        var done = 0;
        foreach (var writer in writers)
        {
            var results = new WriteResult[writer.Writes.Count];
            for (var i = 0; i < results.Length; i++) results[i] = commit.Results[done++];
            writer.Answer(results);
        }
    }

    /// <summary>Ends ownership first, so that no write of this process comes in behind the last answer.</summary>
    private void FailAll(string detail, StoreFailure? failure = null)
    {
        _mirror.EndOwnership(_inbox, failure);
        _inbox.Close(detail);
        foreach (var writer in _inFlight?.Writers ?? []) writer.Fail(detail);
        _inFlight = null;
        while (_pending.TryDequeue(out var waiting)) waiting.Fail(detail);
    }

    /// <summary>The actor only says where: the past is computed, encoded and stored beside it, part after part.</summary>
    private void TakeCheckpoint(JournalPosition position)
    {
        _checkpointInProgress = true;
        var checkpoint = new Checkpoint(position.Revision, position.SequenceNumber, position.CommittedAtMilliseconds, Parts: 0);
        var kept = _settings.Retention.Keep([.. _checkpoints, checkpoint], _view.Revision, _settings.Time.GetUtcNow());
        var view = _view;
        Task.Run(() => _store.SaveAsync(
                checkpoint, [.. kept.SkipLast(1)], view.History.Undo(view.Snapshot, checkpoint.Revision)!.Objects.Values, _stopping.Token))
            .PipeTo(Self, success: record => new CheckpointStored(record), failure: cause => new CheckpointFailed(cause));
    }

    private void RemoveWhatIsNotKept(Checkpoint oldest)
    {
        if (oldest.SequenceNumber == 0) return;
        DeleteMessages(oldest.SequenceNumber);
        _store.RemoveBeforeAsync(oldest, _stopping.Token).PipeTo(Self, failure: cause => new RemovalFailed(cause));
    }
}

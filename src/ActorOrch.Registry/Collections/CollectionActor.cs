using ActorOrch.Resources;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;

namespace ActorOrch.Registry;

/// <summary>
/// Owns one resource's objects: takes writes, commits them in groups, answers once they are durable, and publishes them. Sharded; its
/// entity id is <see cref="ResourceType.Collection"/>. A write that arrives while a commit is on its way waits for the next one. A commit
/// is never sent before the one before it has succeeded: otherwise the later could become durable without the earlier.
/// </summary>
internal sealed class CollectionActor : UntypedPersistentActor
{
    private const int RecoveryBatch = 512;

    private readonly Mirror _mirror;
    private readonly RegistrySettings _settings;
    private readonly WriteInbox _inbox;
    private readonly Followers _followers;
    private readonly JournalWindow _journal;
    private readonly Queue<PendingWrites> _pending = new();
    private readonly List<(CommitRecord Record, long SequenceNumber)> _recovered = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private CollectionState _state;
    private CollectionView _view = CollectionView.Empty;
    private InFlight? _inFlight;
    private bool _snapshotInProgress;
    private bool _handingOff;

    private sealed record InFlight(Commit Commit, IReadOnlyList<PendingWrites> Writers);

    /// <summary>The collection as it was at the start of the history's window, computed outside the actor.</summary>
    private sealed record SnapshotBuilt(CollectionRecord Record, long SequenceNumber) : INoSerializationVerificationNeeded;

    public CollectionActor(Mirror mirror, RegistrySettings settings)
    {
        _mirror = mirror;
        _settings = settings;
        _state = CollectionState.Empty(mirror.Type);
        _inbox = new(Self);
        _followers = new(Self);
        _journal = new(settings.Compaction);
    }

    /// <summary>The journal's key. Never changes: the data is found by it.</summary>
    public override string PersistenceId => PersistenceIdOf(_mirror.Type);

    internal static string PersistenceIdOf(ResourceType type) => $"collection/{type.Collection}";

    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case SnapshotOffer { Snapshot: CollectionRecord record }:
                _state = CollectionState.Restore(_mirror.Type, record.Revision, record.Objects.Select(o => o.ToObject(_mirror.Type)));
                _view = CollectionView.Of(_state.Snapshot);
                _journal.Restore(_state.Snapshot);
                break;
            case CommitRecord record:
                _recovered.Add((record, LastSequenceNr));
                if (_recovered.Count >= RecoveryBatch) ReplayRecovered();
                break;
            case RecoveryCompleted:
                ReplayRecovered();
                _log.Debug("{0} recovered at revision {1}: {2} objects", PersistenceId, _state.Revision, _state.Snapshot.Count);
                _mirror.BeginOwnership(_inbox, _view);
                break;
            default:
                throw new InvalidOperationException($"{PersistenceId}: the journal holds a {message.GetType()}");
        }
    }

    protected override void OnCommand(object message)
    {
        switch (message)
        {
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
            case FollowRequest request:
                Context.Watch(Sender);
                _followers.Begin(Sender, request, _view);
                break;
            case Terminated terminated:
                _followers.Remove(terminated.ActorRef);
                break;
            case HandOff:
                _handingOff = true;
                _mirror.EndOwnership(_inbox);
                _inbox.Take(_pending);
                CommitPending();
                break;
            case SnapshotBuilt built:
                SnapshotStore.Tell(new SaveSnapshot(new(PersistenceId, built.SequenceNumber, _settings.Time.GetUtcNow().UtcDateTime), built.Record));
                break;
            case SaveSnapshotSuccess saved:
                _snapshotInProgress = false;
                DeleteMessages(saved.Metadata.SequenceNr);
                DeleteSnapshots(new(saved.Metadata.SequenceNr - 1));
                break;
            case SaveSnapshotFailure failed:
                _snapshotInProgress = false;
                _log.Warning(failed.Cause, "{0}: no snapshot was stored, the journal stays as it is", PersistenceId);
                break;
            case Status.Failure failed:
                _snapshotInProgress = false;
                _log.Error(failed.Cause, "{0}: no snapshot could be built", PersistenceId);
                break;
            case DeleteMessagesFailure failed:
                _log.Warning(failed.Cause, "{0}: the journal was not cut; the next snapshot tries again", PersistenceId);
                break;
            case DeleteSnapshotsFailure failed:
                _log.Warning(failed.Cause, "{0}: older snapshots were not removed; the next snapshot tries again", PersistenceId);
                break;
            case DeleteMessagesSuccess or DeleteSnapshotsSuccess:
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
        _log.Error(cause, "{0}: commit {1} was not confirmed by the store; recovering", PersistenceId, sequenceNr);
        FailAll($"the store did not confirm the write: {cause.Message}");
    }

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        OnPersistFailure(cause, @event, sequenceNr);
        Context.Stop(Self);
    }

    protected override void PostStop()
    {
        FailAll("the collection is being recovered or moved");
        base.PostStop();
    }

    private void ReplayRecovered()
    {
        if (_recovered.Count == 0) return;
        var (after, changes) = _state.Replay([.. _recovered.Select(r => r.Record)]);
        var done = 0;
        foreach (var (record, sequenceNumber) in _recovered)
        {
            _journal.Add([.. changes.Skip(done).Take(record.Changes.Count)], sequenceNumber);
            done += record.Changes.Count;
        }
        _recovered.Clear();
        _state = after;
        _view = _view.Next(after.Snapshot, changes, _settings.History);
    }

    private void CommitPending()
    {
        if (_inFlight is null && NextCommit() is { } next)
        {
            _inFlight = next;
            PersistAsync(CommitRecord.Of(next.Commit.Changes, _settings.Time.GetUtcNow()), OnDurable);
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
            while (_pending.TryPeek(out var next) && (writes.Count == 0 || writes.Count + next.Writes.Count <= _settings.CommitWrites))
            {
                writers.Add(_pending.Dequeue());
                writes.AddRange(next.Writes);
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
        _journal.Add(commit.Changes, LastSequenceNr);
        _mirror.PublishFromOwner(_inbox, _view);
        Answer(commit, writers);
        _followers.Publish(commit.Changes);
        _inbox.Take(_pending);
        CommitPending();
        if (!_snapshotInProgress) BuildSnapshotIfDue();
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
    private void FailAll(string detail)
    {
        _mirror.EndOwnership(_inbox);
        _inbox.Close(detail);
        foreach (var writer in _inFlight?.Writers ?? []) writer.Fail(detail);
        _inFlight = null;
        while (_pending.TryDequeue(out var waiting)) waiting.Fail(detail);
    }

    private void BuildSnapshotIfDue()
    {
        if (_journal.Due(_view.History, _view.Snapshot.Count) is not { } due) return;
        _snapshotInProgress = true;
        var view = _view;
        Task.Run(() => new SnapshotBuilt(
            new(due.Revision, [.. view.History.Undo(view.Snapshot, due.Revision)!.Objects.Values.Select(RecordedObject.Of)]), due.SequenceNumber))
            .PipeTo(Self);
    }
}

using System.Collections.Immutable;
using ActorOrch.Registry;
using ActorOrch.Resources;

namespace ActorOrch.Testing;

/// <summary>An <see cref="ICollection"/> without a journal: the same answers, committed as soon as asked for, for tests of what stands on it.</summary>
public sealed class InMemoryCollection(ResourceType type) : ICollection
{
    private readonly Lock _gate = new();
    private readonly List<(Change Change, Snapshot After)> _history = [];
    private readonly List<IChangeObserver> _observers = [];
    private TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Snapshot _latest = Snapshot.Empty;

    public ResourceType Type { get; } = type;

    public Snapshot Latest => _latest;

    public bool IsOwner => true;

    public event Action<bool>? OwnershipChanged;

    /// <summary>Answers every write with this instead, while set.</summary>
    public Func<Write, WriteResult?>? Fault { get; set; }

    /// <summary>Announces ownership as a recovery would.</summary>
    public void AnnounceOwnership(bool owner) => OwnershipChanged?.Invoke(owner);

    public ValueTask<Snapshot> ReadConsistentAsync(CancellationToken cancel = default) => new(_latest);

    public async ValueTask<Snapshot> ReadAtLeastAsync(long revision, CancellationToken cancel = default)
    {
        while (true)
        {
            Task moved;
            lock (_gate)
            {
                if (_latest.Revision >= revision) return _latest;
                moved = _moved.Task;
            }
            await moved.WaitAsync(cancel).ConfigureAwait(false);
        }
    }

    public Snapshot? At(long revision)
    {
        lock (_gate)
        {
            if (revision == _latest.Revision) return _latest;
            return _history.LastOrDefault(h => h.Change.Revision <= revision).After;
        }
    }

    public Task<WriteResult> WriteAsync(Write write, CancellationToken cancel = default)
    {
        lock (_gate) return Task.FromResult(Commit(write));
    }

    public Task<IReadOnlyList<WriteResult>> WriteAsync(IReadOnlyList<Write> writes, CancellationToken cancel = default)
    {
        lock (_gate) return Task.FromResult<IReadOnlyList<WriteResult>>([.. writes.Select(Commit)]);
    }

    public IDisposable Subscribe(long afterRevision, IChangeObserver observer)
    {
        lock (_gate)
        {
            foreach (var (change, after) in _history)
                if (change.Revision > afterRevision) observer.OnChanges([change], after);
            _observers.Add(observer);
        }
        return new Subscription(() =>
        {
            lock (_gate) _observers.Remove(observer);
        });
    }

    public IReadOnlyList<StoredObject> Lookup(string index, string value) => [.. _latest.Objects.Values.Where(o => index switch
    {
        Indexes.OwnerUid => o.Meta.OwnerReferences.Any(r => r.Uid == value),
        Indexes.Namespace => o.Key.Namespace == value,
        Indexes.NodeName => Field.Root(o.ToJson())["spec"]["nodeName"].Text == value,
        Indexes.InvolvedObject => Field.Root(o.ToJson())["involvedObject"]["uid"].Text == value,
        _ => throw new ArgumentOutOfRangeException(nameof(index), index, "no such index"),
    })];

    private WriteResult Commit(Write write)
    {
        if (Fault?.Invoke(write) is { } fault) return fault;
        var current = _latest.Get(write.Key);
        var revision = _latest.Revision + 1;
        switch (write)
        {
            case Write.Create create:
                if (current is not null) return new(WriteOutcome.AlreadyExists, current);
                return Publish(ChangeKind.Added, create.Draft, revision, null);
            case Write.Replace replace:
                if (current is null) return new(WriteOutcome.NotFound);
                if (current.Revision != replace.ExpectedRevision) return new(WriteOutcome.Conflict, current);
                return Publish(ChangeKind.Modified, replace.Draft, revision, current);
            case Write.Remove remove:
                if (current is null) return new(WriteOutcome.NotFound);
                if (current.Revision != remove.ExpectedRevision) return new(WriteOutcome.Conflict, current);
                return Publish(ChangeKind.Deleted, remove.Final ?? ObjectDraft.Encode(current.ToJson()), revision, current);
            default:
                throw new ArgumentOutOfRangeException(nameof(write), write, "no such write");
        }
    }

    private WriteResult Publish(ChangeKind kind, ObjectDraft draft, long revision, StoredObject? previous)
    {
        var obj = new StoredObject(Type, draft.Key, revision, draft.AtRevision(revision));
        if (kind != ChangeKind.Deleted && TakenClaim(obj) is { } claim) return new(WriteOutcome.ClaimTaken, previous, claim);
        var objects = kind == ChangeKind.Deleted ? _latest.Objects.Remove(obj.Key) : _latest.Objects.SetItem(obj.Key, obj);
        _latest = new(revision, objects);
        var change = new Change(kind, obj, previous);
        _history.Add((change, _latest));
        foreach (var observer in _observers.ToImmutableArray()) observer.OnChanges([change], _latest);
        var moved = _moved;
        _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);
        moved.SetResult();
        return new(WriteOutcome.Committed, obj);
    }

    private string? TakenClaim(StoredObject obj)
    {
        var claims = Type.Rules.Claims(obj.ToJson()).ToHashSet();
        return claims.Count == 0 ? null : _latest.Objects.Values
            .Where(other => other.Key != obj.Key)
            .SelectMany(other => Type.Rules.Claims(other.ToJson()))
            .FirstOrDefault(claims.Contains);
    }

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}

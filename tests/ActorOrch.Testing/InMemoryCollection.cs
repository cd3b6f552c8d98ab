using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Watching;
using ActorOrch.Registry.Writes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Testing;

/// <summary>An <see cref="ICollection"/> without a journal: the same answers, committed as soon as asked for, for tests of what stands on it.</summary>
public sealed class InMemoryCollection(ResourceType type) : ICollection
{
    private readonly Lock _gate = new();
    private readonly List<(Change Change, Snapshot After)> _history = [];
    private readonly List<IChangeObserver> _observers = [];
    private TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _reads;
    private CollectionState _state = CollectionState.Empty(type);

    public ResourceId Resource { get; } = type;

    public SpanningIndex? Spanning { get; init; }

    public Snapshot Latest
    {
        get
        {
            Interlocked.Increment(ref _reads);
            return _state.Snapshot;
        }
    }

    /// <summary>How often it was looked into.</summary>
    public int Reads => Volatile.Read(ref _reads);

    public bool IsOwner { get; private set; } = true;

    public event Action<bool>? OwnershipChanged;

    /// <summary>Answers every write with this instead, while set.</summary>
    public Func<Write, WriteResult?>? Fault { get; set; }

    /// <summary>Lets history begin after this revision.</summary>
    public long ForgetUpTo { get; set; }

    /// <summary>Keeps changes from the observers, as from those of a process that is cut off from the owner.</summary>
    public bool CutOff { get; set; }

    /// <summary>Ends the cut, with the whole collection as it is now in place of what was missed.</summary>
    public void Reload()
    {
        lock (_gate)
        {
            CutOff = false;
            foreach (var observer in _observers.ToImmutableArray()) observer.OnReset(Latest);
        }
    }

    /// <summary>Lets the collection move to this process, or away from it.</summary>
    public void AnnounceOwnership(bool owner)
    {
        IsOwner = owner;
        OwnershipChanged?.Invoke(owner);
    }

    /// <summary>What a process that only works waits for before it holds what its pods refer to.</summary>
    public Task HoldsForPods { get; set; } = Task.CompletedTask;

    public async ValueTask<Snapshot> ReadForPodsAsync(long podsRevision, CancellationToken cancel = default)
    {
        await HoldsForPods.WaitAsync(cancel);
        return Latest;
    }

    public ValueTask<Snapshot> ReadConsistentAsync(CancellationToken cancel = default) => new(Latest);

    public async ValueTask<Snapshot> ReadAtLeastAsync(long revision, CancellationToken cancel = default)
    {
        while (true)
        {
            Task moved;
            lock (_gate)
            {
                if (Latest.Revision >= revision) return Latest;
                moved = _moved.Task;
            }
            await moved.WaitAsync(cancel).ConfigureAwait(false);
        }
    }

    public ValueTask<Snapshot?> AtAsync(long revision, CancellationToken cancel = default)
    {
        lock (_gate)
        {
            if (revision == Latest.Revision) return new(Latest);
            if (revision <= ForgetUpTo || revision > Latest.Revision) return new((Snapshot?)null);
            return new(_history.LastOrDefault(h => h.Change.Revision <= revision).After);
        }
    }

    /// <summary>Nothing: all history there is is in memory.</summary>
    public async IAsyncEnumerable<IReadOnlyList<Change>> ReadChangesAsync(
        long afterRevision, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        await Task.CompletedTask.WaitAsync(cancel).ConfigureAwait(false);
        ThrowIfForgotten(afterRevision);
        yield break;
    }

    public async IAsyncEnumerable<ObjectVersion> VersionsAsync(ObjectKey key, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        await Task.CompletedTask.WaitAsync(cancel).ConfigureAwait(false);
        Change[] changes;
        lock (_gate) changes = [.. _history.Select(h => h.Change).Where(c => c.Key == key).Reverse()];
        foreach (var change in changes) yield return new(change.Kind, change.Object);
    }

    public Task<WriteResult> WriteAsync(Write write, CancellationToken cancel = default)
    {
        lock (_gate) return Task.FromResult(Commit([write])[0]);
    }

    public Task<IReadOnlyList<WriteResult>> WriteAsync(IReadOnlyList<Write> writes, CancellationToken cancel = default)
    {
        lock (_gate) return Task.FromResult(Commit(writes));
    }

    public IDisposable Subscribe(long afterRevision, IChangeObserver observer)
    {
        lock (_gate)
        {
            if (afterRevision < Snapshot.Empty.Revision || afterRevision <= ForgetUpTo) observer.OnReset(Latest);
            else
                foreach (var (change, after) in _history)
                    if (change.Revision > afterRevision) observer.OnChanges([change], after);
            _observers.Add(observer);
        }
        return new Subscription(() =>
        {
            lock (_gate) _observers.Remove(observer);
        });
    }

    public IReadOnlyList<StoredObject> Lookup(string index, string value) => Latest.Lookup(index, value);

    private void ThrowIfForgotten(long afterRevision)
    {
        if (afterRevision > 0 && afterRevision <= ForgetUpTo) throw ApiException.Expired($"too old resource version: {afterRevision} ({ForgetUpTo + 1})");
    }

    private IReadOnlyList<WriteResult> Commit(IReadOnlyList<Write> writes)
    {
        if (Fault is { } fault && writes.Select(fault).ToArray() is var faults && faults.All(f => f is not null)) return faults!;
        var commit = _state.Apply(writes);
        if (commit.Changes.Count == 0) return commit.Results;
        if (Spanning is null) _state = commit.After;
        else Spanning.Follow(this, _state.Snapshot, commit.After.Snapshot, () => _state = commit.After);
        foreach (var change in commit.Changes) _history.Add((change, Latest));
        if (!CutOff)
            foreach (var observer in _observers.ToImmutableArray()) observer.OnChanges(commit.Changes, Latest);
        var moved = _moved;
        _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);
        moved.SetResult();
        return commit.Results;
    }

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}

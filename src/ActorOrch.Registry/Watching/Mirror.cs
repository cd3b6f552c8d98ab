using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using ActorOrch.Registry.Checkpoints;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Following.Selected;
using ActorOrch.Registry.Persistence;
using ActorOrch.Registry.Writes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Kinds;
using ActorOrch.Resources.Objects;
using Akka.Actor;
using Akka.Event;

namespace ActorOrch.Registry.Watching;

/// <summary>
/// A process's copy of one collection. In the owner's process the collection's actor publishes into it before it answers a writer;
/// elsewhere a <see cref="MirrorActor"/> does. Readers never wait for either.
/// </summary>
internal sealed class Mirror : ICollection
{
    private readonly RegistrySettings _settings;
    private readonly ILoggingAdapter _log;

    /// <summary>One publisher at a time; contended only while ownership moves. Readers, writers and observers never take it.</summary>
    private readonly Lock _publishing = new();

    private readonly PastSnapshots _past;
    private volatile TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile CancellationTokenSource? _gone;
    private volatile CollectionView _view = CollectionView.Empty;
    private volatile WriteInbox? _ownerInbox;
    private Func<IActorRef> _region = static () => ActorRefs.Nobody;
    private volatile StoredHistory? _stored;
    private readonly ObserverCrowd _crowd;
    private volatile Outage? _outage;
    private Func<bool> _isAlone = static () => false;
    private volatile Action<long> _catchUp = static _ => { };
    private ImmutableArray<Subscription> _subscriptions = [];
    private TaskCompletionSource? _nextPublication;

    public Mirror(ResourceType type, RegistrySettings settings, ILoggingAdapter log)
        : this(type, type.Rules.Claiming, settings, log)
    {
    }

    /// <param name="claiming">What the objects claim; null for nothing, as of every kind without a model.</param>
    /// <param name="filter">Which objects this copy holds where the collection's actor is in another process; null for all.</param>
    public Mirror(ResourceId resource, KindRules? claiming, RegistrySettings settings, ILoggingAdapter log, FollowFilter? filter = null)
    {
        Filter = filter;
        Resource = resource;
        Claiming = claiming;
        _settings = settings;
        _log = log;
        _past = new(settings.Time);
        _crowd = new(settings.Time);
    }

    /// <param name="Complete">Whether this copy had all that was acknowledged when the store failed.</param>
    private sealed record Outage(StoreFailure Failure, bool Complete);

    public event Action<bool>? OwnershipChanged;

    public ResourceId Resource { get; }

    public KindRules? Claiming { get; }

    /// <summary>Which of the collection's objects it holds; null for all.</summary>
    public FollowFilter? Filter { get; }

    public Snapshot Latest => _view.Snapshot;

    public bool IsOwner => _ownerInbox is not null;

    public CancellationToken Gone => _gone?.Token ?? CancellationToken.None;

    public CollectionView View => _view;

    /// <summary>Where it is to be found what this collection holds; null where nobody asks.</summary>
    public SpanningIndex? Spanning { get; init; }

    /// <summary>Completes when the collection has been recovered and this copy holds it.</summary>
    public Task Ready => _ready.Task;

    /// <param name="region">Where the collection is reached when its actor is not in this process.</param>
    /// <param name="isAlone">Whether no other process of the cluster could own it.</param>
    public void ConnectTo(Func<IActorRef> region, Func<bool> isAlone)
    {
        _region = region;
        _isAlone = isAlone;
    }

    /// <summary>How a copy of a part is brought to a revision of the collection: of commits that do not concern it, it is not told.</summary>
    public void AskBy(Action<long> catchUp) => _catchUp = catchUp;

    /// <summary>The kind is gone: of its collection, where this process owns it, nothing is to be left.</summary>
    public bool IsRetired { get; private set; }

    /// <summary>Raised when <see cref="IsRetired"/> becomes true.</summary>
    public event Action? Retired;

    /// <summary>Completes when this copy is complete again; it may be an old one, of a kind that was gone and has come back.</summary>
    public Task BeginFollowing()
    {
        lock (_publishing)
        {
            IsRetired = false;
            if (_gone is not { IsCancellationRequested: false }) _gone = new();
            if (_ownerInbox is null && _ready.Task.IsCompleted) _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        return _ready.Task;
    }

    /// <summary>Tells the collection's actor, where it lives in this process, that the kind is gone.</summary>
    public void Retire()
    {
        IsRetired = true;
        Retired?.Invoke();
        _gone?.Cancel();
    }

    /// <summary>Where the history comes from that is not in memory.</summary>
    public void ReadFrom(StoredHistory stored) => _stored = stored;

    public async ValueTask<Snapshot> ReadConsistentAsync(CancellationToken cancel = default)
    {
        if (IsOwner) return Latest;
        // The store is down, but nobody can have acknowledged anything since: reads go on.
        if (_outage is { Complete: true } && _isAlone()) return Latest;
        var owner = await AskOwnerAsync<RevisionReply>(new RevisionRequest(Resource.Collection), cancel);
        if (Filter is not null && Latest.Revision < owner.Revision) _catchUp(owner.Revision);
        return await ReadAtLeastAsync(owner.Revision, cancel);
    }

    public async ValueTask<Snapshot> ReadAtLeastAsync(long revision, CancellationToken cancel = default) =>
        (await WhenAsync(view => view.Revision >= revision, cancel)).Snapshot;

    public async ValueTask<Snapshot> ReadForPodsAsync(long podsRevision, CancellationToken cancel = default) =>
        Filter is { By: FollowBy.PodsOfNodes } ? (await WhenAsync(view => view.Pods >= podsRevision, cancel)).Snapshot : Latest;

    public ValueTask<Snapshot?> AtAsync(long revision, CancellationToken cancel = default)
    {
        var view = _view;
        if (revision == view.Revision) return new(view.Snapshot);
        return revision > view.Revision ? new((Snapshot?)null) : new(_past.GetAsync(revision, RebuildAsync).WaitAsync(cancel));
    }

    public async Task<WriteResult> WriteAsync(Write write, CancellationToken cancel = default) => (await WriteAsync([write], cancel))[0];

    public Task<IReadOnlyList<WriteResult>> WriteAsync(IReadOnlyList<Write> writes, CancellationToken cancel = default)
    {
        if (writes.Count == 0) return Task.FromResult<IReadOnlyList<WriteResult>>([]);
        if (_ownerInbox is not { } inbox) return WriteRemotelyAsync(writes, cancel);
        var answered = new TaskCompletionSource<IReadOnlyList<WriteResult>>(TaskCreationOptions.RunContinuationsAsynchronously);
        inbox.Post(new(writes, answered.SetResult));
        return cancel.CanBeCanceled ? answered.Task.WaitAsync(cancel) : answered.Task;
    }

    public IDisposable Subscribe(long afterRevision, IChangeObserver observer)
    {
        var subscription = new Subscription(this, afterRevision, observer);
        // First in the list, then history: a commit in between is delivered by whichever of the two sees it first.
        if (observer.MayWait) _crowd.Add(subscription);
        else ImmutableInterlocked.Update(ref _subscriptions, static (all, one) => all.Add(one), subscription);
        subscription.Drain();
        return subscription;
    }

    public async IAsyncEnumerable<IReadOnlyList<Change>> ReadChangesAsync(
        long afterRevision, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        if (afterRevision >= _view.History.StartsAfter) yield break;
        await using var changes = ChangesFromStore(afterRevision, cancel).GetAsyncEnumerator(cancel);
        while (afterRevision < _view.History.StartsAfter)
        {
            if (!await MoveNextAsync(changes, afterRevision)) yield break;
            // The store may be ahead of what this process has been told.
            var known = Latest.Revision;
            var batch = changes.Current;
            if (batch[^1].Revision > known) batch = [.. batch.TakeWhile(c => c.Revision <= known)];
            if (batch.Count == 0) yield break;
            yield return batch;
            afterRevision = batch[^1].Revision;
        }
    }

    public async IAsyncEnumerable<ObjectVersion> VersionsAsync(ObjectKey key, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        var history = _view.History;
        foreach (var change in history.NewestFirst())
            if (change.Key == key) yield return new(change.Kind, change.Object);
        if (_stored is null) yield break;
        await foreach (var version in _stored.VersionsAsync(key, history.StartsAfter, cancel)) yield return version;
    }

    public IReadOnlyList<StoredObject> Lookup(string index, string value) => Latest.Lookup(index, value);

    internal void Remove(Subscription subscription)
    {
        if (subscription.MayWait) _crowd.Remove(subscription);
        else ImmutableInterlocked.Update(ref _subscriptions, static (all, one) => all.Remove(one), subscription);
    }

    /// <param name="ends">Whether it failed on the whole collection, and not just on a change of it.</param>
    internal void ReportFailure(IChangeObserver observer, Exception failure, bool ends) =>
        _log.Error(failure, ends
            ? "An observer of {0} ({1}) failed and is not told of further changes"
            : "An observer of {0} ({1}) failed and is given everything anew", Resource.Collection, observer);

    /// <summary>The collection's actor has recovered in this process: from now on it alone publishes here.</summary>
    internal void BeginOwnership(WriteInbox inbox, CollectionView recovered)
    {
        lock (_publishing)
        {
            _ownerInbox = inbox;
            _outage = null;
            Show(recovered);
        }
        _ready.TrySetResult();
        OwnershipChanged?.Invoke(true);
    }

    /// <summary>The collection's actor in this process has stopped, or is about to.</summary>
    /// <param name="failure">Why, where the store is the reason: until the collection is recovered, writes are refused with it at once.</param>
    internal void EndOwnership(WriteInbox inbox, StoreFailure? failure = null)
    {
        lock (_publishing)
        {
            if (_ownerInbox != inbox) return;
            if (failure is { } reason) _outage = new(reason, Complete: !reason.Fenced);
            _ownerInbox = null;
        }
        OwnershipChanged?.Invoke(false);
    }

    /// <summary>The collection could not be recovered in this process. True where this is news.</summary>
    internal bool RecoveryFailed(StoreFailure failure)
    {
        lock (_publishing)
        {
            var before = _outage;
            _outage = new(failure, before is { Complete: true } && !failure.Fenced);
            if (failure.Damaged) _ready.TrySetException(new StoreDamagedException(failure.Detail));
            return before is null;
        }
    }

    internal void PublishFromOwner(WriteInbox inbox, CollectionView view)
    {
        lock (_publishing)
            if (_ownerInbox == inbox) Show(view);
    }

    /// <param name="complete">Whether this is all that the owner had when it was asked.</param>
    internal void PublishFromAfar(CollectionView view, bool complete)
    {
        lock (_publishing)
        {
            if (_ownerInbox is not null || view.Revision < Latest.Revision) return;
            _outage = null;
            Show(view);
        }
        if (complete) _ready.TrySetResult();
    }

    private async ValueTask<CollectionView> WhenAsync(Func<CollectionView, bool> holds, CancellationToken cancel)
    {
        while (true)
        {
            if (_view is var view && holds(view)) return view;
            var next = Volatile.Read(ref _nextPublication);
            if (next is null)
            {
                var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                next = Interlocked.CompareExchange(ref _nextPublication, mine, null) ?? mine;
            }
            // A publication between the check above and the registration would be missed without a second look.
            if (_view is var again && holds(again)) return again;
            await next.Task.WaitAsync(cancel);
        }
    }

    private void Show(CollectionView view)
    {
        var moves = Spanning?.Expect(this, _view.Snapshot, view.Snapshot);
        _view = view;
        if (moves is { } shown) Spanning!.Forget(this, shown);
        // Who subscribes or waits registers first and looks at the view then; this is the other half: show first, look who is there then.
        Interlocked.MemoryBarrier();
        foreach (var subscription in _subscriptions) subscription.Drain();
        _crowd.Announce(view.LastChanges.Count);
        Interlocked.Exchange(ref _nextPublication, null)?.SetResult();
    }

    private Task<Snapshot?> RebuildAsync(long revision)
    {
        var view = _view;
        if (view.History.ReachesBackTo(revision)) return Task.FromResult(view.History.Undo(view.Snapshot, revision));
        return _stored is { } stored ? Task.Run(() => ReadAsync(stored, revision, view.Snapshot)) : Task.FromResult<Snapshot?>(null);
    }

    private async Task<Snapshot?> ReadAsync(StoredHistory stored, long revision, Snapshot latest)
    {
        try
        {
            return await stored.AtAsync(revision, latest, CancellationToken.None);
        }
        catch (Exception unreadable) when (StoreFailure.Find(unreadable) is { } failure)
        {
            throw HistoryUnreadable(failure);
        }
    }

    private IAsyncEnumerable<IReadOnlyList<Change>> ChangesFromStore(long afterRevision, CancellationToken cancel) =>
        _stored is { } stored ? stored.ChangesAsync(afterRevision, Latest, cancel) : throw TooOld(afterRevision);

    private async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<IReadOnlyList<Change>> changes, long afterRevision)
    {
        try
        {
            return await changes.MoveNextAsync();
        }
        catch (HistoryCutException)
        {
            throw TooOld(afterRevision);
        }
        catch (Exception unreadable) when (StoreFailure.Find(unreadable) is { } failure)
        {
            throw HistoryUnreadable(failure);
        }
    }

    private ApiException HistoryUnreadable(StoreFailure failure) =>
        ApiException.Unavailable($"the history of {Resource.GroupResource} cannot be read: {failure.Detail}");

    private ApiException TooOld(long revision) => ApiException.Expired($"too old resource version: {revision} ({_view.History.StartsAfter + 1})");

    private async Task<IReadOnlyList<WriteResult>> WriteRemotelyAsync(IReadOnlyList<Write> writes, CancellationToken cancel)
    {
        try
        {
            var reply = await AskOwnerAsync<WriteReply>(new WriteRequest(Resource.Collection, writes), cancel);
            return [.. reply.Results.Select(r => r.ToResult(Resource))];
        }
        catch (ApiException unavailable)
        {
            return [.. writes.Select(_ => new WriteResult(WriteOutcome.Unavailable, null, unavailable.Message))];
        }
    }

    private async Task<T> AskOwnerAsync<T>(object request, CancellationToken cancel)
    {
        if (_outage is { } outage) throw ApiException.Unavailable($"{Resource.GroupResource} cannot be reached: {outage.Failure.Detail}");
        try
        {
            return await _region().Ask<T>(request, _settings.OwnerTimeout, cancel);
        }
        catch (AskTimeoutException)
        {
            throw ApiException.Unavailable($"the owner of {Resource.GroupResource} did not answer within {_settings.OwnerTimeout.TotalSeconds:0} s");
        }
    }
}

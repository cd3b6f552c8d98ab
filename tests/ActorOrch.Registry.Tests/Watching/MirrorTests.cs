using System.Collections.Concurrent;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Watching;
using ActorOrch.Registry.Writes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;
using Akka.Actor;
using Akka.Event;
using static ActorOrch.Registry.Tests.Samples;

namespace ActorOrch.Registry.Tests.Watching;

public sealed class MirrorTests
{
    private static readonly WriteInbox Inbox = new(ActorRefs.Nobody);

    /// <summary>Writes down what it is told, and whether two calls ever overlapped.</summary>
    private sealed class Recorder(long until, bool mayWait = false) : IChangeObserver
    {
        private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _inside;

        public ConcurrentQueue<long> Revisions { get; } = new();
        public bool Overlapped { get; private set; }
        public int Resets { get; private set; }
        public bool MayWait => mayWait;
        public Task Complete => _complete.Task;

        public void OnChanges(IReadOnlyList<Change> changes, Snapshot after)
        {
            if (Interlocked.Increment(ref _inside) != 1) Overlapped = true;
            foreach (var change in changes) Revisions.Enqueue(change.Revision);
            if (after.Revision != changes[^1].Revision) Overlapped = true;
            Interlocked.Decrement(ref _inside);
            if (after.Revision == until) _complete.SetResult();
        }

        public void OnReset(Snapshot current) => Resets++;
    }

    private static Mirror NewMirror() => new(BuiltIn.ConfigMaps, TestRegistry.Settings, NoLogger.Instance);

    private static CollectionView Append(CollectionView view, Write write, HistoryLimits? limits = null)
    {
        var commit = CollectionState.WithoutClaims(BuiltIn.ConfigMaps, view.Snapshot).Apply(write);
        return view.Next(commit.After.Snapshot, commit.Changes, limits ?? TestRegistry.Settings.History);
    }

    [Fact]
    public async Task Observers_that_come_amid_commits_get_every_revision_once_and_in_order()
    {
        const int commits = 4000;
        var last = Snapshot.Empty.Revision + commits;
        var mirror = NewMirror();
        var view = CollectionView.Empty;
        mirror.BeginOwnership(Inbox, view);
        var recorders = new ConcurrentBag<(long After, Recorder Recorder)>();
        using var half = new SemaphoreSlim(0);
        var publisher = Task.Run(() =>
        {
            for (var i = 0; i < commits; i++)
            {
                view = Append(view, Create($"n{i}"));
                mirror.PublishFromOwner(Inbox, view);
                if (i % 200 == 0) half.Release();
            }
        });
        var subscribers = Enumerable.Range(0, 4).Select(n => Task.Run(async () =>
        {
            for (var i = 0; i < 5; i++)
            {
                await half.WaitAsync();
                var after = Math.Max(Snapshot.Empty.Revision, mirror.Latest.Revision - 1 - n);
                var recorder = new Recorder(last, mayWait: (i + n) % 2 == 0);
                recorders.Add((after, recorder));
                mirror.Subscribe(after, recorder);
            }
        }));
        await Task.WhenAll([publisher, .. subscribers]);

        foreach (var (after, recorder) in recorders)
        {
            await recorder.Complete.WaitAsync(TimeSpan.FromSeconds(30));
            Assert.False(recorder.Overlapped);
            Assert.Equal(Enumerable.Range(1, (int)(last - after)).Select(i => after + i), recorder.Revisions);
        }
    }

    [Fact]
    public async Task Neither_the_publisher_nor_the_other_observers_wait_for_those_that_may_wait()
    {
        var mirror = NewMirror();
        mirror.BeginOwnership(Inbox, CollectionView.Empty);
        using var slow = new SlowObserver();
        var (patient, prompt) = (new Recorder(until: 4, mayWait: true), new Recorder(until: 4));
        mirror.Subscribe(1, slow);
        mirror.Subscribe(1, patient);
        mirror.Subscribe(1, prompt);

        var view = Append(CollectionView.Empty, Create("a"));
        mirror.PublishFromOwner(Inbox, view);
        await slow.Told.WaitAsync(TimeSpan.FromSeconds(30));
        foreach (var name in (string[])["b", "c"]) mirror.PublishFromOwner(Inbox, view = Append(view, Create(name)));

        Assert.Equal([2, 3, 4], prompt.Revisions);
        Assert.Empty(patient.Revisions);
        slow.Release();
        await patient.Complete.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal([2, 3, 4], patient.Revisions);
    }

    [Fact]
    public async Task A_crowd_gets_every_revision_once_and_in_order_also_in_rounds_that_are_put_off()
    {
        const int commits = 500;
        var last = Snapshot.Empty.Revision + commits;
        var mirror = NewMirror();
        var view = CollectionView.Empty;
        mirror.BeginOwnership(Inbox, view);
        var crowd = Enumerable.Range(0, 100).Select(_ => new Recorder(last, mayWait: true)).ToArray();
        foreach (var one in crowd) mirror.Subscribe(Snapshot.Empty.Revision, one);

        for (var i = 0; i < commits; i++) mirror.PublishFromOwner(Inbox, view = Append(view, Create($"n{i}")));

        foreach (var one in crowd)
        {
            await one.Complete.WaitAsync(TimeSpan.FromSeconds(30));
            Assert.False(one.Overlapped);
            Assert.Equal(Enumerable.Range(2, commits).Select(i => (long)i), one.Revisions);
        }
    }

    /// <summary>One that may wait and is held in its first call, so that those behind it are too.</summary>
    private sealed class SlowObserver : IChangeObserver, IDisposable
    {
        private readonly TaskCompletionSource _told = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _released = new();

        public bool MayWait => true;
        public Task Told => _told.Task;

        public void OnChanges(IReadOnlyList<Change> changes, Snapshot after)
        {
            _told.TrySetResult();
            _released.Wait(TimeSpan.FromSeconds(30));
        }

        public void OnReset(Snapshot current)
        {
        }

        public void Release() => _released.Set();

        public void Dispose() => _released.Dispose();
    }

    [Fact]
    public async Task A_revision_that_history_has_let_go_is_answered_with_410_or_with_everything()
    {
        var mirror = NewMirror();
        var view = CollectionView.Empty;
        for (var i = 0; i < 600; i++) view = Append(view, Create($"n{i}"), new(10, long.MaxValue));
        mirror.BeginOwnership(Inbox, view);

        foreach (var unknown in (long[])[0, 1, 602])
        {
            var recorder = new Recorder(0);
            mirror.Subscribe(unknown, recorder).Dispose();
            Assert.Equal(1, recorder.Resets);
            Assert.Empty(recorder.Revisions);
        }
        Assert.Null(await mirror.AtAsync(1));
        Assert.Equal(597, (await mirror.AtAsync(598))!.Count);
        Assert.Null(await mirror.AtAsync(602));
        Assert.Equal(410, (await Assert.ThrowsAsync<ApiException>(async () => await mirror.ReadChangesAsync(1).GetAsyncEnumerator().MoveNextAsync())).Code);
    }

    [Fact]
    public async Task A_reader_of_a_later_revision_is_woken_by_its_commit()
    {
        var mirror = NewMirror();
        var first = Append(CollectionView.Empty, Create("a"));
        mirror.BeginOwnership(Inbox, first);
        var reader = mirror.ReadAtLeastAsync(3).AsTask();
        Assert.False(reader.IsCompleted);

        mirror.PublishFromOwner(Inbox, Append(first, Create("b")));

        Assert.Equal(2, (await reader.WaitAsync(TimeSpan.FromSeconds(10))).Count);
    }

    [Fact]
    public void An_observer_whose_thread_of_changes_was_cut_is_reset()
    {
        var mirror = NewMirror();
        mirror.PublishFromAfar(Append(CollectionView.Empty, Create("a")), complete: true);
        var recorder = new Recorder(0);
        using var subscription = mirror.Subscribe(2, recorder);

        var reloaded = CollectionState.Restore(BuiltIn.ConfigMaps, 50, mirror.Latest.Objects.Values);
        mirror.PublishFromAfar(CollectionView.Of(reloaded.Snapshot), complete: true);

        Assert.Equal(1, recorder.Resets);
        Assert.Empty(recorder.Revisions);
    }

    [Fact]
    public void An_observer_that_fails_on_a_change_is_given_everything_and_goes_on()
    {
        var mirror = NewMirror();
        mirror.PublishFromAfar(Append(CollectionView.Empty, Create("a")), complete: true);
        var fragile = new FragileObserver();
        using var subscription = mirror.Subscribe(2, fragile);

        mirror.PublishFromAfar(Append(mirror.View, Create("b")), complete: true);
        Assert.Equal(["a", "b"], fragile.Names);
        mirror.PublishFromAfar(Append(mirror.View, Create("c")), complete: true);
        Assert.Equal(["a", "b", "c"], fragile.Names);
        Assert.Equal((1, 2), (fragile.Resets, fragile.Calls));
    }

    /// <summary>Fails on the first change.</summary>
    private sealed class FragileObserver : IChangeObserver
    {
        public List<string> Names { get; } = [];
        public int Calls { get; private set; }
        public int Resets { get; private set; }

        public void OnChanges(IReadOnlyList<Change> changes, Snapshot after)
        {
            if (++Calls == 1) throw new InvalidOperationException("a change that nobody foresaw");
            Names.AddRange(changes.Select(c => c.Key.Name));
        }

        public void OnReset(Snapshot current)
        {
            Resets++;
            Names.Clear();
            Names.AddRange(current.Objects.Values.Select(o => o.Key.Name));
        }
    }

    [Fact]
    public void An_observer_is_told_nothing_after_it_has_left()
    {
        var mirror = NewMirror();
        var recorder = new Recorder(0);
        mirror.Subscribe(1, recorder).Dispose();

        mirror.PublishFromAfar(Append(CollectionView.Empty, Create("a")), complete: true);

        Assert.Empty(recorder.Revisions);
    }

    [Fact]
    public void Nobody_but_the_owner_publishes_while_there_is_one()
    {
        var mirror = NewMirror();
        var owned = new List<bool>();
        mirror.OwnershipChanged += owned.Add;
        mirror.BeginOwnership(Inbox, CollectionView.Empty);

        mirror.PublishFromAfar(Append(CollectionView.Empty, Create("stray")), complete: true);
        Assert.Equal(1, mirror.Latest.Revision);

        mirror.EndOwnership(Inbox);
        mirror.PublishFromOwner(Inbox, Append(CollectionView.Empty, Create("late")));
        Assert.Equal(1, mirror.Latest.Revision);
        Assert.Equal([true, false], owned);
    }
}

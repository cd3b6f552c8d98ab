using ActorOrch.Registry.Checkpoints;
using ActorOrch.Registry.Clustering;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Watching;
using ActorOrch.Registry.Writes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Persistence;
using Akka.TestKit.Xunit2;
using static ActorOrch.Registry.Tests.Samples;

namespace ActorOrch.Registry.Tests.Checkpoints;

/// <summary>What every journal and snapshot store must make of history; one class below for each of them.</summary>
public abstract class StoredHistoryContract(Config config) : TestKit(config)
{
    private const int Window = 1500;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly RegistrySettings Settings = TestRegistry.Settings with
    {
        History = new(300, long.MaxValue),
        Retention = new(Window, TimeSpan.FromDays(7)),
        Compaction = new(12, long.MaxValue),
    };

    private static readonly RegistrySettings Unlimited = Settings with { Retention = new(long.MaxValue, TimeSpan.FromDays(7)) };

    [Fact]
    public async Task A_watch_from_the_stored_past_goes_live_without_gap_or_repeat_while_writes_go_on()
    {
        var collection = await OwnedCollection.StartAsync(Sys, Unlimited);
        await WriteAsync(collection, 3000);
        using var enough = new CancellationTokenSource();
        var writer = Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested) await WriteAsync(collection, 20);
        });
        var seen = new List<long>();
        var after = 100L;
        var live = new RevisionRecorder();
        IDisposable? subscription = null;
        while (subscription is null)
        {
            await foreach (var changes in collection.Mirror.ReadChangesAsync(after)) seen.AddRange(changes.Select(c => c.Revision));
            after = seen[^1];
            subscription = collection.Mirror.Subscribe(after, live);
            if (!live.Lost) continue;
            // Memory has let go of more meanwhile.
            subscription.Dispose();
            (subscription, live) = (null, new());
        }
        await live.AtLeast(after + 500).WaitAsync(Patience);
        await enough.CancelAsync();
        await writer;
        subscription.Dispose();

        seen.AddRange(live.Revisions);
        Assert.Equal(Enumerable.Range(101, seen.Count).Select(i => (long)i), seen);
    }

    [Fact]
    public async Task What_a_mirror_missed_that_had_to_reload_is_in_the_store()
    {
        var collection = await OwnedCollection.StartAsync(Sys, Unlimited);
        await WriteAsync(collection, 400);
        var follower = new Mirror(BuiltIn.ConfigMaps, Unlimited, NoLogger.Instance);
        follower.ReadFrom(ClusterRegistry.StoredHistoryOf(Sys, BuiltIn.ConfigMaps, Unlimited.Time));
        follower.PublishFromAfar(CollectionView.Of(collection.Mirror.Latest), complete: true);
        var seen = follower.Latest.Revision;
        var recorder = new Recorder();
        follower.Subscribe(seen, recorder);

        await WriteAsync(collection, 1000);
        follower.PublishFromAfar(CollectionView.Of(collection.Mirror.Latest), complete: true);

        Assert.Equal(1, recorder.Resets);
        var missed = new List<long>();
        await foreach (var changes in follower.ReadChangesAsync(seen)) missed.AddRange(changes.Select(c => c.Revision));
        Assert.Equal(Enumerable.Range(1, 1000).Select(i => seen + i), missed);
        follower.Subscribe(missed[^1], recorder).Dispose();
    }

    [Fact]
    public async Task A_revision_that_is_behind_the_window_is_gone_and_its_watch_gets_410()
    {
        var collection = await OwnedCollection.StartAsync(Sys, Settings);
        await WriteAsync(collection, 6000);
        await AwaitConditionAsync(async () => (await collection.Store.LatestAsync(default))?.All[0].Revision > 2000, Patience);

        Assert.Null(await collection.Mirror.AtAsync(500));
        var failure = await Assert.ThrowsAsync<ApiException>(() => collection.ChangesAfterAsync(500));
        Assert.Equal((410, "Expired"), (failure.Code, failure.Reason));
        Assert.NotNull(await collection.Mirror.AtAsync(collection.Mirror.Latest.Revision - Window));
    }

    [Fact]
    public async Task Revisions_go_on_after_everything_was_removed_and_compacted()
    {
        var collection = await OwnedCollection.StartAsync(Sys, Settings with { Retention = new(1, TimeSpan.FromDays(7)) });
        await WriteAsync(collection, 3000);
        foreach (var obj in collection.Mirror.Latest.List()) await collection.Mirror.WriteAsync(Remove(obj.Key.Name, obj.Revision));
        var last = collection.Mirror.Latest.Revision;
        await AwaitConditionAsync(async () => (await collection.Store.LatestAsync(default))?.Earlier.Count == 0, Patience);
        await collection.MoveAsync();
        await collection.MoveAsync();

        Assert.Equal((last, 0), (collection.Mirror.Latest.Revision, collection.Mirror.Latest.Count));
        Assert.Equal(last + 1, (await collection.Mirror.WriteAsync(Create("n0"))).Object!.Revision);
    }

    private static async Task WriteAsync(OwnedCollection collection, int versions)
    {
        while (versions > 0)
        {
            var latest = collection.Mirror.Latest;
            var writes = Enumerable.Range(0, Math.Min(20, versions))
                .Select(i => latest.Get(Key($"n{i}")) is { } current ? Replace($"n{i}", current.Revision, $"{latest.Revision}") : Create($"n{i}"))
                .ToArray();
            foreach (var result in await collection.Mirror.WriteAsync(writes)) Assert.Equal(WriteOutcome.Committed, result.Outcome);
            versions -= writes.Length;
        }
    }

    [Fact]
    public async Task A_page_of_the_past_is_the_same_whatever_was_written_since()
    {
        var collection = await OwnedCollection.StartAsync(Sys, Unlimited);
        await WriteAsync(collection, 400);
        var then = collection.Mirror.Latest;
        await WriteAsync(collection, 2500);
        foreach (var obj in collection.Mirror.Latest.List().Take(10)) await collection.Mirror.WriteAsync(Remove(obj.Key.Name, obj.Revision));
        Assert.False(collection.Mirror.View.History.ReachesBackTo(then.Revision));

        var past = await collection.Mirror.AtAsync(then.Revision);
        await collection.MoveAsync();
        var again = await collection.Mirror.AtAsync(then.Revision);

        Assert.Equal(Describe(then), Describe(past!));
        Assert.Equal(Describe(then), Describe(again!));
        Assert.Equal(then.Count, past!.List("default").Count());
    }

    [Fact]
    public async Task Versions_of_an_object_are_found_in_memory_and_in_the_store_newest_first()
    {
        var collection = await OwnedCollection.StartAsync(Sys, Unlimited);
        await collection.Mirror.WriteAsync(Create("rare", "first"));
        await WriteAsync(collection, 1000);
        await collection.Mirror.WriteAsync(Replace("rare", 2, "second"));
        await WriteAsync(collection, 1000);
        await collection.Mirror.WriteAsync(Remove("rare", 1003));
        await collection.Mirror.WriteAsync(Create("rare", "third"));

        var versions = new List<(ChangeKind, long, string)>();
        await foreach (var (kind, obj) in collection.Mirror.VersionsAsync(Key("rare"))) versions.Add((kind, obj.Revision, obj.Data()));

        Assert.Equal(
            [(ChangeKind.Added, 2005, "third"), (ChangeKind.Deleted, 2004, "second"), (ChangeKind.Modified, 1003, "second"), (ChangeKind.Added, 2, "first")],
            versions);
    }

    [Fact]
    public async Task A_large_collection_is_stored_in_parts_and_comes_back_whole()
    {
        var large = new string('x', 200_000);
        var collection = await OwnedCollection.StartAsync(Sys, Unlimited);
        for (var i = 0; i < 10; i++) await collection.Mirror.WriteAsync(Create($"large-{i}", large + i));
        await WriteAsync(collection, 3000);
        await AwaitConditionAsync(async () => (await collection.Store.LatestAsync(default))?.Checkpoint.Revision > 1000, Patience);
        var before = collection.Mirror.Latest;

        await collection.MoveAsync();

        Assert.InRange((await collection.Store.LatestAsync(default))!.Checkpoint.Parts, 3, 5);
        Assert.Equal(Describe(before), Describe(collection.Mirror.Latest));
        Assert.Equal(10 + 100, (await collection.Mirror.AtAsync(111))!.Revision - 1);
        Assert.Equal(before.Revision + 1, (await collection.Mirror.WriteAsync(Create("next"))).Object!.Revision);
    }

    [Fact]
    public async Task What_an_attempt_left_behind_goes_with_the_checkpoints_that_are_no_longer_needed()
    {
        var snapshots = Akka.Persistence.Persistence.Instance.Apply(Sys).SnapshotStoreFor("");
        var collection = await OwnedCollection.StartAsync(Sys, Settings);
        // A part whose checkpoint was never completed.
        var stray = new SaveSnapshot(new("collection-parts/configmaps", (3L << 16) + 1, DateTime.UnixEpoch), new ObjectsRecord([]));
        Assert.IsType<SaveSnapshotSuccess>(await snapshots.Ask<object>(stray, Patience));

        await WriteAsync(collection, 6000);

        await AwaitConditionAsync(async () => (await collection.Store.LatestAsync(default))?.All[0].SequenceNumber > 3, Patience);
        await AwaitConditionAsync(async () =>
            (await snapshots.Ask<LoadSnapshotResult>(new LoadSnapshot("collection-parts/configmaps", SnapshotSelectionCriteria.Latest, long.MaxValue), Patience)).Snapshot is null, Patience);
    }

    [Fact]
    public async Task A_checkpoint_of_the_version_before_is_read_and_built_upon()
    {
        var snapshots = Akka.Persistence.Persistence.Instance.Apply(Sys).SnapshotStoreFor("");
        var state = CollectionState.Empty(BuiltIn.ConfigMaps).Apply(Create("a", "old"), Create("b", "old")).After;
        var old = new CollectionRecord(new(state.Revision, 0, 0, 0), [], [.. state.Snapshot.Objects.Values.Select(RecordedObject.Of)]);
        Assert.IsType<SaveSnapshotSuccess>(await snapshots.Ask<object>(new SaveSnapshot(new("collection/configmaps", 2, DateTime.UnixEpoch), old), Patience));

        var collection = await OwnedCollection.StartAsync(Sys, Unlimited);
        Assert.Equal(4, (await collection.Mirror.WriteAsync(Replace("a", 2, "new"))).Object!.Revision);
        await WriteAsync(collection, 1000);

        Assert.Equal(["old", "old"], (await collection.Mirror.AtAsync(3))!.List().Select(o => o.Data()));
        Assert.Equal(["new", "old"], (await collection.Mirror.AtAsync(4))!.List().Select(o => o.Data()));
        Assert.Null(await collection.Mirror.AtAsync(2));
    }

    private static IEnumerable<(string, long, string)> Describe(Snapshot snapshot) => snapshot.List().Select(o => (o.Key.Name, o.Revision, o.ToString()));
}

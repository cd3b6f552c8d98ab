using System.Collections.Concurrent;
using ActorOrch.Registry.Clustering;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Persistence;
using ActorOrch.Registry.Writes;
using ActorOrch.Resources.Objects;
using static ActorOrch.Registry.Tests.Samples;
using static ActorOrch.Resources.Catalog.BuiltIn;

namespace ActorOrch.Registry.Tests.Persistence;

/// <summary>What the registry promises on every database, with the configuration that is shipped.</summary>
public abstract class StoreKit : StoreTest
{
    /// <summary>The lowest sequence number that the journal holds of config maps.</summary>
    protected abstract Task<long> OldestEventAsync();

    /// <summary>Takes the trigger away that fences.</summary>
    protected abstract Task RemoveFenceAsync();

    [Fact]
    public async Task A_process_that_starts_again_finds_objects_revisions_and_history()
    {
        var (system, registry) = await StartAsync();
        var created = await Task.WhenAll(Enumerable.Range(0, 500).Select(i => registry[ConfigMaps].WriteAsync(Create($"n{i}", $"{i}"))));
        Assert.All(created, r => Assert.Equal(WriteOutcome.Committed, r.Outcome));
        await registry[Pods].WriteAsync(new Write.Create(Pod("p", "node-1")));
        var before = registry[ConfigMaps].Latest;
        await system.Terminate();

        var (_, recovered) = await StartAsync();
        var after = recovered[ConfigMaps].Latest;

        Assert.Equal(before.Objects.Values.Select(o => (o.Key, o.Revision, o.ToString())), after.Objects.Values.Select(o => (o.Key, o.Revision, o.ToString())));
        Assert.Equal(501, after.Revision);
        Assert.Equal(100, (await recovered[ConfigMaps].AtAsync(101))!.Count);
        Assert.Equal("p", Assert.Single(recovered[Pods].Lookup(Indexes.NodeName, "node-1")).Key.Name);
        Assert.Equal(502, (await recovered[ConfigMaps].WriteAsync(Remove("n0", after.Get(Key("n0"))!.Revision))).Object!.Revision);
    }

    [Fact]
    public async Task An_object_as_large_as_they_come_and_a_commit_as_large_as_it_gets_survive()
    {
        var (system, registry) = await StartAsync();
        var large = await registry[ConfigMaps].WriteAsync(Create("large", new string('x', ObjectSize.Most)));
        var many = await registry[ConfigMaps].WriteAsync([.. Enumerable.Range(0, 1024).Select(i => Create($"n{i}", new string('y', 4096)))]);
        Assert.Equal(WriteOutcome.Committed, large.Outcome);
        Assert.All(many, r => Assert.Equal(WriteOutcome.Committed, r.Outcome));
        await system.Terminate();

        var (_, recovered) = await StartAsync();

        Assert.Equal(1025, recovered[ConfigMaps].Latest.Count);
        Assert.Equal(large.Object!.Json, recovered[ConfigMaps].Latest.Get(Key("large"))!.Json);
    }

    [Fact]
    public async Task Of_two_owners_the_one_that_is_behind_is_fenced_and_loses_nothing()
    {
        var (_, one) = await StartAsync();
        var (_, two) = await StartAsync();
        Assert.True(one[ConfigMaps].IsOwner && two[ConfigMaps].IsOwner);
        Assert.Equal(WriteOutcome.Committed, (await one[ConfigMaps].WriteAsync(Create("from-one"))).Outcome);

        var refused = await two[ConfigMaps].WriteAsync(Create("from-two"));
        Assert.Equal(WriteOutcome.Unavailable, refused.Outcome);
        Assert.Contains("another process has taken the collection over", refused.Detail, StringComparison.Ordinal);

        var recovered = await two[ConfigMaps].ReadAtLeastAsync(2).AsTask().WaitAsync(Patience);
        Assert.Equal(["from-one"], recovered.List().Select(o => o.Key.Name));
        await OwnedAsync(two[ConfigMaps]);
        var retried = await two[ConfigMaps].WriteAsync(Create("from-two"));
        Assert.Equal((WriteOutcome.Committed, 3L), (retried.Outcome, retried.Object!.Revision));
        Assert.Equal(WriteOutcome.Unavailable, (await one[ConfigMaps].WriteAsync(Create("late"))).Outcome);
    }

    [Fact]
    public async Task Two_owners_under_load_acknowledge_nothing_that_is_lost_and_no_revision_twice()
    {
        const int writersOfEach = 4, writesOfEach = 15;
        var (first, one) = await StartAsync();
        var (second, two) = await StartAsync();
        var acknowledged = new ConcurrentBag<(string Name, long Revision)>();
        var refused = new ConcurrentBag<string>();

        await Task.WhenAll(new[] { one[ConfigMaps], two[ConfigMaps] }.SelectMany((owner, o) => Enumerable.Range(0, writersOfEach).Select(async writer =>
        {
            for (var (written, attempt) = (0, 0); written < writesOfEach; attempt++)
            {
                var name = $"o{o}-w{writer}-{attempt}";
                var result = await owner.WriteAsync(Create(name));
                if (result.Outcome == WriteOutcome.Committed)
                {
                    acknowledged.Add((name, result.Object!.Revision));
                    written++;
                    continue;
                }
                Assert.Equal(WriteOutcome.Unavailable, result.Outcome);
                refused.Add(name);
                await OwnedAsync(owner);
            }
        }))).WaitAsync(Patience * 2);
        await first.Terminate();
        await second.Terminate();

        var (_, recovered) = await StartAsync();
        var stored = recovered[ConfigMaps].Latest.List().Select(o => (o.Key.Name, o.Revision)).ToHashSet();
        Assert.NotEmpty(refused);
        Assert.Empty(acknowledged.Except(stored));
        Assert.Equal(acknowledged.Count, acknowledged.Select(a => a.Revision).Distinct().Count());
        Assert.Equal(recovered[ConfigMaps].Latest.Revision, stored.Count + 1);
    }

    [Fact]
    public async Task What_owners_wrote_in_turns_is_all_there_after_a_recovery()
    {
        var (first, one) = await StartAsync();
        var (second, two) = await StartAsync();
        var owners = new[] { one[ConfigMaps], two[ConfigMaps] };
        for (var turn = 0; turn < 6; turn++)
        {
            var owner = owners[turn % 2];
            if (turn > 0) Assert.Equal(WriteOutcome.Unavailable, (await owner.WriteAsync(Create($"fenced-{turn}"))).Outcome);
            await OwnedAsync(owner);
            Assert.Equal(WriteOutcome.Committed, (await owner.WriteAsync(Create($"turn-{turn}"))).Outcome);
        }
        await first.Terminate();
        await second.Terminate();

        var (_, recovered) = await StartAsync();

        Assert.Equal(Enumerable.Range(0, 6).Select(i => $"turn-{i}"), recovered[ConfigMaps].Latest.List().Select(o => o.Key.Name));
        Assert.Equal(7, recovered[ConfigMaps].Latest.Revision);
    }

    [Fact]
    public async Task Without_its_trigger_the_key_fences_while_the_journal_holds_what_the_other_wrote()
    {
        var (_, one) = await StartAsync();
        var (_, two) = await StartAsync();
        await RemoveFenceAsync();
        for (var i = 0; i < 3; i++) Assert.Equal(WriteOutcome.Committed, (await one[ConfigMaps].WriteAsync(Create($"one-{i}"))).Outcome);

        var refused = await two[ConfigMaps].WriteAsync(Create("from-two"));

        Assert.Equal(WriteOutcome.Unavailable, refused.Outcome);
        Assert.Contains("another process has taken the collection over", refused.Detail, StringComparison.Ordinal);
        await OwnedAsync(two[ConfigMaps]);
        Assert.Equal(["one-0", "one-1", "one-2"], two[ConfigMaps].Latest.List().Select(o => o.Key.Name));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_owner_that_slept_while_another_wrote_and_cut_the_journal_is_fenced_all_the_same(bool removed)
    {
        const string shortWindow = """
            actororch.registry.history.versions = 256
            actororch.registry.history.memory.versions = 256
            actororch.registry.checkpoint.commits = 64
            """;
        var (_, sleeper) = await StartAsync();
        Assert.Equal(WriteOutcome.Committed, (await sleeper[ConfigMaps].WriteAsync(Create("before"))).Outcome);
        // The start of the other puts it back.
        if (removed) await RemoveFenceAsync();
        var (_, other) = await StartAsync(shortWindow);
        // Few objects and many versions: cutting the journal is worth it. The sleeper is about to write its second event.
        var hot = await other[ConfigMaps].WriteAsync([.. Enumerable.Range(0, 8).Select(i => Create($"hot-{i}"))]);
        for (var commits = 0; await OldestEventAsync() <= 2; commits += 50)
        {
            Assert.True(commits < 5_000, $"after {commits} commits the journal still begins with event {await OldestEventAsync()}");
            for (var commit = 0; commit < 50; commit++)
            {
                hot = await other[ConfigMaps].WriteAsync([.. hot.Select((h, i) => Replace($"hot-{i}", h.Object!.Revision, $"{commits + commit}"))]);
                Assert.All(hot, w => Assert.Equal(WriteOutcome.Committed, w.Outcome));
            }
        }

        var refused = await sleeper[ConfigMaps].WriteAsync(Create("late"));

        Assert.Equal(WriteOutcome.Unavailable, refused.Outcome);
        await OwnedAsync(sleeper[ConfigMaps]);
        Assert.Equal(hot[^1].Object!.Revision, sleeper[ConfigMaps].Latest.Revision);
        Assert.Equal(
            other[ConfigMaps].Latest.List().Select(o => (o.Key.Name, o.Revision)), sleeper[ConfigMaps].Latest.List().Select(o => (o.Key.Name, o.Revision)));
    }

    [Fact]
    public async Task Processes_that_start_at_once_prepare_one_store()
    {
        var config = ActorOrchConfig.Load(new() { Overrides = Settings });
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(() => Store.Prepare(config), TaskCreationOptions.LongRunning))).WaitAsync(Patience);

        var (_, registry) = await StartAsync();

        Assert.Equal(WriteOutcome.Committed, (await registry[ConfigMaps].WriteAsync(Create("a"))).Outcome);
    }
}

using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Tests.Persistence;
using ActorOrch.Registry.Watching;
using ActorOrch.Registry.Writes;
using ActorOrch.Resources.Catalog;
using Akka.Actor;
using Akka.Event;
using Akka.TestKit.Xunit2;
using static ActorOrch.Registry.Tests.Samples;

namespace ActorOrch.Registry.Tests.Collections;

public sealed class CollectionActorTests() : TestKit(FaultyJournal.Config)
{
    private readonly Mirror _mirror = new(BuiltIn.ConfigMaps, TestRegistry.Settings, NoLogger.Instance);

    private Faults Faults => Faults.Of(Sys);

    private async Task<IActorRef> StartAsync(Mirror? mirror = null, RegistrySettings? settings = null)
    {
        var target = mirror ?? _mirror;
        var used = settings ?? TestRegistry.Settings;
        var actor = Sys.ActorOf(Props.Create(() => new CollectionActor(target, used)));
        Watch(actor);
        await target.Ready.WaitAsync(RemainingOrDefault);
        return actor;
    }

    /// <summary>Another process's view: an actor that recovers from the same journal.</summary>
    private async Task<Mirror> RecoverAsync(RegistrySettings? settings = null)
    {
        var mirror = new Mirror(BuiltIn.ConfigMaps, settings ?? TestRegistry.Settings, NoLogger.Instance);
        await StartAsync(mirror, settings);
        return mirror;
    }

    [Fact]
    public async Task The_mirror_holds_a_write_when_its_writer_is_answered()
    {
        await StartAsync();

        var result = await _mirror.WriteAsync(Create("a"));

        Assert.Equal(WriteOutcome.Committed, result.Outcome);
        Assert.Same(result.Object, _mirror.Latest.Get(Key("a")));
        Assert.Equal(2, (await _mirror.ReadConsistentAsync()).Revision);
    }

    [Fact]
    public async Task Of_concurrent_replacements_of_one_version_one_wins()
    {
        await StartAsync();
        await _mirror.WriteAsync(Create("a"));

        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => _mirror.WriteAsync(Replace("a", 2, $"{i}"))));

        var winner = Assert.Single(results, r => r.Outcome == WriteOutcome.Committed);
        Assert.All(results.Except([winner]), r => Assert.Equal(WriteOutcome.Conflict, r.Outcome));
        Assert.Equal(winner.Object!.Data(), _mirror.Latest.Get(Key("a"))!.Data());
    }

    [Fact]
    public async Task Writes_that_arrive_during_a_commit_share_the_next()
    {
        await StartAsync();
        var gate = new TaskCompletionSource();
        Faults.Gate = gate.Task;

        var writes = Enumerable.Range(0, 100).Select(i => _mirror.WriteAsync(Create($"n{i}"))).ToArray();
        gate.SetResult();
        var results = await Task.WhenAll(writes);

        Assert.All(results, r => Assert.Equal(WriteOutcome.Committed, r.Outcome));
        Assert.InRange(Faults.Events, 1, 3);
        Assert.Equal(101, _mirror.Latest.Revision);
    }

    [Theory]
    [InlineData(10, 1 << 20, 10)]
    [InlineData(1000, 10_000, 5)]
    public async Task A_commit_takes_no_more_writes_and_bytes_than_it_may(int writes, int bytes, int most)
    {
        var settings = TestRegistry.Settings with { Commit = new(writes, bytes) };
        var mirror = new Mirror(BuiltIn.ConfigMaps, settings, NoLogger.Instance);
        await StartAsync(mirror, settings);
        var gate = new TaskCompletionSource();
        Faults.Gate = gate.Task;

        var created = Enumerable.Range(0, 100).Select(i => mirror.WriteAsync(Create($"n{i}", new('x', 1800)))).ToArray();
        gate.SetResult();
        await Task.WhenAll(created);

        Assert.InRange(Faults.Events, 100 / most, 100 / most + 3);
    }

    [Fact]
    public async Task A_list_of_writes_is_one_commit_however_much_it_is()
    {
        var settings = TestRegistry.Settings with { Commit = new(2, 100) };
        var mirror = new Mirror(BuiltIn.ConfigMaps, settings, NoLogger.Instance);
        await StartAsync(mirror, settings);

        await mirror.WriteAsync([.. Enumerable.Range(0, 20).Select(i => Create($"n{i}", new('x', 1800)))]);

        Assert.Equal(1, Faults.Events);
    }

    [Fact]
    public async Task A_list_of_writes_is_answered_in_its_order()
    {
        await StartAsync();

        var results = await _mirror.WriteAsync([Create("b"), Create("b"), Create("a")]);

        Assert.Equal([WriteOutcome.Committed, WriteOutcome.AlreadyExists, WriteOutcome.Committed], results.Select(r => r.Outcome));
        Assert.Equal(1, Faults.Events);
    }

    [Fact]
    public async Task A_failed_commit_is_answered_with_unavailable_and_leaves_nothing()
    {
        var actor = await StartAsync();
        await _mirror.WriteAsync(Create("kept"));
        Faults.FailBefore = true;

        var result = await _mirror.WriteAsync(Create("lost"));

        Assert.Equal(WriteOutcome.Unavailable, result.Outcome);
        Assert.Contains("the store's disk is full", result.Detail, StringComparison.Ordinal);
        await ExpectTerminatedAsync(actor);
        Assert.False(_mirror.IsOwner);
        Faults.FailBefore = false;
        var recovered = await RecoverAsync();
        Assert.Equal(["kept"], recovered.Latest.List().Select(o => o.Key.Name));
        Assert.Equal(3, (await recovered.WriteAsync(Create("lost"))).Object!.Revision);
    }

    [Fact]
    public async Task A_commit_that_is_durable_although_it_was_reported_failed_is_not_made_twice()
    {
        var actor = await StartAsync();
        Faults.FailAfter = true;

        var result = await _mirror.WriteAsync(Create("a"));

        Assert.Equal(WriteOutcome.Unavailable, result.Outcome);
        await ExpectTerminatedAsync(actor);
        Faults.FailAfter = false;
        var recovered = await RecoverAsync();
        Assert.Equal(WriteOutcome.AlreadyExists, (await recovered.WriteAsync(Create("a"))).Outcome);
        Assert.Equal(2, recovered.Latest.Revision);
        Assert.Equal(3, (await recovered.WriteAsync(Create("b"))).Object!.Revision);
    }

    [Fact]
    public async Task Writes_that_wait_behind_a_failed_commit_are_answered_too()
    {
        await StartAsync();
        var gate = new TaskCompletionSource();
        Faults.Gate = gate.Task;
        Faults.FailBefore = true;

        var writes = Enumerable.Range(0, 20).Select(i => _mirror.WriteAsync(Create($"n{i}"))).ToArray();
        gate.SetResult();

        Assert.All(await Task.WhenAll(writes), r => Assert.Equal(WriteOutcome.Unavailable, r.Outcome));
    }

    [Fact]
    public async Task A_collection_that_moves_finishes_what_it_has_taken()
    {
        var actor = await StartAsync();
        var gate = new TaskCompletionSource();
        Faults.Gate = gate.Task;
        var writes = Enumerable.Range(0, 20).Select(i => _mirror.WriteAsync(Create($"n{i}"))).ToArray();

        actor.Tell(HandOff.Instance);
        gate.SetResult();

        Assert.All(await Task.WhenAll(writes), r => Assert.Equal(WriteOutcome.Committed, r.Outcome));
        await ExpectTerminatedAsync(actor);
        Assert.Equal(20, (await RecoverAsync()).Latest.Count);
    }

    [Fact]
    public async Task Revisions_go_on_and_watches_resume_after_a_recovery()
    {
        var actor = await StartAsync();
        await _mirror.WriteAsync(Create("a"));
        await _mirror.WriteAsync(Create("b"));
        await _mirror.WriteAsync(Remove("b", 3));
        actor.Tell(HandOff.Instance);
        await ExpectTerminatedAsync(actor);

        var recovered = await RecoverAsync();
        var changes = recovered.View.After(2)!;

        Assert.Equal([(ChangeKind.Added, 3L), (ChangeKind.Deleted, 4L)], changes.Select(c => (c.Kind, c.Revision)));
        Assert.Equal(3, changes[1].Previous!.Revision);
        Assert.Equal(5, (await recovered.WriteAsync(Create("b"))).Object!.Revision);
    }

    [Fact]
    public async Task The_journal_is_cut_behind_the_history_and_recovery_still_has_both()
    {
        var settings = TestRegistry.Settings with
        {
            History = new(300, long.MaxValue),
            Retention = new(800, TimeSpan.FromDays(7)),
            Compaction = new(200, long.MaxValue),
        };
        var mirror = new Mirror(BuiltIn.ConfigMaps, settings, NoLogger.Instance);
        var actor = await StartAsync(mirror, settings);
        await mirror.WriteAsync(Create("old", "first"));
        await mirror.WriteAsync(Create("hot"));
        for (var i = 0; i < 2000; i++) await mirror.WriteAsync(Replace("hot", mirror.Latest.Get(Key("hot"))!.Revision, $"{i}"));
        await mirror.WriteAsync(Remove("old", 2));
        actor.Tell(HandOff.Instance);
        await ExpectTerminatedAsync(actor);

        var recovered = await RecoverAsync(settings);

        Assert.Equal(2004, recovered.Latest.Revision);
        Assert.Equal(["1999"], recovered.Latest.List().Select(o => o.Data()));
        Assert.NotNull(recovered.View.After(2004 - 300));
        Assert.Equal("first", (await recovered.AtAsync(2003))!.Get(Key("old"))!.Data());
        Assert.InRange(recovered.View.History.StartsAfter, 901, 1704);
    }
}

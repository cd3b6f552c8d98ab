using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Writes;
using static ActorOrch.Registry.Tests.Samples;
using static ActorOrch.Resources.Catalog.BuiltIn;

namespace ActorOrch.Registry.Tests.Persistence.Failures;

/// <summary>What the registry does on every database when a commit goes wrong below Akka.Persistence's own actors.</summary>
public abstract class StoreFaultsKit : StoreTest
{
    /// <summary>The database's journal, with <see cref="Faults"/> around its commits.</summary>
    protected abstract Type FaultyJournal { get; }

    private async Task<(Faults Faults, ICollection Collection)> StartFaultyAsync(string more = "")
    {
        var (system, registry) = await StartAsync($"""
            akka.persistence.journal.sql.class = "{FaultyJournal.FullName}, {FaultyJournal.Assembly.GetName().Name}"
            akka.persistence.journal.sql.circuit-breaker.call-timeout = 1s
            {more}
            """);
        Assert.Equal(WriteOutcome.Committed, (await registry[ConfigMaps].WriteAsync(Create("before"))).Outcome);
        return (Faults.Of(system), registry[ConfigMaps]);
    }

    [Fact]
    public async Task A_commit_that_fails_is_refused_reads_go_on_and_the_collection_resumes()
    {
        var (faults, collection) = await StartFaultyAsync();
        using var witness = new Witness(collection);
        faults.FailBefore = true;

        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => collection.WriteAsync(Create($"n{i}")))).WaitAsync(Patience);

        Assert.All(results, r => Assert.Equal(WriteOutcome.Unavailable, r.Outcome));
        Assert.Equal(["before"], (await collection.ReadConsistentAsync()).List().Select(o => o.Key.Name));
        faults.FailBefore = false;
        await OwnedAsync(collection);
        await witness.ResumedAsync("after");
        Assert.Equal(["after", "before"], collection.Latest.List().Select(o => o.Key.Name));
    }

    [Fact]
    public async Task While_the_store_is_down_writes_are_refused_at_once_and_reads_go_on()
    {
        var (faults, collection) = await StartFaultyAsync("actororch.registry.follow.retry = 3s");
        using var witness = new Witness(collection);
        faults.FailBefore = true;
        // The first failure is followed by a recovery at once, the second by a pause: this owner has stored nothing.
        for (var failures = 0; failures < 2; failures++)
        {
            await OwnedAsync(collection);
            Assert.Equal(WriteOutcome.Unavailable, (await collection.WriteAsync(Create("lost"))).Outcome);
        }
        await LostAsync(collection);

        var refused = collection.WriteAsync(Create("refused"));

        Assert.True(refused.IsCompleted, "a write waits although the store is known to be down");
        Witness.Refused(await refused, "the store's disk is full");
        Assert.Equal(["before"], (await collection.ReadConsistentAsync()).List().Select(o => o.Key.Name));
        faults.FailBefore = false;
        await OwnedAsync(collection);
        await witness.ResumedAsync("after");
    }

    [Fact]
    public async Task A_commit_that_succeeds_but_reports_failure_is_not_made_twice()
    {
        var (faults, collection) = await StartFaultyAsync();
        using var witness = new Witness(collection);
        faults.FailAfter = true;
        Assert.Equal(WriteOutcome.Unavailable, (await collection.WriteAsync(Create("a"))).Outcome);
        faults.FailAfter = false;
        await OwnedAsync(collection);

        Assert.Equal(WriteOutcome.AlreadyExists, (await collection.WriteAsync(Create("a"))).Outcome);

        await witness.ResumedAsync("after");
        Assert.Equal(4, collection.Latest.Revision);
    }

    [Fact]
    public async Task A_commit_that_hangs_is_given_up_and_does_not_land_beside_its_retry()
    {
        var (faults, collection) = await StartFaultyAsync();
        using var witness = new Witness(collection);
        var stuck = new TaskCompletionSource();
        faults.Gate = stuck.Task;

        var writes = Enumerable.Range(0, 20).Select(i => collection.WriteAsync(Create($"n{i}", "first"))).ToArray();
        Assert.All(await Task.WhenAll(writes).WaitAsync(Patience), r => Witness.Refused(r, "the store does not answer"));
        faults.Gate = Task.CompletedTask;
        await OwnedAsync(collection);
        Assert.Equal(WriteOutcome.Committed, (await collection.WriteAsync(Create("n0", "second"))).Outcome);
        var events = faults.Events;
        stuck.SetResult();

        await witness.ResumedAsync("after");
        Assert.Equal(events + 1, faults.Events);
        Assert.Equal("second", collection.Latest.Get(Key("n0"))!.Data());
        Assert.Equal(["after", "before", "n0"], collection.Latest.List().Select(o => o.Key.Name));
    }

    [Fact]
    public async Task A_commit_whose_answer_never_comes_is_found_by_the_recovery()
    {
        var (faults, collection) = await StartFaultyAsync();
        using var witness = new Witness(collection);
        var silent = new TaskCompletionSource();
        faults.GateAfter = silent.Task;

        Witness.Refused(await collection.WriteAsync(Create("a")).WaitAsync(Patience), "the store does not answer");
        faults.GateAfter = Task.CompletedTask;
        await OwnedAsync(collection);

        Assert.Equal(WriteOutcome.AlreadyExists, (await collection.WriteAsync(Create("a"))).Outcome);
        silent.SetResult();
        await witness.ResumedAsync("after");
    }
}

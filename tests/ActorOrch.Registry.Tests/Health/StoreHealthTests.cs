using ActorOrch.Registry.Health;
using ActorOrch.Registry.Tests.Persistence;
using ActorOrch.Registry.Tests.Persistence.Failures;
using ActorOrch.Registry.Writes;
using Microsoft.Data.Sqlite;
using static ActorOrch.Registry.Tests.Samples;
using static ActorOrch.Resources.Catalog.BuiltIn;

namespace ActorOrch.Registry.Tests.Health;

public sealed class StoreHealthTests : StoreTest
{
    private readonly TemporaryDirectory _directory = new();

    protected override Task<string> CreateStoreAsync() => Task.FromResult(TestRegistry.OnSqlite(_directory.Path));

    protected override Task RemoveStoreAsync()
    {
        _directory.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_store_that_takes_a_commit_is_well_and_keeps_nothing_of_it()
    {
        var (system, _) = await StartAsync();
        var check = StoreHealthCheck.Start(system, "n1", TimeProvider.System);

        Assert.Null(await AskAsync(check));
        Assert.Null(await AskAsync(check));

        await WhenAsync(async () => await RowsAsync() is (0, <= 1));
    }

    [Fact]
    public async Task A_store_that_fails_is_not_until_it_takes_commits_again()
    {
        var (system, _) = await StartAsync(
            $"akka.persistence.journal.sql.class = \"{typeof(FaultySqliteJournal).FullName}, {typeof(FaultySqliteJournal).Assembly.GetName().Name}\"");
        var faults = Faults.Of(system);
        var check = StoreHealthCheck.Start(system, "n1", TimeProvider.System);
        faults.FailBefore = true;

        Assert.Equal("the store's disk is full", await AskAsync(check));
        await WhenAsync(async () => await AskAsync(check) == "the store's disk is full");
        faults.FailBefore = false;

        await WhenAsync(async () => await AskAsync(check) is null);
    }

    [Fact]
    public async Task A_store_that_hangs_is_not_well()
    {
        var (system, _) = await StartAsync($"""
            akka.persistence.journal.sql.class = "{typeof(FaultySqliteJournal).FullName}, {typeof(FaultySqliteJournal).Assembly.GetName().Name}"
            akka.persistence.journal.sql.circuit-breaker.call-timeout = 1s
            """);
        var check = StoreHealthCheck.Start(system, "n1", TimeProvider.System);
        var stuck = new TaskCompletionSource();
        Faults.Of(system).Gate = stuck.Task;

        Assert.Equal("the store does not answer", await AskAsync(check));
        stuck.SetResult();
    }

    [Fact]
    public async Task A_disk_that_fills_up_is_noticed_and_so_is_room()
    {
        using var small = await SmallDisk.MountAsync("16m");
        var (system, registry) = await StartAsync(TestRegistry.OnSqlite(small.Path));
        var check = StoreHealthCheck.Start(system, "n1", TimeProvider.System);
        Assert.Null(await AskAsync(check));
        var filler = Path.Combine(small.Path, "filler");

        await File.WriteAllBytesAsync(filler, new byte[13 << 20]);

        Assert.StartsWith("the store's disk is full: ", await AskAsync(check));
        File.Delete(filler);
        await WhenAsync(async () => await AskAsync(check) is null);
        Assert.Equal(WriteOutcome.Committed, (await registry[ConfigMaps].WriteAsync(Create("after"))).Outcome);
        await system.Terminate();
        SqliteConnection.ClearAllPools();
    }

    [Fact]
    public async Task Collections_that_have_an_owner_are_well_and_those_of_a_dead_system_are_not()
    {
        var (system, registry) = await StartAsync();
        var check = new RegistryHealthCheck(registry);

        Assert.Null(await AskAsync(check));
        await system.Terminate();

        Assert.Contains("configmaps: ", await AskAsync(check));
    }

    private static async Task<string?> AskAsync(IHealthCheck check)
    {
        using var patience = new CancellationTokenSource(Patience);
        return await check.CheckAsync(patience.Token);
    }

    private static async Task WhenAsync(Func<Task<bool>> reached)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await reached()) await Task.Delay(20, patience.Token);
    }

    // What was removed stays as a mark of its number until the next one goes.
    private async Task<(long Kept, long Marks)> RowsAsync()
    {
        await using var journal = new SqliteConnection($"Data Source={Path.Combine(_directory.Path, "journal.db")};Pooling=False");
        await journal.OpenAsync();
        await using var command = journal.CreateCommand();
        command.CommandText = "SELECT COUNT(*) - TOTAL(deleted), TOTAL(deleted) FROM journal WHERE persistence_id LIKE 'store-probe-%'";
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        return ((long)row.GetDouble(0), (long)row.GetDouble(1));
    }
}

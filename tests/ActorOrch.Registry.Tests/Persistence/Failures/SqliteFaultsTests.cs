using ActorOrch.Registry.Tests.Persistence.Disks;
using ActorOrch.Registry.Writes;
using Microsoft.Data.Sqlite;
using static ActorOrch.Registry.Tests.Samples;
using static ActorOrch.Resources.Catalog.BuiltIn;

namespace ActorOrch.Registry.Tests.Persistence.Failures;

/// <summary>The kit on SQLite, and what goes wrong with files: the disk is full, the disk fails, another program locks them.</summary>
public sealed class SqliteFaultsTests : StoreFaultsKit
{
    private readonly TemporaryDirectory _directory = new();

    private string Journal => Path.Combine(_directory.Path, "journal.db");

    protected override Type FaultyJournal => typeof(FaultySqliteJournal);

    protected override Task<string> CreateStoreAsync() => Task.FromResult(TestRegistry.OnSqlite(_directory.Path));

    protected override Task RemoveStoreAsync()
    {
        _directory.Dispose();
        return Task.CompletedTask;
    }

    private string JournalWith(string more) => $"""akka.persistence.journal.sql.connection-string = "Data Source={Journal};{more}" """;

    [Fact]
    public async Task A_file_that_another_program_locks_refuses_writes_until_it_is_let_go()
    {
        var (_, registry) = await StartAsync(JournalWith("Default Timeout=1"));
        var collection = registry[ConfigMaps];
        await collection.WriteAsync(Create("before"));
        using var witness = new Witness(collection);
        await using var other = new SqliteConnection($"Data Source={Journal};Pooling=False");
        await other.OpenAsync();
        var transaction = other.BeginTransaction();

        Witness.Refused(await collection.WriteAsync(Create("lost")).WaitAsync(Patience), "locked by another program");

        Assert.Equal(["before"], (await collection.ReadConsistentAsync()).List().Select(o => o.Key.Name));
        await transaction.DisposeAsync();
        await OwnedAsync(collection);
        await witness.ResumedAsync("after");
    }

    [Fact]
    public async Task A_disk_that_is_full_refuses_writes_until_there_is_room()
    {
        using var small = await SmallDisk.MountAsync("1m");
        var (system, registry) = await StartAsync(TestRegistry.OnSqlite(small.Path));
        var collection = registry[ConfigMaps];
        using var witness = new Witness(collection);
        var acknowledged = new List<string>();
        WriteResult result;
        while ((result = await collection.WriteAsync(Create($"n{acknowledged.Count}", new string('x', 20_000))).WaitAsync(Patience)).Outcome == WriteOutcome.Committed)
            acknowledged.Add($"n{acknowledged.Count}");

        Witness.Refused(result, "the store's disk is full");
        Assert.Equal(acknowledged.Order(StringComparer.Ordinal), (await collection.ReadConsistentAsync()).List().Select(o => o.Key.Name));
        await small.GrowAsync("16m");
        await OwnedAsync(collection);
        await witness.ResumedAsync("after");
        Assert.Empty(acknowledged.Except(collection.Latest.List().Select(o => o.Key.Name)));
        await system.Terminate();
        SqliteConnection.ClearAllPools();
    }

    [Fact]
    public async Task A_disk_that_fails_to_sync_refuses_the_write_and_the_next_one_is_safe_again()
    {
        var failing = new FailingDisk();
        using var disk = new TestDisk(failing);
        var (system, registry) = await StartAsync(JournalWith($"Default Timeout=5;Vfs={disk.Name}"));
        var collection = registry[ConfigMaps];
        await collection.WriteAsync(Create("before"));
        using var witness = new Witness(collection);

        failing.FailSyncs = true;
        Witness.Refused(await collection.WriteAsync(Create("lost")).WaitAsync(Patience), "the store's disk failed");
        failing.FailSyncs = false;
        await OwnedAsync(collection);

        await witness.ResumedAsync("after");
        Assert.Equal(["after", "before"], collection.Latest.List().Select(o => o.Key.Name));
        await system.Terminate();
    }

    private sealed class FailingDisk : IDiskObserver
    {
        public volatile bool FailSyncs;

        public int Writing(string path, long offset, ReadOnlySpan<byte> bytes) => NativeSqlite.Ok;

        public void Truncating(string path, long size)
        {
        }

        public int Syncing(string path) => FailSyncs ? NativeSqlite.FsyncFailed : NativeSqlite.Ok;

        public void Deleted(string path)
        {
        }
    }
}

using ActorOrch.Registry.Files;
using ActorOrch.Registry.Persistence;
using ActorOrch.Registry.Persistence.Records;
using ActorOrch.Registry.Tests.Persistence.Disks;
using ActorOrch.Registry.Writes;
using Akka.Configuration;
using Microsoft.Data.Sqlite;
using static ActorOrch.Registry.Tests.Samples;
using static ActorOrch.Resources.Catalog.BuiltIn;

namespace ActorOrch.Registry.Tests.Persistence;

/// <summary>The kit on SQLite, and what only SQLite needs: that its commits are on the disk.</summary>
public sealed class SqliteStoreTests : StoreKit
{
    private readonly TemporaryDirectory _directory = new();

    private string Journal => Path.Combine(_directory.Path, "journal.db");

    protected override Task<string> CreateStoreAsync() => Task.FromResult(TestRegistry.OnSqlite(_directory.Path));

    protected override Task RemoveStoreAsync()
    {
        _directory.Dispose();
        return Task.CompletedTask;
    }

    protected override async Task<long> OldestEventAsync() =>
        (long)(await AskAsync(Journal, "SELECT min(sequence_number) FROM journal WHERE persistence_id = 'collection/configmaps' AND NOT deleted"))!;

    protected override Task RemoveFenceAsync() => AskAsync(Journal, "DROP TRIGGER journal_fence");

    private static async Task<object?> AskAsync(string file, string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync();
    }

    /// <summary>With so short a window that snapshots are stored and the journal is cut all the time.</summary>
    private string On(TestDisk disk) => $"""
        akka.persistence.journal.sql.connection-string = "Data Source={Journal};Default Timeout=5;Vfs={disk.Name}"
        akka.persistence.snapshot-store.sql.connection-string = "Data Source={Path.Combine(_directory.Path, "snapshots.db")};Default Timeout=5;Vfs={disk.Name}"
        actororch.registry.history.versions = 256
        actororch.registry.history.memory.versions = 256
        actororch.registry.checkpoint.commits = 32
        actororch.registry.checkpoint.bytes = 1
        """;

    [Fact]
    public void Those_that_make_a_new_file_at_once_all_find_it()
    {
        const int rounds = 500;
        using var begin = new Barrier(4);
        var makers = Enumerable.Range(0, begin.ParticipantCount).Select(_ => Task.Factory.StartNew(
            () =>
            {
                var failures = new List<Exception?>();
                for (var round = 0; round < rounds; round++)
                {
                    begin.SignalAndWait();
                    failures.Add(Record.Exception(() => Store.MakePrivate(Path.Combine(_directory.Path, $"{round}.db"))));
                }
                return failures;
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        Assert.All(makers.SelectMany(m => m.Result), Assert.Null);
        Assert.All(Directory.GetFiles(_directory.Path), f => Assert.Equal(SmallFile.OwnerOnly, File.GetUnixFileMode(f)));
    }

    [Fact]
    public async Task Nothing_is_acknowledged_before_the_write_ahead_log_is_synced()
    {
        var recorded = new VolatileDisk();
        using var disk = new TestDisk(recorded);
        var (system, registry) = await StartAsync(On(disk));
        var log = $"{Journal}-wal";
        var before = recorded.SyncsOf(log);

        for (var i = 0; i < 50; i++)
        {
            var result = await registry[ConfigMaps].WriteAsync(Create($"n{i}"));
            Assert.Equal(WriteOutcome.Committed, result.Outcome);
            Assert.Equal(0, recorded.UnsyncedOf(log));
        }

        Assert.InRange(recorded.SyncsOf(log) - before, 50, 1000);
        await system.Terminate();
    }

    [Fact]
    public async Task What_was_acknowledged_survives_a_loss_of_power_at_any_moment()
    {
        var (lost, acknowledged) = await LosePowerAsync(new VolatileDisk(), directory => RecoveredAsync(directory));

        Assert.True(acknowledged > 0, "nothing was acknowledged before the power went");
        Assert.Equal(0, lost);
    }

    /// <summary>Each part of a checkpoint waits for the disk with the row that makes the checkpoint visible, and not before.</summary>
    [Fact]
    public async Task A_checkpoint_that_is_found_after_a_loss_of_power_has_all_its_parts()
    {
        var parts = 0L;
        var (lost, acknowledged) = await LosePowerAsync(new VolatileDisk(), async directory =>
        {
            parts += await AskAsync(Path.Combine(directory, "snapshots.db"), "SELECT count(*) FROM snapshot WHERE persistence_id = 'collection-parts/configmaps'") as long? ?? 0;
            return await RecoveredAsync(directory, earlierVersions: 60);
        }, largeObjects: 20);

        Assert.Equal(0, lost);
        Assert.InRange(acknowledged, 20, int.MaxValue);
        Assert.True(parts > 0, "no checkpoint was of more than one row");
    }

    [Fact]
    public async Task A_disk_that_lies_about_its_syncs_does_lose_writes_so_the_test_above_can_fail()
    {
        var (lost, acknowledged) = await LosePowerAsync(new VolatileDisk(honest: false), directory => Task.FromResult(Journaled(directory)));

        Assert.InRange(lost, 1, acknowledged);
    }

    [Fact]
    public void A_database_that_cannot_have_a_write_ahead_log_is_refused()
    {
        var refused = Assert.Throws<ConfigurationException>(() => Store.PrepareSqlite("Data Source=:memory:", Tables.SqliteJournal));

        Assert.Contains("journal_mode is memory, not wal", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Cuts the power three times under load. Returns how many of the acknowledged writes were gone the worst time, and how many there were then.</summary>
    /// <param name="read">The names that are found afterwards in a directory.</param>
    /// <param name="largeObjects">That there are to begin with, of 200 KB each, and three earlier versions of each.</param>
    private async Task<(int Lost, int Acknowledged)> LosePowerAsync(
        VolatileDisk recorded, Func<string, Task<IReadOnlyCollection<string>>> read, int largeObjects = 0)
    {
        using var disk = new TestDisk(recorded);
        var (system, registry) = await StartAsync(On(disk));
        var acknowledged = new List<string>();
        for (var i = 0; i < largeObjects; i++) acknowledged.Add($"large-{i}");
        foreach (var name in acknowledged)
        {
            var large = await registry[ConfigMaps].WriteAsync(Create(name, new string('x', 200_000)));
            for (var version = 0; version < 3; version++)
                large = await registry[ConfigMaps].WriteAsync(Replace(name, large.Object!.Revision, new string((char)('a' + version), 200_000)));
            Assert.Equal(WriteOutcome.Committed, large.Outcome);
        }
        var worst = (Lost: 0, Acknowledged: 0);
        var random = new Random(1);
        using var end = new CancellationTokenSource();
        var writers = Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; !end.IsCancellationRequested; i++)
            {
                var name = $"w{writer}-{i}";
                var result = await registry[ConfigMaps].WriteAsync(Create(name, new string('x', 2000)));
                Assert.Equal(WriteOutcome.Committed, result.Outcome);
                lock (acknowledged) acknowledged.Add(name);
            }
        })).ToArray();
        for (var cut = 1; cut <= 3; cut++)
        {
            await registry[ConfigMaps].ReadAtLeastAsync(400 * cut).AsTask().WaitAsync(Patience);
            using var after = new TemporaryDirectory();
            HashSet<string> promised;
            lock (acknowledged) promised = [.. acknowledged];
            recorded.LosePower(_directory.Path, after.Path, random.NextDouble);
            var left = await read(after.Path);
            var lost = promised.Except(left).Count();
            if (lost > worst.Lost || worst.Acknowledged == 0) worst = (lost, promised.Count);
        }
        await end.CancelAsync();
        await Task.WhenAll(writers).WaitAsync(Patience);
        await system.Terminate();
        return worst;
    }

    /// <summary>What a registry makes of it.</summary>
    private static async Task<IReadOnlyCollection<string>> RecoveredAsync(string directory, int earlierVersions = 0)
    {
        var (system, registry) = await TestRegistry.StartAsync(directory);
        var names = registry[ConfigMaps].Latest.List().Select(o => o.Key.Name).ToArray();
        Assert.Equal(names.Length + earlierVersions + 1, registry[ConfigMaps].Latest.Revision);
        await system.Terminate();
        return names;
    }

    /// <summary>What is in the table, where there is one that can be read.</summary>
    private static IReadOnlyCollection<string> Journaled(string directory)
    {
        var names = new List<string>();
        using var connection = new SqliteConnection($"Data Source={Path.Combine(directory, "journal.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT message FROM journal WHERE persistence_id = 'collection/configmaps' ORDER BY sequence_number";
        try
        {
            using var rows = command.ExecuteReader();
            while (rows.Read()) names.AddRange(RecordFormats.ReadCommit(new WireReader(RecordEnvelope.Open((byte[])rows[0], () => null, out _))).Changes.Select(c => c.Key.Name));
        }
        catch (SqliteException damaged) when (damaged.SqliteErrorCode is 1 or 11 or 26)
        {
            // No table, or no database, or pages that do not fit together.
        }
        return names;
    }
}

using System.Diagnostics;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Files;
using ActorOrch.Registry.Persistence;
using ActorOrch.Registry.Persistence.Sqlite;
using ActorOrch.Registry.Tests.Persistence.Disks;
using ActorOrch.Registry.Writes;
using Akka.Actor;
using Microsoft.Data.Sqlite;
using static ActorOrch.Registry.Tests.Samples;
using static ActorOrch.Resources.Catalog.BuiltIn;

namespace ActorOrch.Registry.Tests.Persistence.Sqlite;

/// <summary>An older file in the place of one of SQLite's is noticed, whenever it was copied; what a kill or a loss of power leaves never is.</summary>
public sealed class StoreMarksTests : IDisposable
{
    private const string Later = "another\n";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryDirectory _directory = new(), _copies = new();
    private int _copied, _written;

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _directory.Dispose();
        _copies.Dispose();
    }

    private string In(string name) => Path.Combine(_directory.Path, name);

    /// <summary>With so short a window that snapshots are stored and the journal is cut all the time.</summary>
    private string Settings(string more) => $"""
        {TestRegistry.OnSqlite(_directory.Path)}
        akka.persistence.journal.sql.connection-string = "Data Source={In("journal.db")};Default Timeout=5{more}"
        akka.persistence.snapshot-store.sql.connection-string = "Data Source={In("snapshots.db")};Default Timeout=5{more}"
        actororch.registry.history.versions = 256
        actororch.registry.history.memory.versions = 256
        actororch.registry.checkpoint.commits = 32
        actororch.registry.checkpoint.bytes = 1
        """;

    private async Task<(ActorSystem System, ICollection Collection, OpenStore Open)> StartAsync(string more = "")
    {
        foreach (var (name, tables) in (ReadOnlySpan<(string, string)>)[("journal.db", Tables.SqliteJournal), ("snapshots.db", Tables.SqliteSnapshots)])
            Store.PrepareSqlite($"Data Source={In(name)};Pooling=False", tables);
        var open = new OpenStore(_directory.Path);
        open.Begin();
        var (system, registry) = await TestRegistry.StartOnAsync(Settings(more));
        return (system, registry[ConfigMaps], open);
    }

    private async Task WriteAsync(ICollection collection, int objects, int bytes)
    {
        for (var i = 0; i < objects; i++)
            Assert.Equal(WriteOutcome.Committed, (await collection.WriteAsync(Create($"n{_written++}", new string('x', bytes))).WaitAsync(Patience)).Outcome);
    }

    /// <summary>As a kill leaves it, at a moment in which nothing is written. By another process: to close a file of its own lets go of SQLite's locks on it.</summary>
    private async Task<string> KilledAsync()
    {
        while (true)
        {
            var before = Stamps();
            var copy = await CopyOfAsync(_directory.Path);
            if (Stamps() == before) return copy;
            Directory.Delete(copy, recursive: true);
        }
    }

    private string Stamps() => string.Join(' ', Directory.EnumerateFiles(_directory.Path).Order(StringComparer.Ordinal).Select(f => FileStamp.Of(FileStamp.Name(f))));

    private async Task<string> CopyOfAsync(string directory)
    {
        var copy = Path.Combine(_copies.Path, $"{++_copied}");
        using var cp = Process.Start("cp", ["-a", directory, copy]);
        await cp.WaitForExitAsync();
        Assert.Equal(0, cp.ExitCode);
        return copy;
    }

    private static string? Refusal(string directory)
    {
        var open = new OpenStore(directory);
        return open.Mixed() ?? open.Lost() ?? open.Older();
    }

    [Fact]
    public async Task An_older_file_or_pair_is_noticed_whenever_it_was_copied_and_the_right_ones_never_are()
    {
        const int moments = 12;
        var (system, collection, open) = await StartAsync();
        var copies = new List<string>();
        for (var moment = 0; moment < moments; moment++)
        {
            await WriteAsync(collection, 1 + (moment % 3 * 4), moment % 2 == 0 ? 400_000 : 2_000);
            copies.Add(await KilledAsync());
        }
        await system.Terminate();
        open.Dispose();
        foreach (var copy in copies) Assert.Null(Refusal(await CopyOfAsync(copy)));

        var latest = copies[^1];
        var (mixed, older) = (0, 0);
        foreach (var earlier in copies[..^1])
        {
            // With its own log: less than was acknowledged, however little that is.
            var pair = await CopyOfAsync(latest);
            foreach (var part in (string[])["journal.db", "journal.db-wal", "journal.db-shm"]) File.Copy(Path.Combine(earlier, part), Path.Combine(pair, part), overwrite: true);
            Assert.Matches("journal.db is (older than what was written last|an older file)", Refusal(pair));
            older++;
            foreach (var name in (string[])["journal.db", "snapshots.db"])
            {
                var one = await CopyOfAsync(latest);
                File.Copy(Path.Combine(earlier, name), Path.Combine(one, name), overwrite: true);
                var refusal = Refusal(one);
                if (refusal is not null) mixed++;
                else await IsWholeAsync(one, name, latest);
            }
        }
        Assert.Equal(moments - 1, older);
        // How often a log goes into its file is the background's business; that it never does would show nothing.
        Assert.InRange(mixed, 1, 2 * moments);
    }

    [Fact]
    public async Task After_a_clean_end_an_older_file_is_noticed_too()
    {
        var (system, collection, open) = await StartAsync();
        await WriteAsync(collection, 3, 2_000);
        await system.Terminate();
        open.End();
        SqliteConnection.ClearAllPools();
        var first = await KilledAsync();
        (system, collection, open) = await StartAsync();
        await WriteAsync(collection, 1, 2_000);
        await system.Terminate();
        open.End();
        SqliteConnection.ClearAllPools();

        Assert.Null(Refusal(_directory.Path));
        foreach (var name in (string[])["journal.db", "snapshots.db"])
        {
            var older = await CopyOfAsync(_directory.Path);
            File.Copy(Path.Combine(first, name), Path.Combine(older, name), overwrite: true);
            Assert.Contains($"{name} is older than what was written last", Refusal(older), StringComparison.Ordinal);
            File.Delete(StoreMarks.PathIn(older));
            Assert.Null(Refusal(older));
        }
    }

    /// <summary>SQLite keeps its log where the file is.</summary>
    [Fact]
    public async Task Files_that_lie_elsewhere_with_their_logs_are_followed()
    {
        using var elsewhere = new TemporaryDirectory();
        foreach (var (name, tables) in (ReadOnlySpan<(string, string)>)[("journal.db", Tables.SqliteJournal), ("snapshots.db", Tables.SqliteSnapshots)])
        {
            Store.PrepareSqlite($"Data Source={Path.Combine(elsewhere.Path, name)};Pooling=False", tables);
            File.CreateSymbolicLink(In(name), Path.Combine(elsewhere.Path, name));
        }
        var (system, collection, open) = await StartAsync();
        await WriteAsync(collection, 3, 2_000);
        var written = StoreMarks.Read(_directory.Path)[0].Mark.Written;
        Assert.True(written >= 3, $"{written}");
        Assert.Null(Refusal(_directory.Path));
        await system.Terminate();
        open.Dispose();
    }

    [Fact]
    public async Task What_a_loss_of_power_leaves_at_any_moment_is_not_refused()
    {
        const int cuts = 40;
        var recorded = new VolatileDisk();
        using var disk = new TestDisk(recorded);
        var (system, collection, open) = await StartAsync($";Vfs={disk.Name}");
        using var end = new CancellationTokenSource();
        var writers = Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; !end.IsCancellationRequested; i++) await collection.WriteAsync(Create($"w{writer}-{i}", new string('x', i % 10 == 0 ? 200_000 : 2_000)));
        })).ToArray();
        var random = new Random(1);
        var copied = 0L;
        for (var cut = 1; cut <= cuts; cut++)
        {
            await collection.ReadAtLeastAsync(25 * cut).AsTask().WaitAsync(Patience);
            using var after = new TemporaryDirectory();
            recorded.LosePower(_directory.Path, after.Path, random.NextDouble);
            await File.WriteAllTextAsync(Path.Combine(after.Path, OpenStore.FileName), Later);
            Assert.Null(Refusal(after.Path));
            copied = Math.Max(copied, StoreMarks.Read(after.Path)[0].Mark.Copied);
        }
        await end.CancelAsync();
        await Task.WhenAll(writers).WaitAsync(Patience);
        await system.Terminate();
        open.Dispose();
        Assert.True(copied > 0, "no log began anew");
    }

    [Theory]
    [InlineData("")]
    [InlineData("journal.db 1 2\n")]
    [InlineData("other.db 0000000000000000001 0000000000000000002\n")]
    [InlineData("journal.db 0000000000000000001 000000000000000000x\n")]
    public void A_file_that_is_no_mark_is_named(string text)
    {
        File.WriteAllText(StoreMarks.PathIn(_directory.Path), text);
        Assert.Contains(StoreMarks.FileName, Assert.Throws<DamagedFileException>(() => new OpenStore(_directory.Path).Older()).Message, StringComparison.Ordinal);
    }

    /// <summary>One that was copied after the log had begun is made whole by it.</summary>
    private static async Task IsWholeAsync(string directory, string name, string right)
    {
        Assert.Equal(await DescribeAsync(right, name), await DescribeAsync(directory, name));
    }

    private static async Task<string> DescribeAsync(string directory, string name)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(directory, name)};Pooling=False");
        await connection.OpenAsync();
        MarkedDatabase.LeaveLog(connection);
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA integrity_check";
        var sound = await command.ExecuteScalarAsync();
        var (table, content) = name == "journal.db" ? ("journal", "message") : ("snapshot", "snapshot");
        command.CommandText = $"SELECT COUNT(*) || ' ' || SUM(sequence_number) || ' ' || SUM(LENGTH({content})) FROM {table}";
        return $"{sound} {await command.ExecuteScalarAsync()}";
    }
}

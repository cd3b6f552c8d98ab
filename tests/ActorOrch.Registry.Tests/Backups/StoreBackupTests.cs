using ActorOrch.Registry.Backups;
using ActorOrch.Registry.Clustering;
using ActorOrch.Registry.Files;
using ActorOrch.Registry.Persistence;
using ActorOrch.Registry.Writes;
using Microsoft.Data.Sqlite;
using static ActorOrch.Registry.Tests.Samples;
using static ActorOrch.Resources.Catalog.BuiltIn;

namespace ActorOrch.Registry.Tests.Backups;

public sealed class StoreBackupTests : IDisposable
{
    /// <summary>Checkpoints and cuts of the journal come all the time.</summary>
    private const string Restless = """
        actororch.registry.history.versions = 32
        actororch.registry.history.memory.versions = 32
        actororch.registry.checkpoint.commits = 8
        actororch.registry.checkpoint.bytes = 1
        """;

    private readonly TemporaryDirectory _directory = new();

    private string Data => Path.Combine(_directory.Path, "data");

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _directory.Dispose();
    }

    [Fact]
    public async Task Backups_made_under_load_hold_all_that_was_acknowledged_before_and_nothing_is_missing_in_between()
    {
        var (system, registry) = await StartAsync();
        using var end = new CancellationTokenSource();
        var acknowledged = new long[4];
        var writers = Enumerable.Range(0, acknowledged.Length).Select(w => Task.Run(async () =>
        {
            for (var i = 1L; !end.IsCancellationRequested; i++)
            {
                Assert.Equal(WriteOutcome.Committed, (await registry[ConfigMaps].WriteAsync(Create($"w{w}-{i}", new string('x', 500)))).Outcome);
                Volatile.Write(ref acknowledged[w], i);
            }
        })).ToArray();
        for (var round = 1; round <= 6; round++)
        {
            await registry[ConfigMaps].ReadAtLeastAsync(150 * round);
            var before = acknowledged.Select((_, w) => Volatile.Read(ref acknowledged[w])).ToArray();
            var file = Path.Combine(_directory.Path, $"backup-{round}");
            await Task.Run(() => StoreBackup.Write(Data, file, TimeProvider.System));
            Assert.Equal(SmallFile.OwnerOnly, File.GetUnixFileMode(file));
            var restored = Path.Combine(_directory.Path, $"restored-{round}");
            StoreRestore.Read(file, restored);

            var (other, found) = await TestRegistry.StartOnAsync(TestRegistry.OnSqlite(restored) + Restless);
            var names = found[ConfigMaps].Latest.List().Select(o => o.Key.Name).ToHashSet();
            for (var w = 0; w < before.Length; w++)
            {
                var last = names.Where(n => n.StartsWith($"w{w}-", StringComparison.Ordinal)).Select(n => long.Parse(n[3..])).Max();
                Assert.True(last >= before[w], $"{before[w]} were acknowledged, and {last} are there");
                for (var i = 1; i <= last; i++) Assert.Contains($"w{w}-{i}", names);
            }
            Assert.Equal(names.Count + 1, found[ConfigMaps].Latest.Revision);
            await other.Terminate();
        }
        await end.CancelAsync();
        await Task.WhenAll(writers);
        await system.Terminate();
    }

    [Fact]
    public async Task A_backup_that_was_cut_or_changed_anywhere_is_refused_before_anything_is_made()
    {
        var file = await BackupAsync();
        var whole = File.ReadAllBytes(file);
        var random = new Random(1);
        var target = Path.Combine(_directory.Path, "restored");
        for (var i = 0; i < 60; i++)
        {
            var damaged = i % 3 == 0 ? whole[..random.Next(whole.Length - 1024)] : whole.ToArray();
            if (i % 3 != 0) damaged[random.Next(whole.Length)] ^= (byte)(1 << random.Next(8));
            var copy = Path.Combine(_directory.Path, "damaged");
            File.WriteAllBytes(copy, damaged);
            try
            {
                StoreRestore.Read(copy, target);
            }
            catch (BackupException refused)
            {
                Assert.NotEmpty(refused.Message);
                Assert.False(Directory.Exists(target), refused.Message);
                continue;
            }
            // Padding, or what tar itself keeps of times and owners.
            Assert.Equal(Contents(Data), Contents(target));
            Directory.Delete(target, recursive: true);
        }
        StoreRestore.Read(file, target);
        Assert.Equal(Contents(Data), Contents(target));
        Assert.All(Directory.GetFiles(target, "*", SearchOption.AllDirectories), f => Assert.Equal(SmallFile.OwnerOnly, File.GetUnixFileMode(f)));
    }

    [Fact]
    public async Task Neither_a_file_nor_a_directory_that_has_anything_is_ever_written_over()
    {
        var file = await BackupAsync();
        Assert.Contains("is there already", Assert.Throws<BackupException>(() => StoreBackup.Write(Data, file, TimeProvider.System)).Message, StringComparison.Ordinal);
        Assert.Contains("is not empty", Assert.Throws<BackupException>(() => StoreRestore.Read(file, Data)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_place_to_work_in_that_somebody_else_made_is_not_used()
    {
        var (system, _) = await StartAsync();
        await system.Terminate();
        var file = Path.Combine(_directory.Path, "backup");
        Directory.CreateDirectory(file + ".parts");
        Assert.Throws<IOException>(() => StoreBackup.Write(Data, file, TimeProvider.System));
        Assert.False(File.Exists(file));
    }

    [Fact]
    public void Where_the_store_is_in_PostgreSQL_it_says_what_to_use()
    {
        Directory.CreateDirectory(Data);
        File.WriteAllText(Path.Combine(Data, "cluster-id"), "0123456789ab\n");

        var refused = Assert.Throws<BackupException>(() => StoreBackup.Write(Data, Path.Combine(_directory.Path, "b"), TimeProvider.System));

        Assert.Contains("PostgreSQL", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--config FILE", refused.Message, StringComparison.Ordinal);
    }

    private async Task<string> BackupAsync()
    {
        var (system, registry) = await StartAsync();
        for (var i = 0; i < 40; i++) await registry[ConfigMaps].WriteAsync(Create($"n{i}", new string('x', 2000)));
        await system.Terminate();
        SqliteConnection.ClearAllPools();
        var file = Path.Combine(_directory.Path, "backup");
        StoreBackup.Write(Data, file, TimeProvider.System);
        return file;
    }

    private async Task<(Akka.Actor.ActorSystem System, ClusterRegistry Registry)> StartAsync()
    {
        var settings = TestRegistry.OnSqlite(Data) + Restless;
        var started = await TestRegistry.StartOnAsync(settings);
        var id = Store.Mark(ActorOrchConfig.Load(new() { Overrides = settings }), "5707e", "0123456789ab");
        SmallFile.Write(Path.Combine(Data, "cluster-id"), "0123456789ab\n");
        SmallFile.MakeDirectory(Path.Combine(Data, "pki"));
        foreach (var key in (string[])["ca.crt", "ca.key"]) SmallFile.Write(Path.Combine(Data, "pki", key), key);
        SmallFile.Write(Path.Combine(Data, "pki", "store-id"), id + "\n");
        SmallFile.MakeDirectory(Path.Combine(Data, "pki", "cluster"));
        SmallFile.Write(Path.Combine(Data, "pki", "cluster", "ca.pem"), "ca");
        return started;
    }

    /// <summary>The small files, and every row of the databases.</summary>
    private static IReadOnlyList<string> Contents(string directory)
    {
        var contents = Directory.GetFiles(directory, "*", SearchOption.AllDirectories).Where(f => !f.Contains(".db", StringComparison.Ordinal))
            .Select(f => $"{Path.GetRelativePath(directory, f)} {File.ReadAllText(f)}").Order(StringComparer.Ordinal).ToList();
        foreach (var (file, query) in (ReadOnlySpan<(string, string)>)[("journal.db", "SELECT persistence_id || sequence_number || hex(message) FROM journal ORDER BY ordering"), ("snapshots.db", "SELECT persistence_id || sequence_number || hex(snapshot) FROM snapshot ORDER BY rowid")])
        {
            using var connection = new SqliteConnection($"Data Source={Path.Combine(directory, file)};Pooling=False");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = query;
            using var reader = command.ExecuteReader();
            while (reader.Read()) contents.Add(reader.GetString(0));
        }
        return contents;
    }
}

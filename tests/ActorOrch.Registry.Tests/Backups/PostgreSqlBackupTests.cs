using ActorOrch.Registry.Backups;
using ActorOrch.Registry.Clustering;
using ActorOrch.Registry.Files;
using ActorOrch.Registry.Persistence;
using ActorOrch.Registry.Persistence.Identity;
using ActorOrch.Registry.Tests.Persistence;
using ActorOrch.Registry.Writes;
using Akka.Configuration;
using Npgsql;
using static ActorOrch.Registry.Tests.Samples;
using static ActorOrch.Resources.Catalog.BuiltIn;

namespace ActorOrch.Registry.Tests.Backups;

/// <summary>A backup of a cluster in PostgreSQL is one moment of it, and becomes the same cluster in an empty database.</summary>
public sealed class PostgreSqlBackupTests(PostgreSqlFixture postgres) : IClassFixture<PostgreSqlFixture>, IDisposable
{
    private const string Restless = """

        actororch.registry.history.versions = 32
        actororch.registry.history.memory.versions = 32
        actororch.registry.checkpoint.commits = 8
        actororch.registry.checkpoint.bytes = 1
        """;

    private readonly TemporaryDirectory _directory = new();

    private string Data => Path.Combine(_directory.Path, "data");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_backup_made_under_load_holds_all_that_was_acknowledged_before_and_nothing_is_missing_in_between()
    {
        var settings = await PostgreSqlFixture.SettingsAsync(postgres.Server) + Restless;
        var (system, registry) = await StartAsync(settings);
        using var end = new CancellationTokenSource();
        var acknowledged = 0;
        var writer = Task.Run(async () =>
        {
            for (var i = 1; !end.IsCancellationRequested; i++)
            {
                Assert.Equal(WriteOutcome.Committed, (await registry[ConfigMaps].WriteAsync(Create($"n{i}", new string('x', 500)))).Outcome);
                Volatile.Write(ref acknowledged, i);
            }
        });
        for (var round = 1; round <= 3; round++)
        {
            await registry[ConfigMaps].ReadAtLeastAsync(80 * round);
            var before = Volatile.Read(ref acknowledged);
            var file = Path.Combine(_directory.Path, $"backup-{round}");
            var manifest = await Task.Run(() => StoreBackup.Write(Data, file, TimeProvider.System, Config(settings)));
            Assert.Equal((BackupManifest.PostgreSqlFormat, "5707e", "0123456789ab"), (manifest.Format, manifest.StoreId, manifest.ClusterId));
            Assert.Equal(SmallFile.OwnerOnly, File.GetUnixFileMode(file));
            var (target, empty) = (Path.Combine(_directory.Path, $"restored-{round}"), await PostgreSqlFixture.SettingsAsync(postgres.Server) + Restless);
            StoreRestore.Read(file, target, Config(empty));
            Assert.Equal("ca.key", await File.ReadAllTextAsync(Path.Combine(target, "pki", "ca.key")));

            Assert.IsType<StoreClaim.Confirmed>(StoreClaim.Of(Store.Inspect(Config(empty), new(target, "0123456789ab", "5707e", HasKeys: true))));
            var (other, found) = await TestRegistry.StartOnAsync(empty);
            var names = found[ConfigMaps].Latest.List().Select(o => o.Key.Name).ToHashSet();
            Assert.True(names.Count >= before, $"{before} were acknowledged, and {names.Count} are there");
            Assert.Equal(Enumerable.Range(1, names.Count).Select(i => $"n{i}").ToHashSet(), names);
            Assert.Equal(names.Count + 1, found[ConfigMaps].Latest.Revision);
            // Goes on: numbers of rows are not given out twice.
            Assert.Equal(WriteOutcome.Committed, (await found[ConfigMaps].WriteAsync(Create("afterwards"))).Outcome);
            await other.Terminate();
        }
        await end.CancelAsync();
        await writer;
        await system.Terminate();
    }

    [Fact]
    public async Task A_database_that_has_anything_another_kind_of_store_and_a_damaged_file_are_refused_and_change_nothing()
    {
        var settings = await PostgreSqlFixture.SettingsAsync(postgres.Server);
        var (system, registry) = await StartAsync(settings);
        for (var i = 0; i < 20; i++) await registry[ConfigMaps].WriteAsync(Create($"n{i}", new string('x', 2000)));
        await system.Terminate();
        var file = Path.Combine(_directory.Path, "backup");
        StoreBackup.Write(Data, file, TimeProvider.System, Config(settings));
        var target = Path.Combine(_directory.Path, "restored");
        var empty = await PostgreSqlFixture.SettingsAsync(postgres.Server);

        Refused("is not empty", () => StoreRestore.Read(file, target, Config(settings)));
        Refused("--config", () => StoreRestore.Read(file, target));
        Refused("has no table journal", () => StoreBackup.Write(Data, file + "2", TimeProvider.System, Config(empty)));
        SmallFile.Write(Path.Combine(Data, "pki", "store-id"), "07e4\n");
        Refused("belongs to the store 5707e", () => StoreBackup.Write(Data, file + "2", TimeProvider.System, Config(settings)));
        var whole = await File.ReadAllBytesAsync(file);
        var random = new Random(1);
        for (var i = 0; i < 20; i++)
        {
            var damaged = whole.ToArray();
            // Within the rows: past the headers, before the keys.
            damaged[random.Next(4096, whole.Length / 2)] ^= 0x10;
            await File.WriteAllBytesAsync(file + "3", damaged);
            Assert.Throws<BackupException>(() => StoreRestore.Read(file + "3", target, Config(empty)));
            Assert.False(Directory.Exists(target));
        }
        Assert.Empty(Directory.GetFiles(_directory.Path, "backup2*"));
        StoreRestore.Read(file, target, Config(empty));
        Assert.Equal(Rows(settings), Rows(empty));

        void Refused(string why, Action act)
        {
            Assert.Contains(why, Assert.Throws<BackupException>(act).Message, StringComparison.Ordinal);
            Assert.False(Directory.Exists(target), why);
        }
    }

    /// <summary>What the first versions wrote, and what this one does.</summary>
    [Theory]
    [InlineData("""{"format":"actororch-backup/1","storeId":"a","clusterId":"b","created":"2026-01-01T00:00:00+00:00","keyId":null,"files":[{"name":"journal.db","bytes":1,"sha256":"00"},{"name":"snapshots.db","bytes":1,"sha256":"00"},{"name":"cluster-id","bytes":1,"sha256":"00"},{"name":"pki/ca.crt","bytes":1,"sha256":"00"},{"name":"pki/ca.key","bytes":1,"sha256":"00"},{"name":"pki/store-id","bytes":1,"sha256":"00"}]}""", false)]
    [InlineData("""{"format":"actororch-backup/2","storeId":"a","clusterId":"b","created":"2026-01-01T00:00:00+00:00","keyId":"k","files":[{"name":"journal.copy","bytes":1,"sha256":"00"},{"name":"snapshot.copy","bytes":1,"sha256":"00"},{"name":"identity.copy","bytes":1,"sha256":"00"},{"name":"cluster-id","bytes":1,"sha256":"00"},{"name":"pki/ca.crt","bytes":1,"sha256":"00"},{"name":"pki/ca.key","bytes":1,"sha256":"00"},{"name":"pki/store-id","bytes":1,"sha256":"00"}]}""", true)]
    public void Both_forms_of_a_manifest_are_read_as_they_were_written(string json, bool isOfPostgreSql)
    {
        var manifest = BackupManifest.Parse(System.Text.Encoding.UTF8.GetBytes(json));
        Assert.Equal(isOfPostgreSql, manifest.IsOfPostgreSql);
        Assert.Equal(json, System.Text.Encoding.UTF8.GetString(manifest.ToJson()));
        Assert.Throws<BackupException>(() => BackupManifest.Parse(System.Text.Encoding.UTF8.GetBytes(json.Replace(isOfPostgreSql ? "backup/2" : "backup/1", isOfPostgreSql ? "backup/1" : "backup/2", StringComparison.Ordinal))));
    }

    private async Task<(Akka.Actor.ActorSystem System, ClusterRegistry Registry)> StartAsync(string settings)
    {
        var started = await TestRegistry.StartOnAsync(settings);
        SmallFile.MakeDirectory(Path.Combine(Data, "pki"));
        SmallFile.Write(Path.Combine(Data, "cluster-id"), "0123456789ab\n");
        foreach (var key in (string[])["ca.crt", "ca.key"]) SmallFile.Write(Path.Combine(Data, "pki", key), key);
        SmallFile.Write(Path.Combine(Data, "pki", "store-id"), Store.Mark(Config(settings), "5707e", "0123456789ab") + "\n");
        return started;
    }

    private static Config Config(string settings) => ActorOrchConfig.Load(new() { Overrides = settings });

    private static List<string> Rows(string settings)
    {
        using var connection = new NpgsqlConnection(Config(settings).GetString("actororch.store.postgresql.connection-string"));
        connection.Open();
        var rows = new List<string>();
        foreach (var table in (string[])["journal", "snapshot", "identity"])
        {
            using var command = new NpgsqlCommand($"SELECT '{table} ' || t::text FROM {table} t ORDER BY 1", connection);
            using var reader = command.ExecuteReader();
            while (reader.Read()) rows.Add(reader.GetString(0));
        }
        return rows;
    }
}

using ActorOrch.Registry.Clustering;
using ActorOrch.Registry.Files;
using ActorOrch.Registry.Persistence;
using ActorOrch.Registry.Persistence.Sqlite;
using Akka.Actor;
using Microsoft.Data.Sqlite;
using static ActorOrch.Registry.Tests.Samples;
using static ActorOrch.Resources.Catalog.BuiltIn;

namespace ActorOrch.Registry.Tests.Persistence.Sqlite;

/// <summary>Bytes of the two files change while nobody looks. What is served afterwards was written, or nothing is served.</summary>
public sealed class DamageTests : IDisposable
{
    private const int Seeds = 24;
    private readonly TemporaryDirectory _directory = new();

    private static readonly string Short = """
        actororch.registry.history.versions = 64
        actororch.registry.history.memory.versions = 64
        actororch.registry.checkpoint.commits = 32
        actororch.registry.checkpoint.bytes = 1
        """;

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_flipped_byte_anywhere_breaks_the_seal()
    {
        await WriteAsync();
        var seal = new StoreSeal(_directory.Path);
        Assert.True(seal.TryWrite());
        Assert.Null(seal.Broken());
        var random = new Random(1);
        for (var i = 0; i < 200; i++)
        {
            var file = Path.Combine(_directory.Path, i % 2 == 0 ? "journal.db" : "snapshots.db");
            var (at, before) = Flip(file, random);
            Assert.Equal(file, seal.Broken());
            Put(file, at, before);
        }
        Assert.Null(seal.Broken());
        File.WriteAllText(seal.Path, File.ReadAllText(seal.Path)[..40]);
        Assert.Throws<DamagedFileException>(() => seal.Broken());
        seal.Break();
        Assert.Null(seal.Broken());
    }

    [Fact]
    public async Task Without_a_seal_what_is_served_was_written_once_or_the_damage_is_named()
    {
        var written = await WriteAsync();
        var refused = 0;
        for (var seed = 0; seed < Seeds; seed++)
        {
            using var copy = new TemporaryDirectory();
            foreach (var file in (string[])["journal.db", "snapshots.db"]) File.Copy(Path.Combine(_directory.Path, file), Path.Combine(copy.Path, file));
            var random = new Random(seed);
            for (var i = 0; i < 35; i++) Flip(Path.Combine(copy.Path, random.Next(2) == 0 ? "journal.db" : "snapshots.db"), random);
            ActorSystem? system = null;
            try
            {
                (system, var registry) = await TestRegistry.StartOnAsync(TestRegistry.OnSqlite(copy.Path) + Short);
                foreach (var obj in registry[ConfigMaps].Latest.List()) Assert.Contains(obj.ToString(), written);
            }
            catch (Exception damage) when (damage is StoreDamagedException or SqliteException)
            {
                refused++;
                Assert.Matches("damaged|malformed|not a database|no such|collection/", damage.Message);
            }
            finally
            {
                if (system is not null) await system.Terminate();
                SqliteConnection.ClearAllPools();
            }
        }
        Assert.True(refused > Seeds / 2, $"only {refused} of {Seeds} were refused");
    }

    [Fact]
    public async Task A_damaged_row_is_named_with_its_file_id_and_number()
    {
        await WriteAsync();
        var last = Execute("SELECT MAX(sequence_number) FROM journal WHERE persistence_id = 'collection/configmaps'");
        Execute($"UPDATE journal SET message = CAST(REPLACE(message, 'resourceVersion', 'resourceVersiom') AS BLOB) WHERE persistence_id = 'collection/configmaps' AND sequence_number = {last}");

        var damage = await Assert.ThrowsAsync<StoreDamagedException>(() => TestRegistry.StartOnAsync(TestRegistry.OnSqlite(_directory.Path) + Short));

        Assert.Contains($"journal.db is damaged: collection/configmaps, row {last}: ", damage.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_rows_that_changed_places_are_noticed()
    {
        await WriteAsync();
        var last = (long)Execute("SELECT MAX(sequence_number) FROM journal WHERE persistence_id = 'collection/configmaps'")!;
        Execute($"UPDATE journal SET message = (SELECT message FROM journal WHERE persistence_id = 'collection/configmaps' AND sequence_number = {last - 1}) WHERE persistence_id = 'collection/configmaps' AND sequence_number = {last}");

        var damage = await Assert.ThrowsAsync<StoreDamagedException>(() => TestRegistry.StartOnAsync(TestRegistry.OnSqlite(_directory.Path) + Short));

        Assert.Contains($"row {last}", damage.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_it_is_told_to_what_is_damaged_is_set_aside_and_counted_and_the_rest_is_served()
    {
        var written = await WriteAsync();
        var last = (long)Execute("SELECT MAX(sequence_number) FROM journal WHERE persistence_id = 'collection/configmaps'")!;
        Execute($"UPDATE journal SET message = x'00' WHERE persistence_id = 'collection/configmaps' AND sequence_number = {last - 2}");
        var settings = TestRegistry.OnSqlite(_directory.Path) + Short + "\nactororch.store.on-damage = set-aside";
        var config = ActorOrchConfig.Load(new() { Overrides = settings });
        Assert.True(Store.SetsDamageAside(config));

        var aside = Store.SetDamageAside(config);

        Assert.Equal(3, aside.Count);
        Assert.Contains($"journal.db: collection/configmaps, row {last - 2}: ", aside[0], StringComparison.Ordinal);
        Assert.Equal(3L, Execute("SELECT COUNT(*) FROM damaged"));
        Assert.Empty(Store.SetDamageAside(config));
        var (system, registry) = await TestRegistry.StartOnAsync(settings);
        Assert.Equal("696", registry[ConfigMaps].Latest.Get(Key("hot"))!.Data());
        Assert.All(registry[ConfigMaps].Latest.List(), o => Assert.Contains(o.ToString(), written));
        await system.Terminate();
    }

    [Fact]
    public async Task Random_damage_to_records_is_set_aside_and_what_is_left_was_written()
    {
        var written = await WriteAsync();
        var settings = TestRegistry.OnSqlite(_directory.Path) + Short + "\nactororch.store.on-damage = set-aside";
        var random = new Random(7);
        for (var i = 0; i < 10; i++)
        {
            var (file, table, column) = i % 2 == 0 ? ("journal.db", "journal", "message") : ("snapshots.db", "snapshot", "snapshot");
            Execute($"UPDATE {table} SET {column} = CAST(substr({column}, 1, {random.Next(20, 60)}) || x'ff' || substr({column}, 61) AS BLOB) WHERE rowid = (SELECT rowid FROM {table} ORDER BY rowid LIMIT 1 OFFSET {random.Next(3)})", file);
        }

        Assert.NotEmpty(Store.SetDamageAside(ActorOrchConfig.Load(new() { Overrides = settings })));

        var (system, registry) = await TestRegistry.StartOnAsync(settings);
        Assert.All(registry[ConfigMaps].Latest.List(), o => Assert.Contains(o.ToString(), written));
        await system.Terminate();
    }

    /// <summary>Every version of every object that there ever was.</summary>
    private async Task<HashSet<string>> WriteAsync()
    {
        var (system, registry) = await TestRegistry.StartOnAsync(TestRegistry.OnSqlite(_directory.Path) + Short);
        var collection = registry[ConfigMaps];
        var written = new HashSet<string>();
        for (var i = 0; i < 40; i++) written.Add((await collection.WriteAsync(Create($"n{i}", new string((char)('a' + i % 26), 3000)))).Object!.ToString());
        var revision = (await collection.WriteAsync(Create("hot"))).Object!.Revision;
        for (var i = 0; i < 700; i++)
        {
            var stored = (await collection.WriteAsync(Replace("hot", revision, $"{i}"))).Object!;
            revision = stored.Revision;
            written.Add(stored.ToString());
        }
        await system.Terminate();
        SqliteConnection.ClearAllPools();
        Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        Assert.True(Execute("SELECT COUNT(*) FROM snapshot", "snapshots.db") is > 0L, "there is no checkpoint");
        return written;
    }

    private static (long At, byte Before) Flip(string file, Random random)
    {
        var at = random.NextInt64(new FileInfo(file).Length);
        using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        stream.Position = at;
        var before = (byte)stream.ReadByte();
        stream.Position = at;
        stream.WriteByte((byte)(before ^ (1 << random.Next(8))));
        return (at, before);
    }

    private static void Put(string file, long at, byte value)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        stream.Position = at;
        stream.WriteByte(value);
    }

    private object? Execute(string sql, string file = "journal.db")
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_directory.Path, file)};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}

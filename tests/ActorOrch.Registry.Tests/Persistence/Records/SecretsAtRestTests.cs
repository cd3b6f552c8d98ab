using System.Text;
using System.Text.Json.Nodes;
using ActorOrch.Registry.Clustering;
using ActorOrch.Registry.Files;
using ActorOrch.Registry.Persistence;
using ActorOrch.Registry.Persistence.Identity;
using ActorOrch.Registry.Persistence.Records;
using ActorOrch.Registry.Writes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;
using Akka.Configuration;
using Microsoft.Data.Sqlite;

namespace ActorOrch.Registry.Tests.Persistence.Records;

/// <summary>Whoever has the databases, but not the key, learns nothing of a Secret, wherever in them it is: journal, log, checkpoints, their parts.</summary>
public sealed class SecretsAtRestTests : IDisposable
{
    private const string Hidden = "correct-horse-battery-staple";
    private readonly TemporaryDirectory _directory = new();

    private string KeyFile => Path.Combine(_directory.Path, "pki", "secrets.key");

    private string Settings => $"""
        {TestRegistry.OnSqlite(_directory.Path)}
        actororch.secrets.key-file = "{KeyFile}"
        actororch.registry.history.versions = 64
        actororch.registry.history.memory.versions = 64
        actororch.registry.checkpoint.commits = 32
        actororch.registry.checkpoint.bytes = 1
        """;

    private Config Config => ActorOrchConfig.Load(new() { Overrides = Settings });

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _directory.Dispose();
    }

    [Fact]
    public async Task Nothing_of_a_secret_is_in_any_file_and_all_of_it_is_read_again()
    {
        Prepare();
        var (system, registry) = await TestRegistry.StartOnAsync(Settings, BuiltIn.Secrets, BuiltIn.ConfigMaps);
        var secrets = registry[BuiltIn.Secrets];
        // As much as all there is has to be written before a checkpoint is due.
        var padding = string.Concat(Enumerable.Repeat(Hidden, 1000));
        for (var i = 0; i < 6; i++) await secrets.WriteAsync(new Write.Create(Secret($"large-{i}", string.Concat(Enumerable.Repeat(Hidden, 8000)))));
        var revision = (await secrets.WriteAsync(new Write.Create(Secret("hot", Hidden)))).Object!.Revision;
        for (var i = 0; i < 600; i++) revision = (await secrets.WriteAsync(new Write.Replace(Secret("hot", $"{i}{padding}"), revision))).Object!.Revision;
        await registry[BuiltIn.ConfigMaps].WriteAsync(Samples.Create("plain", "seen-by-all"));
        AssertHidden();
        var before = secrets.Latest.List().Select(o => o.ToString()).ToList();
        await system.Terminate();
        AssertHidden();
        Assert.Contains("collection-parts/secrets", Ids());
        Assert.Contains(Directory.GetFiles(_directory.Path), f => Contains(f, "seen-by-all"));

        Prepare();
        var (again, recovered) = await TestRegistry.StartOnAsync(Settings, BuiltIn.Secrets, BuiltIn.ConfigMaps);
        Assert.Equal(before, recovered[BuiltIn.Secrets].Latest.List().Select(o => o.ToString()));
        Assert.Equal($"550{padding}", (await recovered[BuiltIn.Secrets].AtAsync(revision - 49))!.Get(new("default", "hot"))!.ToJson()["data"]!["value"]!.GetValue<string>());
        await again.Terminate();
    }

    [Fact]
    public async Task What_an_earlier_version_stored_is_read_and_encrypted_and_nothing_of_it_is_left()
    {
        var bare = Settings.Replace(KeyFile, "", StringComparison.Ordinal);
        var (system, registry) = await TestRegistry.StartOnAsync(bare, BuiltIn.Secrets, BuiltIn.ConfigMaps);
        var revision = (await registry[BuiltIn.Secrets].WriteAsync(new Write.Create(Secret("hot", Hidden)))).Object!.Revision;
        for (var i = 0; i < 100; i++) revision = (await registry[BuiltIn.Secrets].WriteAsync(new Write.Replace(Secret("hot", $"{Hidden}-{i}"), revision))).Object!.Revision;
        await system.Terminate();
        SqliteConnection.ClearAllPools();
        TakeEnvelopesAway("journal.db", "journal", "message", "commit/1", "collection/2", "objects/1");
        TakeEnvelopesAway("snapshots.db", "snapshot", "snapshot", "commit/1", "collection/2", "objects/1");
        Assert.Contains(Directory.GetFiles(_directory.Path), f => Contains(f, Hidden));

        Prepare();
        AssertHidden();
        Assert.Equal(0, Rows("journal.db", "SELECT COUNT(*) FROM journal WHERE manifest = 'commit/1'"));

        var (again, recovered) = await TestRegistry.StartOnAsync(Settings, BuiltIn.Secrets, BuiltIn.ConfigMaps);
        Assert.Equal($"{Hidden}-99", recovered[BuiltIn.Secrets].Latest.Get(new("default", "hot"))!.ToJson()["data"]!["value"]!.GetValue<string>());
        await again.Terminate();
    }

    [Fact]
    public void A_key_that_is_missing_another_or_damaged_is_named_before_anything_is_read()
    {
        Prepare();
        var key = File.ReadAllText(KeyFile);
        var id = key.Split(' ')[1];

        File.Delete(KeyFile);
        Assert.Contains($"{KeyFile} is missing, and the store's secrets are encrypted with the key {id}", Assert.Throws<ConfigurationException>(Prepare).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(KeyFile));
        SecretsKey.Create(KeyFile);
        Assert.Contains($"are encrypted with the key {id}", Assert.Throws<ConfigurationException>(Prepare).Message, StringComparison.Ordinal);
        File.WriteAllText(KeyFile, key[..20]);
        Assert.Throws<DamagedFileException>(Prepare);
        File.WriteAllText(KeyFile, key);
        Prepare();
    }

    private void Prepare()
    {
        Store.Prepare(Config);
        StoreKey.Require(Config);
    }

    private static ObjectDraft Secret(string name, string value) => ObjectDraft.Encode(new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Secret",
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "default" },
        ["data"] = new JsonObject { ["value"] = value },
    });

    private void AssertHidden() => Assert.DoesNotContain(Directory.GetFiles(_directory.Path, "*", SearchOption.AllDirectories), f => Contains(f, Hidden));

    private static bool Contains(string file, string text)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.GetBuffer().AsSpan(0, (int)bytes.Length).IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;
    }

    private List<string> Ids()
    {
        using var connection = Open("snapshots.db");
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT DISTINCT persistence_id FROM snapshot";
        using var reader = command.ExecuteReader();
        var ids = new List<string>();
        while (reader.Read()) ids.Add(reader.GetString(0));
        return ids;
    }

    private long Rows(string file, string sql)
    {
        using var connection = Open(file);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>Stores the rows as the version before did.</summary>
    private void TakeEnvelopesAway(string file, string table, string column, params string[] manifests)
    {
        using var connection = Open(file);
        var rows = new List<(long Row, byte[] Bytes, string Manifest)>();
        using (var select = connection.CreateCommand())
        {
            select.CommandText = $"SELECT rowid, {column}, manifest FROM {table} WHERE manifest IN ('commit/2', 'collection/3', 'objects/2')";
            using var reader = select.ExecuteReader();
            while (reader.Read()) rows.Add((reader.GetInt64(0), (byte[])reader[1], reader.GetString(2)));
        }
        foreach (var (row, bytes, manifest) in rows)
        {
            using var update = connection.CreateCommand();
            update.CommandText = $"UPDATE {table} SET {column} = $bytes, manifest = $manifest WHERE rowid = $row";
            update.Parameters.AddWithValue("$bytes", RecordEnvelope.Open(bytes, () => null, out _).ToArray());
            update.Parameters.AddWithValue("$manifest", manifests.Single(m => m.Split('/')[0] == manifest.Split('/')[0]));
            update.Parameters.AddWithValue("$row", row);
            update.ExecuteNonQuery();
        }
    }

    private SqliteConnection Open(string file)
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(_directory.Path, file)};Pooling=False");
        connection.Open();
        return connection;
    }
}

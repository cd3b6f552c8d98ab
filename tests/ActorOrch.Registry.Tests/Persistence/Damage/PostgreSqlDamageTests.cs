using ActorOrch.Registry.Clustering;
using ActorOrch.Registry.Persistence;
using ActorOrch.Registry.Persistence.Damage;
using ActorOrch.Registry.Persistence.Identity;
using ActorOrch.Registry.Writes;
using Akka.Configuration;
using Npgsql;
using static ActorOrch.Registry.Tests.Samples;
using static ActorOrch.Resources.Catalog.BuiltIn;

namespace ActorOrch.Registry.Tests.Persistence.Damage;

/// <summary>Rows of a database change while nobody looks: each is named, and set aside where that is asked for and nobody else uses the database.</summary>
public sealed class PostgreSqlDamageTests(PostgreSqlFixture postgres) : IClassFixture<PostgreSqlFixture>, IAsyncLifetime
{
    private string _settings = "";

    private Config Config => ActorOrchConfig.Load(new() { Overrides = _settings });

    private string Connection => Config.GetString("actororch.store.postgresql.connection-string");

    public async Task InitializeAsync() => _settings = await PostgreSqlFixture.SettingsAsync(postgres.Server) + "\nactororch.store.on-damage = set-aside";

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_damaged_row_of_a_collection_is_named_set_aside_with_what_rests_on_it_and_the_rest_is_served()
    {
        var last = await WriteAsync();
        Execute($"UPDATE journal SET message = '\\x00' WHERE persistence_id = 'collection/configmaps' AND sequence_number = {last - 2}");
        var refused = await Assert.ThrowsAsync<StoreDamagedException>(() => TestRegistry.StartOnAsync(_settings));
        Assert.Contains("collection/configmaps", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"after row {last - 3}: ", refused.Message, StringComparison.Ordinal);

        Assert.True(Store.SetsDamageAside(Config));
        var aside = Store.SetDamageAside(Config);

        Assert.Equal(3, aside.Count);
        Assert.Contains($"table journal: collection/configmaps, row {last - 2}: ", aside[0], StringComparison.Ordinal);
        Assert.Equal(3L, Execute("SELECT COUNT(*) FROM damaged"));
        Assert.Empty(Store.SetDamageAside(Config));
        var (system, registry) = await TestRegistry.StartOnAsync(_settings);
        Assert.Equal(Enumerable.Range(0, 17).Select(i => $"n{i}").ToHashSet(), registry[ConfigMaps].Latest.List().Select(o => o.Key.Name).ToHashSet());
        Assert.Equal(WriteOutcome.Committed, (await registry[ConfigMaps].WriteAsync(Create("afterwards"))).Outcome);
        await system.Terminate();
    }

    [Theory]
    [InlineData("DELETE FROM journal")]
    [InlineData("TRUNCATE journal, snapshot")]
    [InlineData("DROP TABLE journal")]
    [InlineData("DROP TABLE journal, snapshot")]
    public async Task Tables_that_were_emptied_or_dropped_are_named_and_not_begun_anew(string sql)
    {
        var directory = new DirectoryFacts("/d", "c1", "s1", HasKeys: true);
        Store.Prepare(Config);
        Store.Mark(Config, "s1", "c1");
        Store.NoteRows(Config);
        Assert.Equal(new StoreClaim.Confirmed("s1"), StoreClaim.Of(Store.Inspect(Config, directory)));
        await WriteAsync();
        Store.NoteRows(Config);
        Assert.Equal(new StoreClaim.Confirmed("s1"), StoreClaim.Of(Store.Inspect(Config, directory)));

        Execute(sql);

        Assert.EndsWith("has lost what was stored in it: its table journal is empty or was made anew", Assert.IsType<StoreClaim.Refused>(StoreClaim.Of(Store.Inspect(Config, directory))).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("journal", "message", "identifier")]
    [InlineData("snapshot", "snapshot", "serializer_id")]
    public async Task A_damaged_row_of_another_actor_is_found_at_the_start_and_named(string table, string column, string serializer)
    {
        await WriteAsync();
        Assert.Empty(Store.FindDamage(Config));
        var more = table == "journal" ? ("deleted, ", "FALSE, ") : ("", "");
        Execute($"INSERT INTO {table} (persistence_id, sequence_number, created, {more.Item1}{column}, manifest, {serializer}) VALUES ('Zone/1', 7, 0, {more.Item2}'\\x0102', '{RecordFormats.OfActor}', {RegistrySerializer.Id})");

        Assert.Contains($"table {table}, is damaged: Zone/1, row 7: ", Assert.Single(Store.FindDamage(Config)), StringComparison.Ordinal);
        Assert.Contains("Zone/1, row 7: ", Assert.Single(Store.SetDamageAside(Config)), StringComparison.Ordinal);
        Assert.Empty(Store.FindDamage(Config));
    }

    [Fact]
    public async Task Nothing_is_set_aside_under_another_process_that_uses_the_database()
    {
        var last = await WriteAsync();
        Execute($"UPDATE journal SET message = '\\x00' WHERE persistence_id = 'collection/configmaps' AND sequence_number = {last}");
        await using (var other = new NpgsqlConnection($"{Connection};Pooling=false;Application Name=actororch"))
        {
            await other.OpenAsync();
            var refused = Assert.Throws<StoreInUseException>(() => Store.SetDamageAside(Config));
            Assert.Contains($"row {last}", refused.Message, StringComparison.Ordinal);
            Assert.Equal(true, Execute("SELECT to_regclass('damaged') IS NULL"));
        }
        Assert.Single(Store.SetDamageAside(Config));
    }

    /// <summary>Returns the number of the last row.</summary>
    private async Task<long> WriteAsync()
    {
        var (system, registry) = await TestRegistry.StartOnAsync(_settings);
        for (var i = 0; i < 20; i++) await registry[ConfigMaps].WriteAsync(Create($"n{i}"));
        await system.Terminate();
        return (long)Execute("SELECT MAX(sequence_number) FROM journal WHERE persistence_id = 'collection/configmaps'")!;
    }

    private object? Execute(string sql)
    {
        using var connection = new NpgsqlConnection($"{Connection};Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        return command.ExecuteScalar();
    }
}

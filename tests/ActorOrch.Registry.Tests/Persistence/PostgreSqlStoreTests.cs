using ActorOrch.Registry.Clustering;
using ActorOrch.Registry.Persistence;
using Akka.Configuration;
using Npgsql;

namespace ActorOrch.Registry.Tests.Persistence;

/// <summary>The kit on PostgreSQL, and what only PostgreSQL needs: that it is set up to keep what it commits.</summary>
public sealed class PostgreSqlStoreTests(PostgreSqlFixture postgres) : StoreKit, IClassFixture<PostgreSqlFixture>
{
    private string Connection => ActorOrchConfig.Load(new() { Overrides = Settings }).GetString("actororch.store.postgresql.connection-string");

    protected override Task<string> CreateStoreAsync() => PostgreSqlFixture.SettingsAsync(postgres.Server);

    protected override async Task<long> OldestEventAsync() =>
        (long)(await AskAsync("SELECT min(sequence_number) FROM journal WHERE persistence_id = 'collection/configmaps' AND NOT deleted"))!;

    protected override Task RemoveFenceAsync() => AskAsync("DROP TRIGGER journal_fence ON journal");

    [Fact]
    public async Task A_fence_that_was_turned_off_is_turned_on_by_the_next_start()
    {
        Store.Prepare(ActorOrchConfig.Load(new() { Overrides = Settings }));
        await AskAsync("ALTER TABLE journal DISABLE TRIGGER ALL");

        Store.Prepare(ActorOrchConfig.Load(new() { Overrides = Settings }));

        Assert.Equal('O', await AskAsync("SELECT tgenabled FROM pg_trigger WHERE tgname = 'journal_fence'"));
    }

    [Fact]
    public async Task A_server_that_would_lose_commits_is_refused()
    {
        await AskAsync($"ALTER DATABASE {new NpgsqlConnectionStringBuilder(Connection).Database} SET synchronous_commit = off");
        var config = ActorOrchConfig.Load(new() { Overrides = Settings });

        var refused = Assert.Throws<ConfigurationException>(() => Store.Prepare(config));

        Assert.Contains("synchronous_commit = off", refused.Message, StringComparison.Ordinal);
        Store.Prepare(ActorOrchConfig.Load(new() { Overrides = $"{Settings}\nactororch.store.postgresql.require-durable = false" }));
    }

    private async Task<object?> AskAsync(string sql)
    {
        await using var connection = new NpgsqlConnection($"{Connection};Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}

using ActorOrch.Testing;

namespace ActorOrch.Registry.Tests.Persistence;

/// <summary>The server that the tests of the collection share; those that hurt it start their own.</summary>
public sealed class PostgreSqlFixture : IAsyncLifetime
{
    public PostgreSqlServer Server { get; private set; } = null!;

    /// <summary>The settings of an empty database on a server.</summary>
    public static async Task<string> SettingsAsync(PostgreSqlServer server, string more = "") => $"""
        actororch.store.provider = postgresql
        actororch.store.postgresql.connection-string = "{await server.CreateDatabaseAsync()};Maximum Pool Size=16{more}"
        """;

    public async Task InitializeAsync() => Server = await PostgreSqlServer.StartNewAsync();

    public async Task DisposeAsync() => await Server.DisposeAsync();
}

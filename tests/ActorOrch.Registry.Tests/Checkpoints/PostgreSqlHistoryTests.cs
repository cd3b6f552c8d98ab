using ActorOrch.Registry.Clustering;
using ActorOrch.Registry.Persistence;
using ActorOrch.Registry.Tests.Persistence;
using Akka.Configuration;

namespace ActorOrch.Registry.Tests.Checkpoints;

public sealed class PostgreSqlHistoryTests(PostgreSqlFixture postgres) : StoredHistoryContract(Prepare(postgres)), IClassFixture<PostgreSqlFixture>
{
    // The test kit wants its configuration when it is made: what has to be waited for is waited for elsewhere.
    private static Config Prepare(PostgreSqlFixture postgres)
    {
        var store = Task.Run(() => PostgreSqlFixture.SettingsAsync(postgres.Server)).GetAwaiter().GetResult();
        var config = ActorOrchConfig.Load(new() { Overrides = $"{store}\nakka.actor.provider = local" });
        Store.Prepare(config);
        return config;
    }
}

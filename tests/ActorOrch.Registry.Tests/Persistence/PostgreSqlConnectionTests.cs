using ActorOrch.Registry.Persistence;
using Akka.Configuration;
using Npgsql;

namespace ActorOrch.Registry.Tests.Persistence;

public sealed class PostgreSqlConnectionTests
{
    [Theory]
    [InlineData("Host=db", 5, "actororch")]
    [InlineData("Host=db;Timeout=30;Application Name=mine", 30, "mine")]
    public void What_the_user_leaves_out_is_ours(string given, int timeout, string application)
    {
        var config = ConfigurationFactory.ParseString($"actororch.store.postgresql.connection-string = \"{given}\"");

        var connection = new NpgsqlConnectionStringBuilder(Store.PostgreSqlConnection(config));

        Assert.Equal((timeout, application), (connection.Timeout, connection.ApplicationName));
    }
}

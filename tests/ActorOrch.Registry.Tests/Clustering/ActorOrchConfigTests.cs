using ActorOrch.Registry.Clustering;
using ActorOrch.Registry.Collections;
using Akka.Configuration;

namespace ActorOrch.Registry.Tests.Clustering;

public sealed class ActorOrchConfigTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    private static Dictionary<string, string> Environment(params (string Name, string Value)[] variables) => variables.ToDictionary(v => v.Name, v => v.Value);

    private string Write(string text)
    {
        var file = Path.Combine(_directory.Path, "user.hocon");
        File.WriteAllText(file, text);
        return file;
    }

    [Fact]
    public void Each_source_wins_over_the_ones_below_it()
    {
        var config = ActorOrchConfig.Load(new()
        {
            Role = "worker",
            UserFile = Write("actororch.registry { shards = 3, commit { writes = 5\n bytes = 1 MiB } }"),
            Environment = Environment(("ACTORORCH__ACTORORCH__REGISTRY__COMMIT__WRITES", "7"), ("ACTORORCH__AKKA__REMOTE__DOT_NETTY__TCP__PORT", "4053"),
                ("ACTORORCH__AKKA__CLUSTER__SEED_NODES", "[\"akka.tcp://actororch@10.0.0.1:4053\"]"), ("OTHER", "x")),
            Overrides = "actororch.registry.shards = 4",
        });

        var settings = RegistrySettings.From(config);
        Assert.Equal((4, new CommitLimits(5, 1 << 20)), (settings.Shards, settings.Commit));
        Assert.Equal(4053, config.GetInt("akka.remote.dot-netty.tcp.port"));
        Assert.Equal(["akka.tcp://actororch@10.0.0.1:4053"], config.GetStringList("akka.cluster.seed-nodes"));
        Assert.Equal(["worker"], config.GetStringList("akka.cluster.roles"));
        Assert.Equal(10_000, settings.History.Versions);
    }

    [Fact]
    public void The_store_gives_the_plugins_their_connections()
    {
        var sqlite = ActorOrchConfig.Load(new() { Overrides = "actororch.store.sqlite.directory = \"/data\"" });
        var postgres = ActorOrchConfig.Load(new() { Overrides = "actororch.store { provider = postgresql\n postgresql.connection-string = \"Host=db;Username=a\" }" });

        Assert.StartsWith("Data Source=/data/journal.db", sqlite.GetString("akka.persistence.journal.sql.connection-string"), StringComparison.Ordinal);
        Assert.StartsWith("Data Source=/data/snapshots.db", sqlite.GetString("akka.persistence.snapshot-store.sql.connection-string"), StringComparison.Ordinal);
        Assert.Equal("Host=db;Username=a;Timeout=5;Application Name=actororch", postgres.GetString("akka.persistence.journal.sql.connection-string"));
    }

    [Theory]
    [InlineData("actororch.store.provider = mysql", "mysql")]
    [InlineData("actororch.store.provider = postgresql", "connection-string is not set")]
    [InlineData("actororch = ${nowhere}", "user.hocon")]
    public void A_setting_that_cannot_be_right_is_named(string text, string named)
    {
        var error = Assert.Throws<ConfigurationException>(() => ActorOrchConfig.Load(new() { UserFile = Write(text) }));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a = ${a}", "${a} stands for itself")]
    [InlineData("a = ${b}\nb = ${a}", "stands for itself")]
    [InlineData("a = x${a}", "${a} stands for itself")]
    [InlineData("a { b = [${a}] }", "${a} stands for itself")]
    [InlineData("include \"/etc/hosts\"", "the include in line 1 is not supported")]
    [InlineData("a {\n  include url(\"http://127.0.0.1:1/\")\n}", "the include in line 2 is not supported")]
    [InlineData("a = 1\na = \"b", "the text that begins in line 2 is never closed")]
    [InlineData("a = \"\"\"b\"", "the text that begins in line 1 is never closed")]
    public void What_would_end_the_parser_is_named(string text, string named)
    {
        var error = Assert.Throws<ConfigurationException>(() => ActorOrchConfig.Load(new() { UserFile = Write(text) }));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a{", "}")]
    [InlineData("a=[", "]")]
    [InlineData("[", "]")]
    public void What_is_nested_too_deep_is_named(string open, string close)
    {
        var text = string.Concat(Enumerable.Repeat(open, 20_000)) + string.Concat(Enumerable.Repeat(close, 20_000));
        var error = Assert.Throws<ConfigurationException>(() => ActorOrchConfig.Load(new() { UserFile = Write(text) }));
        Assert.Contains("is nested deeper than 100", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Substitutions_that_share_a_value_and_keys_that_begin_like_an_include_are_read()
    {
        var config = ActorOrchConfig.Load(new() { UserFile = Write("a = 5\nb = ${a}\nc = [${a}, ${b}]\ninclude-all = on\nx { included = yes }") });
        Assert.Equal(["5", "5"], config.GetStringList("c"));
        Assert.True(config.GetBoolean("include-all"));
    }

    [Fact]
    public void A_missing_file_is_named() => Assert.Contains("/nowhere.hocon",
        Assert.Throws<ConfigurationException>(() => ActorOrchConfig.Load(new() { UserFile = "/nowhere.hocon" })).Message, StringComparison.Ordinal);
}

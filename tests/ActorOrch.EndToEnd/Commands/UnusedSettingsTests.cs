using ActorOrch.Hosting;
using Akka.Configuration;

namespace ActorOrch.EndToEnd.Commands;

/// <summary>What is set and not honoured is said.</summary>
public sealed class UnusedSettingsTests
{
    private static readonly Config Defaults = ConfigurationFactory.ParseString("""
        akka.remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0, maximum-frame-size = 8 MiB }
        actororch.cluster.tls { handshake-timeout = 10s, names = [] }
        """);

    [Theory]
    [InlineData("akka.remote.dot-netty.tcp.hostname", "\"10.0.0.1\"")]
    [InlineData("akka.remote.dot-netty.tcp.port", "4053")]
    [InlineData("akka.remote.dot-netty.tcp.public-hostname", "a.example")]
    [InlineData("akka.remote.dot-netty.tcp.public-port", "4053")]
    [InlineData("akka.remote.dot-netty.tcp.maximum-frame-size", "1 MiB")]
    [InlineData("actororch.cluster.tls.names", "[a.example]")]
    [InlineData("actororch.cluster.tls.handshake-timeout", "1s")]
    public void A_setting_for_a_cluster_is_warned_about_where_the_process_is_alone(string path, string value)
    {
        var actual = ConfigurationFactory.ParseString($"{path} = {value}").WithFallback(Defaults);
        Assert.StartsWith($"{path} is not used: ", Assert.Single(UnusedSettings.Of(Defaults, actual, alone: true)));
        Assert.Empty(UnusedSettings.Of(Defaults, actual, alone: false));
    }

    [Theory]
    [InlineData("")]
    [InlineData("actororch.node.max-pods = 50")]
    [InlineData("akka.remote.dot-netty.tcp.port = 4053", "akka.remote.dot-netty.tcp.port")]
    [InlineData("actororch.cluster.tls.directory = /keys", "actororch.cluster.tls.directory")]
    [InlineData("""
        akka.remote.dot-netty.tcp.port = 4053
        akka.cluster.seed-nodes = ["akka.tcp://actororch@127.0.0.1:4053"]
        """)]
    public void A_configuration_is_warned_about_for_what_its_user_has_set_alone(string text, params string[] unused)
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, text);
        var warnings = HostConfig.Load(new FileInfo(file), Path.GetTempPath()).Warnings;
        File.Delete(file);
        Assert.Equal(unused, warnings.Select(w => w.Split(' ')[0]));
    }

    [Fact]
    public void What_is_left_as_it_is_is_not() => Assert.Empty(UnusedSettings.Of(Defaults, Defaults, alone: true));
}

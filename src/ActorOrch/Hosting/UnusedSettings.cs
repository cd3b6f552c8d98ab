using Akka.Configuration;

namespace ActorOrch.Hosting;

/// <summary>Settings that a process which is alone has no use for, though somebody has set them.</summary>
internal static class UnusedSettings
{
    // What says how processes of a cluster reach and trust each other.
    private static readonly string[] OfClusters = ["akka.remote.dot-netty.tcp", "actororch.cluster.tls"];

    /// <summary>A line for each that differs from its default; empty where the process has others beside it.</summary>
    public static IReadOnlyList<string> Of(Config defaults, Config actual, bool alone) => !alone
        ? []
        : [.. OfClusters.SelectMany(section => SettingKinds.Settings(actual, section))
            .Where(path => !Equals(actual.GetValue(path), defaults.GetValue(path)))
            .Select(path => $"{path} is not used: without akka.cluster.seed-nodes and on SQLite the process is alone and opens no port for others")];

    private static bool Equals(Akka.Configuration.Hocon.HoconValue? one, Akka.Configuration.Hocon.HoconValue? other) => TextOf(one) == TextOf(other);

    private static string? TextOf(Akka.Configuration.Hocon.HoconValue? value) =>
        value is null ? null : value.IsArray() ? string.Join('\n', value.GetStringList()) : value.GetString();
}

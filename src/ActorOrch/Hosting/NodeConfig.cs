using ActorOrch.Resources.Kinds;
using Akka.Configuration;

namespace ActorOrch.Hosting;

/// <summary>The section <c>actororch.node</c>: how this machine takes part.</summary>
internal sealed record NodeConfig
{
    private const string Section = "actororch.node";

    /// <summary>It is the value of the label <c>kubernetes.io/hostname</c>, too.</summary>
    private const int LongestName = 63;

    /// <summary>The Node's name.</summary>
    public required string Name { get; init; }

    /// <summary>The machine's addresses towards the others, the main one first; at most one a family.</summary>
    public required IReadOnlyList<string> Addresses { get; init; }

    public required int MaxPods { get; init; }

    /// <summary>How long a pod waits on a node that is not ready or unreachable before it is replaced, where it does not say itself.</summary>
    public required int DefaultTolerationSeconds { get; init; }

    /// <summary>The directory of seccomp profiles of type Localhost.</summary>
    public required string SeccompProfiles { get; init; }

    public required IReadOnlyList<string> AllowedUnsafeSysctls { get; init; }

    /// <summary>Throws <see cref="ConfigurationException"/> for a value that cannot be used.</summary>
    public static NodeConfig From(Config config)
    {
        var settings = new SettingReader(config, Section);
        var addresses = settings.Addresses("addresses");
        return new()
        {
            Name = NameOf(settings),
            Addresses = addresses.Count > 0 ? [.. addresses.Select(a => a.ToString())] : MachineAddresses.Find(),
            MaxPods = settings.Integer("max-pods", 1, 10_000),
            DefaultTolerationSeconds = settings.Integer("default-toleration-seconds", 0, int.MaxValue),
            SeccompProfiles = settings.Text("seccomp-profiles") is var directory && Path.IsPathRooted(directory)
                ? directory
                : throw settings.Wrong("seccomp-profiles", directory, "it must be the whole path of a directory"),
            AllowedUnsafeSysctls = settings.Texts("allowed-unsafe-sysctls"),
        };
    }

    private static string NameOf(SettingReader settings)
    {
        var given = settings.Text("name");
        var name = given.Length > 0 ? given : Environment.MachineName.ToLowerInvariant();
        var why = name.Length > LongestName ? $"it is longer than {LongestName} characters" : Names.Dns1123Subdomain(name).FirstOrDefault();
        if (why is null) return name;
        throw given.Length > 0
            ? settings.Wrong("name", name, $"it is no name for a node: {why}")
            : new ConfigurationException($"this machine's name \"{name}\" is no name for a node: {why}: give it another with {Section}.name");
    }
}

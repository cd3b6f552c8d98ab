using Akka.Configuration;

namespace ActorOrch.Hosting;

/// <summary>The section <c>actororch.node</c>: how this machine takes part.</summary>
internal sealed record NodeConfig
{
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

    public static NodeConfig From(Config config)
    {
        var section = config.GetConfig("actororch.node");
        var name = section.GetString("name");
        var addresses = section.GetStringList("addresses");
        return new()
        {
            Name = string.IsNullOrEmpty(name) ? Environment.MachineName.ToLowerInvariant() : name,
            Addresses = addresses.Count > 0 ? [.. addresses] : MachineAddresses.Find(),
            MaxPods = section.GetInt("max-pods"),
            DefaultTolerationSeconds = section.GetInt("default-toleration-seconds"),
            SeccompProfiles = section.GetString("seccomp-profiles"),
            AllowedUnsafeSysctls = [.. section.GetStringList("allowed-unsafe-sysctls")],
        };
    }
}

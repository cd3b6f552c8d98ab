namespace ActorOrch.Networking.Kernel;

/// <summary>An element of a named set or map of the table; <see cref="Value"/> is null in sets.</summary>
public readonly record struct NftElement(string Set, string Key, string? Value);

/// <summary>A UDP endpoint behind a service: flows to it outlive its rule in the connection table unless they are removed there.</summary>
public readonly record struct UdpTarget(string Address, int Port);

/// <summary>
/// Everything that one service contributes to the table of one family. Comparable piece by piece with what was there before, so that a
/// change costs what changed and not the whole table.
/// </summary>
public sealed class ServiceRules
{
    public static readonly ServiceRules None = new();

    /// <summary>Chains by name, with their rules in order.</summary>
    public Dictionary<string, IReadOnlyList<string>> Chains { get; } = [];

    /// <summary>Sets of the service's own (session affinity) by name, with their definition.</summary>
    public Dictionary<string, string> Sets { get; } = [];

    public List<NftElement> Elements { get; } = [];

    /// <summary>Addresses that get new connections while there is another choice, or because they are ready: a pod that is being deleted waits for these rules to change.</summary>
    public HashSet<string> LiveTargets { get; } = [];

    public HashSet<UdpTarget> UdpTargets { get; } = [];

    /// <summary>UDP addresses that clients send to (<c>address</c>, port) and that lead somewhere.</summary>
    public HashSet<UdpTarget> UdpFronts { get; } = [];
}

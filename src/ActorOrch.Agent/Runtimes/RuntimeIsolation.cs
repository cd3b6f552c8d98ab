namespace ActorOrch.Agent.Runtimes;

/// <summary>Which isolation the runtime can give. What a pod asks for beyond it is refused, so each of these is true only where it is known.</summary>
public sealed record RuntimeIsolation
{
    /// <summary>The kernel filters system calls by a profile.</summary>
    public bool Seccomp { get; init; }

    /// <summary>A container without a profile of its own gets the runtime's default profile, and not none.</summary>
    public bool SeccompByDefault { get; init; }
    public bool AppArmor { get; init; }
    public bool SELinux { get; init; }

    /// <summary>Root in a container is not root on the machine.</summary>
    public bool UserNamespaces { get; init; }
}

/// <summary>By which profile a container's system calls are filtered.</summary>
public abstract record SeccompFilter
{
    /// <summary>The runtime's default, whatever it is.</summary>
    public static readonly SeccompFilter Default = new RuntimeDefault();
    public static readonly SeccompFilter None = new Unconfined();

    public sealed record RuntimeDefault : SeccompFilter;

    public sealed record Unconfined : SeccompFilter;

    /// <param name="Json">The profile's text, as the kubelet's files have it.</param>
    public sealed record Profile(string Json) : SeccompFilter;
}

/// <summary>The SELinux label of a container's processes; a part that is null is the runtime's choice.</summary>
public sealed record SELinuxLabel(string? User, string? Role, string? Type, string? Level);

/// <summary>A port of the machine that leads to one of the container's network namespace.</summary>
/// <param name="Protocol"><c>tcp</c>, <c>udp</c> or <c>sctp</c>.</param>
/// <param name="HostAddress">One of the machine's addresses; empty for all.</param>
public sealed record PortMapping(int Port, string Protocol, string HostAddress, int HostPort);

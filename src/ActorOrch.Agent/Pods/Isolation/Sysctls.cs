using k8s.Models;

namespace ActorOrch.Agent.Pods.Isolation;

/// <summary>Kernel settings of a pod: those that stay within its namespaces and harm no neighbour, and those that its node allows besides.</summary>
internal static class Sysctls
{
    /// <summary>Upstream's list of safe ones.</summary>
    public static readonly IReadOnlySet<string> Safe = new HashSet<string>
    {
        "kernel.shm_rmid_forced",
        "net.ipv4.ip_local_port_range",
        "net.ipv4.tcp_syncookies",
        "net.ipv4.ping_group_range",
        "net.ipv4.ip_unprivileged_port_start",
        "net.ipv4.ip_local_reserved_ports",
        "net.ipv4.tcp_keepalive_time",
        "net.ipv4.tcp_fin_timeout",
        "net.ipv4.tcp_keepalive_intvl",
        "net.ipv4.tcp_keepalive_probes",
        "net.ipv4.tcp_rmem",
        "net.ipv4.tcp_wmem",
    };

    /// <summary>The first that the pod may not set, with the reason; null where it may set all.</summary>
    /// <param name="allowedUnsafe">Names; one that ends with <c>*</c> stands for all that begin so.</param>
    public static string? Forbidden(V1PodSpec spec, IReadOnlyCollection<string> allowedUnsafe)
    {
        foreach (var sysctl in spec.SecurityContext?.Sysctls ?? [])
        {
            var name = Normal(sysctl.Name);
            if (!Safe.Contains(name) && !allowedUnsafe.Any(allowed => Covers(Normal(allowed), name))) return $"\"{sysctl.Name}\" not allowlisted";
            if (spec.HostNetwork == true && name.StartsWith("net.", StringComparison.Ordinal)) return $"\"{sysctl.Name}\" not allowed with host net enabled";
            if (spec.HostIPC == true && !name.StartsWith("net.", StringComparison.Ordinal)) return $"\"{sysctl.Name}\" not allowed with host ipc enabled";
        }
        return null;
    }

    /// <summary>The pod's settings by the names that the engine takes.</summary>
    public static IReadOnlyDictionary<string, string> Of(V1PodSpec spec)
    {
        var sysctls = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var sysctl in spec.SecurityContext?.Sysctls ?? []) sysctls[Normal(sysctl.Name)] = sysctl.Value;
        return sysctls;
    }

    /// <summary>With dots. In a name that begins with slashes, a dot is part of a word: <c>net/ipv4/conf/eth0.1/…</c>.</summary>
    private static string Normal(string name)
    {
        var first = name.IndexOfAny(['.', '/']);
        if (first < 0 || name[first] == '.') return name;
        return string.Create(name.Length, name, static (text, from) =>
        {
            for (var i = 0; i < from.Length; i++) text[i] = from[i] switch { '/' => '.', '.' => '/', var other => other };
        });
    }

    private static bool Covers(string allowed, string name) =>
        allowed.EndsWith('*') ? name.StartsWith(allowed[..^1], StringComparison.Ordinal) : allowed == name;
}

using System.Text;
using k8s.Models;

namespace ActorOrch.Agent.Pods.Specs;

/// <summary>The cluster's name servers.</summary>
/// <param name="Addresses">What pods ask; at most three, as the C library takes no more.</param>
public sealed record ClusterDns(IReadOnlyList<string> Addresses, string Domain = "cluster.local");

/// <summary>A pod's <c>/etc/resolv.conf</c> by its <c>dnsPolicy</c> and <c>dnsConfig</c>. Pure.</summary>
internal static class PodDns
{
    /// <param name="host">The machine's own resolv.conf, for <c>Default</c> and where there is no cluster DNS.</param>
    public static string Write(V1Pod pod, string host, ClusterDns? cluster)
    {
        var servers = new List<string>();
        var searches = new List<string>();
        var options = new Dictionary<string, string?>(StringComparer.Ordinal);
        if (Policy(pod, cluster) is not "None")
        {
            if (Policy(pod, cluster) == "Default") ReadHost(host, servers, searches, options);
            else
            {
                servers.AddRange(cluster!.Addresses);
                searches.AddRange([$"{pod.Metadata.NamespaceProperty}.svc.{cluster.Domain}", $"svc.{cluster.Domain}", cluster.Domain]);
                var machine = new List<string>();
                ReadHost(host, [], machine, []);
                searches.AddRange(machine);
                options["ndots"] = "5";
            }
        }
        foreach (var server in pod.Spec.DnsConfig?.Nameservers ?? []) if (!servers.Contains(server)) servers.Add(server);
        foreach (var search in pod.Spec.DnsConfig?.Searches ?? []) if (!searches.Contains(search)) searches.Add(search);
        foreach (var option in pod.Spec.DnsConfig?.Options ?? []) options[option.Name] = option.Value;

        var text = new StringBuilder();
        if (searches.Count > 0) text.Append("search ").AppendJoin(' ', searches).Append('\n');
        foreach (var server in servers) text.Append("nameserver ").Append(server).Append('\n');
        if (options.Count > 0) text.Append("options ").AppendJoin(' ', options.Select(o => o.Value is null ? o.Key : $"{o.Key}:{o.Value}")).Append('\n');
        return text.ToString();
    }

    private static string Policy(V1Pod pod, ClusterDns? cluster)
    {
        var policy = pod.Spec.DnsPolicy ?? "ClusterFirst";
        if (policy is "None" or "Default") return policy;
        var hostNetwork = pod.Spec.HostNetwork == true && policy != "ClusterFirstWithHostNet";
        return cluster is null || hostNetwork ? "Default" : "ClusterFirst";
    }

    private static void ReadHost(string host, List<string> servers, List<string> searches, Dictionary<string, string?> options)
    {
        foreach (var line in host.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var words = line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words[0] == "nameserver" && words.Length > 1) servers.Add(words[1]);
            if (words[0] is "search" or "domain") searches.AddRange(words.Skip(1));
            if (words[0] != "options") continue;
            foreach (var option in words.Skip(1))
            {
                var colon = option.IndexOf(':', StringComparison.Ordinal);
                options[colon < 0 ? option : option[..colon]] = colon < 0 ? null : option[(colon + 1)..];
            }
        }
    }
}

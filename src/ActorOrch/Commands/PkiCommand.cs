using System.CommandLine;
using ActorOrch.Hosting;
using ActorOrch.Registry.Clustering.Pki;
using ActorOrch.Resources.Addressing;
using ActorOrch.Resources.Timing;

namespace ActorOrch.Commands;

/// <summary><c>actororch pki node</c>: keys for a process that is to join a cluster without having the key of its authority.</summary>
internal static class PkiCommand
{
    private const int DefaultDays = 365;

    public static Command Create()
    {
        var name = new Argument<string>("name") { Description = "The process's name; of a worker, its node's (actororch.node.name)." };
        var role = new Option<string>("--role") { Description = "What the process may do in the cluster.", Required = true };
        role.AcceptOnlyFromAmong(NodeRoles.Worker, NodeRoles.ControlPlane);
        var hosts = new Option<string[]>("--host")
        {
            Description = "A name or an address by which the others reach the process (akka.remote.dot-netty.tcp.hostname); may be given several times. Default: NAME.",
        };
        var dataDir = new Option<DirectoryInfo>("--data-dir") { Description = "The data directory of a control-plane process, whose pki/cluster has the authority." };
        var authority = new Option<DirectoryInfo>("--authority") { Description = "The directory of the authority (actororch.cluster.tls.directory), where it is another one." };
        var output = new Option<DirectoryInfo>("--out") { Description = "Where the keys go: what actororch.cluster.tls.directory of the process is to be.", Required = true };
        var days = NumberOption.Create("--days", "How many days the certificate lasts.", 1, 3650, DefaultDays);
        hosts.Validators.Add(result =>
        {
            foreach (var host in result.GetValueOrDefault<string[]>() ?? [])
                if (!IsHost(host)) result.AddError($"--host: {host} is neither a name nor an address of a machine");
        });
        var node = new Command("node", "Makes the keys of a process that is to join a cluster: its certificate, and the authority's.") { name, role, hosts, dataDir, authority, output, days };
        node.Validators.Add(result =>
        {
            if (result.GetValue(name) is { } text && !IsHost(text)) result.AddError($"NAME: {text} is not a name of a node: lower-case letters, digits, '-' and '.'");
            if (result.GetResult(dataDir) is null == result.GetResult(authority) is null) result.AddError("one of --data-dir and --authority says where the authority is");
        });
        node.SetAction(parsed => Run(
            parsed.GetValue(name)!,
            NodeRoles.Find(parsed.GetValue(role)!)!.Value,
            parsed.GetValue(hosts) is { Length: > 0 } given ? given : [parsed.GetValue(name)!],
            parsed.GetValue(authority)?.FullName ?? Path.Combine(parsed.GetValue(dataDir)!.FullName, "pki", "cluster"),
            parsed.GetValue(output)!.FullName,
            Durations.OfSeconds(parsed.GetValue(days) * 86_400L)));
        return new("pki", "Keys for the processes of a cluster.") { node };
    }

    private static int Run(string name, NodeRole role, string[] hosts, string authorityDirectory, string output, TimeSpan lifetime)
    {
        var time = TimeProvider.System;
        try
        {
            var keys = new KeyDirectory(authorityDirectory, time);
            if (!keys.HasAuthority) throw new StartupException($"{authorityDirectory} has no authority (ca.pem): the first seed node makes it (akka.cluster.seed-nodes); a process that is alone has none");
            var authority = keys.OpenAuthority();
            new KeyDirectory(output, time).Write(authority.Certificate, authority.Issue(name, role, hosts, lifetime));
            Console.WriteLine($"{output} has the keys of the {NodeRoles.NameOf(role)} {name}, for {string.Join(", ", hosts)}");
            return 0;
        }
        catch (Exception e) when (e is StartupException or NodeKeysException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"actororch: {e.Message}");
            return 1;
        }
    }

    private static bool IsHost(string text) =>
        NetworkAddress.TryParse(text, out _)
        || (text.Length <= 253 && text.Split('.').All(label => label.Length is > 0 and <= 63 && label[0] != '-' && label[^1] != '-' && label.All(c => c is '-' or (>= 'a' and <= 'z') or (>= '0' and <= '9'))));
}

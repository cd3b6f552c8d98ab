using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ActorOrch.Networking.Kernel;

namespace ActorOrch.Networking.Tests.Machines;

/// <summary>
/// A machine of its own, made of network namespaces: the host with a pod bridge, pods on it, and a client outside. Pod i has the addresses
/// 10.244.0.(i+1) and fd00:10:244::(i+1), the host 192.0.2.1 and the client 192.0.2.2.
/// </summary>
internal sealed class TestMachine : IDisposable
{
    private static int _count;
    private readonly string _prefix = $"aonet{Environment.ProcessId % 10000}x{Interlocked.Increment(ref _count)}";
    private readonly int _pods;
    private readonly List<IDisposable> _servers = [];

    public TestMachine(int pods, bool bridgeFiltered = true)
    {
        _pods = pods;
        var script = new StringBuilder($"""
            ip netns add {Host}
            ip netns add {Client}
            ip -n {Host} link set lo up
            ip -n {Host} link add actor0 type bridge
            ip -n {Host} addr add 10.244.0.1/24 dev actor0
            ip -n {Host} addr add fd00:10:244::1/64 dev actor0 nodad
            ip -n {Host} link set actor0 up
            ip -n {Host} link add up0 type veth peer name eth0 netns {Client}
            ip -n {Host} addr add 192.0.2.1/24 dev up0
            ip -n {Host} addr add fd00:2::1/64 dev up0 nodad
            ip -n {Host} link set up0 up
            ip -n {Client} addr add 192.0.2.2/24 dev eth0
            ip -n {Client} addr add fd00:2::2/64 dev eth0 nodad
            ip -n {Client} link set eth0 up
            ip -n {Host} route add default via 192.0.2.2
            ip -n {Host} -6 route add default via fd00:2::2
            ip netns exec {Host} sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 net.ipv4.conf.actor0.route_localnet=1
            if [ -d /proc/sys/net/bridge ]; then
            ip netns exec {Host} sysctl -qw net.bridge.bridge-nf-call-iptables={(bridgeFiltered ? 1 : 0)} net.bridge.bridge-nf-call-ip6tables={(bridgeFiltered ? 1 : 0)}
            fi

            """);
        for (var i = 1; i <= pods; i++)
            script.Append($"""
                ip netns add {Pod(i)}
                ip -n {Pod(i)} link set lo up
                ip -n {Host} link add p{i} type veth peer name eth0 netns {Pod(i)}
                ip -n {Host} link set p{i} master actor0 up
                ip -n {Host} link set p{i} type bridge_slave hairpin on
                ip -n {Pod(i)} addr add {AddressOf(i)}/24 dev eth0
                ip -n {Pod(i)} addr add {Address6Of(i)}/64 dev eth0 nodad
                ip -n {Pod(i)} link set eth0 up
                ip -n {Pod(i)} route add default via 10.244.0.1
                ip -n {Pod(i)} -6 route add default via fd00:10:244::1

                """);
        Shell("set -e\n" + script);
        Nftables = new NftCommand("ip", "netns", "exec", Host, "nft");
    }

    public string Host => _prefix + "host";

    public string Client => _prefix + "client";

    public INftables Nftables { get; }

    public string Pod(int number) => _prefix + "pod" + number;

    public static string AddressOf(int pod) => $"10.244.0.{pod + 1}";

    public static string Address6Of(int pod) => $"fd00:10:244::{pod + 1}";

    /// <summary>Serves the pod's number over TCP on port 8080 of all its addresses; disposing it is the end of the process.</summary>
    public TcpEcho Serve(int pod)
    {
        var server = new TcpEcho(NetworkNamespace.Run(Pod(pod), () => TcpListener.Create(8080)), pod.ToString(System.Globalization.CultureInfo.InvariantCulture));
        _servers.Add(server);
        return server;
    }

    /// <summary>Connects from a namespace and reads what the server says: its pod's number, then the client's address as the server sees it.</summary>
    public static async Task<string> AskAsync(string from, string address, int port)
    {
        var target = IPAddress.Parse(address);
        using var socket = NetworkNamespace.Run(from, () => new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await socket.ConnectAsync(target, port, limit.Token);
        using var reader = new StreamReader(new NetworkStream(socket), Encoding.ASCII);
        return await reader.ReadToEndAsync(limit.Token);
    }

    public void Dispose()
    {
        foreach (var server in _servers) server.Dispose();
        var names = Enumerable.Range(1, _pods).Select(Pod).Append(Host).Append(Client);
        Shell(string.Join('\n', names.Select(n => $"ip netns del {n}")));
    }

    public static string Shell(string script)
    {
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = shell.StandardError.ReadToEndAsync();
        var output = shell.StandardOutput.ReadToEnd();
        shell.WaitForExit();
        return shell.ExitCode == 0 ? output : throw new InvalidOperationException($"{script}\n{errors.GetAwaiter().GetResult()}");
    }
}

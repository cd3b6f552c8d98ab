using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ActorOrch.Networking.Kernel.Bridges;
using ActorOrch.Registry.Clustering;
using Akka.Event;

namespace ActorOrch.Networking.Kernel;

/// <summary>The machine's network as Linux presents it under /proc and /sys.</summary>
internal sealed class LinuxNodeNetwork(NetworkSettings settings, PodBridge bridge, ILoggingAdapter log) : INodeNetwork
{
    private const string DockerUserChain = "DOCKER-USER";
    private const string Forwarding4 = "/proc/sys/net/ipv4/ip_forward";
    private const string Forwarding6 = "/proc/sys/net/ipv6/conf/all/forwarding";

    private string? _podBridge;

    public bool BridgeFiltered =>
        Read("/proc/sys/net/bridge/bridge-nf-call-iptables") == "1" && Read("/proc/sys/net/bridge/bridge-nf-call-ip6tables") == "1";

    public async Task PrepareAsync(CancellationToken cancel)
    {
        Forward();
        try
        {
            bridge.Look();
        }
        catch (Exception failure) when (failure is Win32Exception or SocketException)
        {
            log.Warning("The bridge {0} cannot be looked at, so that what others do to it is not put right: {1}", bridge.Name, failure.Message);
        }
        await PassDockerAsync("iptables", cancel);
        await PassDockerAsync("ip6tables", cancel);
    }

    public async Task<IReadOnlyList<string>> RestoreAsync(CancellationToken cancel)
    {
        List<string> mended = [.. Restore()];
        // A bridge that was made anew has none of it.
        if (mended.Count > 0) PreparePodBridge();
        if (await PassDockerAsync("iptables", cancel) | await PassDockerAsync("ip6tables", cancel)) mended.Add($"the chain {DockerUserChain} no longer let service traffic through");
        return mended;
    }

    /// <summary>The part of it that is this thread's network namespace's.</summary>
    internal IReadOnlyList<string> Restore() => [.. Forward(), .. bridge.Restore(), .. ForwardOnBridge()];

    private List<string> Forward()
    {
        var mended = new List<string>();
        if (Set(Forwarding4, "1")) mended.Add("net.ipv4.ip_forward was off");
        if (settings.ServiceCidrs.Any(NftFamily.IPv6.Has) && ForwardIPv6()) mended.Add("net.ipv6.conf.all.forwarding was off");
        return mended;
    }

    private IEnumerable<string> ForwardOnBridge() =>
        new[] { "ipv4", "ipv6" }.Where(family => Set($"/proc/sys/net/{family}/conf/{bridge.Name}/forwarding", "1"))
            .Select(family => $"net.{family}.conf.{bridge.Name}.forwarding was off");

    public void PreparePodBridge()
    {
        _podBridge ??= FindPodBridge();
        if (_podBridge is not { } device) return;
        var ports = $"/sys/class/net/{device}/brif";
        if (!Directory.Exists(ports))
        {
            // The network was removed, or is no bridge: look again next time.
            _podBridge = null;
            return;
        }
        Set($"/proc/sys/net/ipv4/conf/{device}/route_localnet", "1");
        foreach (var port in Directory.EnumerateDirectories(ports)) Set($"{port}/hairpin_mode", "1");
    }

    public void ForgetUdpTarget(UdpTarget target) => Report(Conntrack.ForgetTarget(IPAddress.Parse(target.Address), target.Port), target);

    public void ForgetUdpFront(UdpTarget front) => Report(Conntrack.ForgetFront(IPAddress.Parse(front.Address), front.Port), front);

    private void Report(int error, UdpTarget target)
    {
        if (error != 0) log.Warning("UDP flows of {0}:{1} stay in the connection table: error {2}", target.Address, target.Port, error);
    }

    private string? FindPodBridge()
    {
        foreach (var candidate in MachineInterfaces.All())
            foreach (var unicast in candidate.GetIPProperties().UnicastAddresses)
                if (settings.LocalPodCidrs.Any(cidr => cidr.Contains(unicast.Address))) return candidate.Name;
        return null;
    }

    // A machine that forwards ignores router advertisements unless told otherwise, and would lose its own default route.
    private bool ForwardIPv6()
    {
        if (Read(Forwarding6) is null or "1") return false;
        foreach (var conf in Directory.EnumerateDirectories("/proc/sys/net/ipv6/conf"))
            if (Read($"{conf}/accept_ra") == "1") Set($"{conf}/accept_ra", "2");
        return Set(Forwarding6, "1");
    }

    // Docker drops what it does not know on its way through the machine; the chain DOCKER-USER is where it lets others have a say.
    private async Task<bool> PassDockerAsync(string iptables, CancellationToken cancel)
    {
        var mark = $"0x{settings.AcceptMark:x}/0x{settings.AcceptMark:x}";
        string[] rule = [DockerUserChain, "-m", "mark", "--mark", mark, "-j", "ACCEPT"];
        if (!await RunAsync(iptables, ["-w", "-n", "-L", DockerUserChain], cancel)) return false;
        if (await RunAsync(iptables, ["-w", "-C", .. rule], cancel)) return false;
        if (await RunAsync(iptables, ["-w", "-I", .. rule], cancel)) return true;
        log.Warning("{0} refused a rule in {1}: node ports are reachable from this machine only", iptables, DockerUserChain);
        return false;
    }

    private async Task<bool> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancel)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            var output = process.StandardOutput.ReadToEndAsync(cancel);
            var errors = process.StandardError.ReadToEndAsync(cancel);
            await process.WaitForExitAsync(cancel);
            await output;
            await errors;
            return process.ExitCode == 0;
        }
        catch (Win32Exception missing)
        {
            log.Debug("{0} cannot be run: {1}", program, missing.Message);
            return false;
        }
    }

    private static string? Read(string file) => File.Exists(file) ? File.ReadAllText(file).Trim() : null;

    /// <summary>Whether it was something else until now.</summary>
    private bool Set(string file, string value)
    {
        try
        {
            if (Read(file) is not { } now || now == value) return false;
            File.WriteAllText(file, value);
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A port may leave the bridge while it is looked at; what stays unset otherwise is worth a line.
            if (File.Exists(file)) log.Warning("{0} could not be set to {1}: {2}", file, value, failure.Message);
            return false;
        }
    }
}

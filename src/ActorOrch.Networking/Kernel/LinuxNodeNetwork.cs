using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using ActorOrch.Registry.Clustering;
using Akka.Event;

namespace ActorOrch.Networking.Kernel;

/// <summary>The machine's network as Linux presents it under /proc and /sys.</summary>
public sealed class LinuxNodeNetwork(NetworkSettings settings, ILoggingAdapter log) : INodeNetwork
{
    private const string DockerUserChain = "DOCKER-USER";

    private string? _podBridge;

    public bool BridgeFiltered =>
        Read("/proc/sys/net/bridge/bridge-nf-call-iptables") == "1" && Read("/proc/sys/net/bridge/bridge-nf-call-ip6tables") == "1";

    public async Task PrepareAsync(CancellationToken cancel)
    {
        Set("/proc/sys/net/ipv4/ip_forward", "1");
        if (settings.ServiceCidrs.Any(NftFamily.IPv6.Has)) ForwardIPv6();
        await PassDockerAsync("iptables", cancel);
        await PassDockerAsync("ip6tables", cancel);
    }

    public void PreparePodBridge()
    {
        _podBridge ??= FindPodBridge();
        if (_podBridge is not { } bridge) return;
        var ports = $"/sys/class/net/{bridge}/brif";
        if (!Directory.Exists(ports))
        {
            // The network was removed, or is no bridge: look again next time.
            _podBridge = null;
            return;
        }
        Set($"/proc/sys/net/ipv4/conf/{bridge}/route_localnet", "1");
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
    private void ForwardIPv6()
    {
        const string forwarding = "/proc/sys/net/ipv6/conf/all/forwarding";
        if (Read(forwarding) is null or "1") return;
        foreach (var conf in Directory.EnumerateDirectories("/proc/sys/net/ipv6/conf"))
            if (Read($"{conf}/accept_ra") == "1") Set($"{conf}/accept_ra", "2");
        Set(forwarding, "1");
    }

    // Docker drops what it does not know on its way through the machine; the chain DOCKER-USER is where it lets others have a say.
    private async Task PassDockerAsync(string iptables, CancellationToken cancel)
    {
        var mark = $"0x{settings.AcceptMark:x}/0x{settings.AcceptMark:x}";
        string[] rule = [DockerUserChain, "-m", "mark", "--mark", mark, "-j", "ACCEPT"];
        if (!await RunAsync(iptables, ["-w", "-n", "-L", DockerUserChain], cancel)) return;
        if (await RunAsync(iptables, ["-w", "-C", .. rule], cancel)) return;
        if (!await RunAsync(iptables, ["-w", "-I", .. rule], cancel))
            log.Warning("{0} refused a rule in {1}: node ports are reachable from this machine only", iptables, DockerUserChain);
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

    private void Set(string file, string value)
    {
        try
        {
            if (Read(file) is { } now && now != value) File.WriteAllText(file, value);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A port may leave the bridge while it is looked at; what stays unset otherwise is worth a line.
            if (File.Exists(file)) log.Warning("{0} could not be set to {1}: {2}", file, value, failure.Message);
        }
    }
}

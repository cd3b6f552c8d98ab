using System.Collections.Concurrent;
using System.ComponentModel;
using System.Net;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace ActorOrch.Agent.Runtimes.Docker;

public sealed partial class DockerRuntime
{
    private const string ContainerDevice = "eth0";
    private const string Forwarding = "/proc/sys/net/ipv6/conf/all/forwarding";

    /// <summary>IPv6 addresses of created containers, until they are started.</summary>
    private readonly ConcurrentDictionary<string, string> _addresses6 = new();
    private IPNetwork? _subnet6;
    private volatile bool _ownIPv6;

    /// <summary>Who had an address last, and whom a created container follows at its address.</summary>
    private readonly ConcurrentDictionary<string, string> _holders = new();
    private readonly ConcurrentDictionary<string, string> _predecessors = new();

    /// <summary>
    /// The engine tells of a container's end before it has freed its address, and answers no question about it in between: asking about the
    /// predecessor is the way to wait for that.
    /// </summary>
    private void Claim(string address, string containerId)
    {
        if (_holders.TryGetValue(address, out var predecessor) && predecessor != containerId) _predecessors[containerId] = predecessor;
        _holders[address] = containerId;
    }

    /// <inheritdoc/>
    public async Task PrepareAsync(PodNetworkSpec network, CancellationToken cancel)
    {
        _ownIPv6 = _options.OwnIPv6 && network.Subnet4 is not null && (await InfoAsync(cancel).ConfigureAwait(false)).SharesMachine;
        var engines = _ownIPv6 ? network with { Subnet6 = null } : network;
        await Task.WhenAll(PrepareNetworkAsync(network, engines, cancel), PrepareSandboxImageAsync(cancel)).ConfigureAwait(false);
        if (!_ownIPv6) return;
        _subnet6 = network.Subnet6 is { } subnet6 ? IPNetwork.Parse(subnet6) : null;
        if (_subnet6 is not { } own) return;
        var device = network.DeviceName;
        try
        {
            if (File.ReadAllText(Forwarding).Trim() == "0") File.WriteAllText(Forwarding, "1");
            File.WriteAllText($"/proc/sys/net/ipv6/conf/{device}/disable_ipv6", "0");
            RouteNetlink.Add(device, Gateway(own), own.PrefixLength, gateway: null);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or Win32Exception)
        {
            throw new PodNetworkException($"the bridge {device} cannot have the range {own}: {failure.Message}", failure);
        }
    }

    /// <summary>Gives a container that was just started its IPv6 address.</summary>
    private async Task AddIPv6Async(string containerId, string address, CancellationToken cancel)
    {
        if (_subnet6 is not { } subnet) return;
        var started = await EngineAsync(answer => _client.Containers.InspectContainerAsync(containerId, answer), cancel).ConfigureAwait(false);
        // It may have ended already, and its network with it.
        if (started.State is not { Running: true, Pid: > 0 } state) return;
        try
        {
            await RouteNetlink.AddInNamespaceAsync((int)state.Pid, ContainerDevice, IPAddress.Parse(address), subnet.PrefixLength, Gateway(subnet)).ConfigureAwait(false);
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            // A process that ends has no namespace from some moment on; the engine will tell of its end.
        }
        catch (Exception failure) when (failure is Win32Exception or IOException)
        {
            if (ProcessEnd.HasCome((int)state.Pid)) return;
            var now = await InspectAsync(containerId, cancel).ConfigureAwait(false);
            if (now is { Phase: ContainerPhase.Running }) throw new ContainerStartException($"the pod's address {address} could not be set: {failure.Message}", failure);
        }
    }

    private static IPAddress Gateway(IPNetwork subnet)
    {
        var bytes = subnet.BaseAddress.GetAddressBytes();
        bytes[^1] |= 1;
        return new(bytes);
    }

    /// <param name="network">What pods are to have.</param>
    /// <param name="engines">What of it the engine is to manage.</param>
    private async Task PrepareNetworkAsync(PodNetworkSpec network, PodNetworkSpec engines, CancellationToken cancel)
    {
        var listed = await EngineAsync(answer => _client.Networks.ListNetworksAsync(
            new() { Filters = new Dictionary<string, IDictionary<string, bool>> { ["name"] = new Dictionary<string, bool> { [network.Name] = true } } },
            answer), cancel).ConfigureAwait(false);
        var subnets = Subnets(engines);
        if (listed.FirstOrDefault(n => n.Name == network.Name) is { } existing)
        {
            var has = existing.IPAM.Config.Select(c => c.Subnet).ToHashSet();
            if (has.SetEquals(subnets)) return;
            if (has.SetEquals(Subnets(network)))
            {
                // Made when the engine gave both families; it goes on doing so as long as the network exists.
                _ownIPv6 = false;
                return;
            }
            throw new PodNetworkException(
                $"the engine's network \"{network.Name}\" has the subnets {string.Join(", ", has)}, not {string.Join(", ", subnets)}: "
                + $"remove it (docker network rm {network.Name}) or choose another pod network");
        }
        try
        {
            await EngineAsync(answer => _client.Networks.CreateNetworkAsync(
                new()
                {
                    Name = network.Name,
                    Driver = "bridge",
                    EnableIPv6 = engines.Subnet6 is not null,
                    IPAM = new() { Driver = "default", Config = [.. subnets.Select(s => new IPAMConfig { Subnet = s })] },
                    Options = new Dictionary<string, string>
                    {
                        ["com.docker.network.bridge.name"] = network.DeviceName,
                    },
                    Labels = new Dictionary<string, string> { [ContainerLabels.Node] = _options.NodeName },
                }, answer), cancel).ConfigureAwait(false);
        }
        catch (DockerApiException refused)
        {
            throw new PodNetworkException($"the engine cannot make the network \"{network.Name}\" with {string.Join(" and ", subnets)}: {Words(refused)}", refused);
        }
    }

    private static string[] Subnets(PodNetworkSpec network) => [.. new[] { network.Subnet4, network.Subnet6 }.OfType<string>()];

    private async Task PrepareSandboxImageAsync(CancellationToken cancel)
    {
        if (await FindImageAsync(Sandbox.Image, cancel).ConfigureAwait(false) is not null) return;
        using var tar = SandboxImage.RootFilesystem();
        string? error = null;
        await EngineAsync(async answer =>
        {
            await _client.Images.CreateImageAsync(
                new ImagesCreateParameters { FromSrc = "-", Repo = Sandbox.Repository, Tag = Sandbox.Tag, Changes = [$"ENTRYPOINT [\"/{SandboxImage.Program}\"]"] },
                tar, new AuthConfig(), new Inline<JSONMessage>(message => error ??= message.Error?.Message), answer).ConfigureAwait(false);
            return true;
        }, cancel).ConfigureAwait(false);
        if (error is not null) throw new RuntimeUnavailableException($"the sandbox image could not be made: {error}");
    }
}

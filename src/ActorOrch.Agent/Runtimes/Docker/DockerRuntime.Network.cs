using Docker.DotNet.Models;

namespace ActorOrch.Agent.Runtimes.Docker;

public sealed partial class DockerRuntime
{
    /// <summary>The longest name of a network device in Linux (IFNAMSIZ less its end).</summary>
    private const int DeviceNameLength = 15;

    /// <inheritdoc/>
    public async Task PrepareAsync(PodNetworkSpec network, CancellationToken cancel)
    {
        await Task.WhenAll(PrepareNetworkAsync(network, cancel), PrepareSandboxImageAsync(cancel)).ConfigureAwait(false);
    }

    private async Task PrepareNetworkAsync(PodNetworkSpec network, CancellationToken cancel)
    {
        var listed = await EngineAsync(() => _client.Networks.ListNetworksAsync(
            new() { Filters = new Dictionary<string, IDictionary<string, bool>> { ["name"] = new Dictionary<string, bool> { [network.Name] = true } } },
            cancel)).ConfigureAwait(false);
        var subnets = new[] { network.Subnet4, network.Subnet6 }.OfType<string>().ToArray();
        if (listed.FirstOrDefault(n => n.Name == network.Name) is { } existing)
        {
            var has = existing.IPAM.Config.Select(c => c.Subnet).ToHashSet();
            if (has.SetEquals(subnets)) return;
            throw new RuntimeUnavailableException(
                $"the engine's network \"{network.Name}\" has the subnets {string.Join(", ", has)}, not {string.Join(", ", subnets)}: "
                + $"remove it (docker network rm {network.Name}) or choose another pod network");
        }
        await EngineAsync(() => _client.Networks.CreateNetworkAsync(
            new()
            {
                Name = network.Name,
                Driver = "bridge",
                EnableIPv6 = network.Subnet6 is not null,
                IPAM = new() { Driver = "default", Config = [.. subnets.Select(s => new IPAMConfig { Subnet = s })] },
                Options = new Dictionary<string, string>
                {
                    ["com.docker.network.bridge.name"] = network.Name[..Math.Min(DeviceNameLength, network.Name.Length)],
                },
                Labels = new Dictionary<string, string> { [ContainerLabels.Node] = _options.NodeName },
            }, cancel)).ConfigureAwait(false);
    }

    private async Task PrepareSandboxImageAsync(CancellationToken cancel)
    {
        if (await FindImageAsync(Sandbox.Image, cancel).ConfigureAwait(false) is not null) return;
        using var tar = SandboxImage.RootFilesystem();
        string? error = null;
        await EngineAsync(async () =>
        {
            await _client.Images.CreateImageAsync(
                new ImagesCreateParameters { FromSrc = "-", Repo = Sandbox.Repository, Tag = Sandbox.Tag, Changes = [$"ENTRYPOINT [\"/{SandboxImage.Program}\"]"] },
                tar, new AuthConfig(), new Inline<JSONMessage>(message => error ??= message.Error?.Message), cancel).ConfigureAwait(false);
            return true;
        }).ConfigureAwait(false);
        if (error is not null) throw new RuntimeUnavailableException($"the sandbox image could not be made: {error}");
    }
}

using ActorOrch.Agent.Runtimes;
using ActorOrch.Agent.Runtimes.Docker;
using Docker.DotNet;

namespace ActorOrch.Agent.Tests;

/// <summary>Benches on the machine's engine: each with a node and a network of its own.</summary>
internal static class DockerBench
{
    private static int _networks = Environment.ProcessId % 60;

    public static AgentBench Create()
    {
        var number = Interlocked.Increment(ref _networks) % 250;
        var name = $"agent-t{number}";
        var network = new PodNetworkSpec(name, $"10.97.{number}.0/24", $"fd97:97:{number:x}::/64");
        return new(name, new DockerRuntime(new() { NodeName = name }), network, () => RemoveNetworkAsync(name));
    }

    private static async Task RemoveNetworkAsync(string name)
    {
        using var client = new DockerClientBuilder().WithEndpoint(new("unix:///var/run/docker.sock")).Build();
        await client.Networks.DeleteNetworkAsync(name);
    }

    public static async Task<IReadOnlyList<ContainerState>> ContainersAsync(AgentBench bench)
    {
        await using var runtime = new DockerRuntime(new() { NodeName = bench.NodeName });
        return await runtime.ListAsync(CancellationToken.None);
    }
}

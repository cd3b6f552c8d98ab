using ActorOrch.Agent.Runtimes;
using ActorOrch.Agent.Runtimes.Docker;
using Docker.DotNet;

namespace ActorOrch.Agent.Tests;

/// <summary>Benches on the machine's engine: each with a node and a network of its own.</summary>
internal static class DockerBench
{
    // Outside of 10.96.0.0/12, where the services of a cluster on this machine would be.
    private static int _networks = Environment.ProcessId % 60;

    public static AgentBench Create(Func<AgentOptions, AgentOptions>? set = null, Func<DockerRuntimeOptions, DockerRuntimeOptions>? engine = null)
    {
        var number = Interlocked.Increment(ref _networks) % 250;
        var name = $"agent-t{number}";
        var network = new PodNetworkSpec(name, $"10.213.{number}.0/24", $"fd97:97:{number:x}::/64");
        var options = new DockerRuntimeOptions { NodeName = name };
        return new(name, new DockerRuntime(engine is null ? options : engine(options)), network, () => RemoveNetworkAsync(name), set: set);
    }

    private static async Task RemoveNetworkAsync(string name)
    {
        using var client = new DockerClientBuilder().WithEndpoint(new("unix:///var/run/docker.sock")).Build();
        // A container whose creation was cut off by the end of the test may have come into being meanwhile.
        foreach (var container in (await client.Networks.InspectNetworkAsync(name)).Containers.Keys)
            await client.Containers.RemoveContainerAsync(container, new() { Force = true });
        await client.Networks.DeleteNetworkAsync(name);
    }

    public static async Task<IReadOnlyList<ContainerState>> ContainersAsync(AgentBench bench)
    {
        await using var runtime = new DockerRuntime(new() { NodeName = bench.NodeName });
        return await runtime.ListAsync(CancellationToken.None);
    }
}

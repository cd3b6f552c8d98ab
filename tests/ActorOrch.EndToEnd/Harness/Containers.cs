using ActorOrch.Agent.Engine;

namespace ActorOrch.EndToEnd.Harness;

/// <summary>The engine, asked behind the orchestrator's back with its own command line.</summary>
public static class Containers
{
    /// <summary>Runs docker and requires success; the lines it printed.</summary>
    public static async Task<IReadOnlyList<string>> DockerAsync(params string[] arguments)
    {
        var docker = Shell.Find("docker") ?? throw new InvalidOperationException("there is no docker command");
        var (exitCode, output) = await Shell.RunAsync(docker, arguments, CancellationToken.None);
        Assert.True(exitCode == 0, $"docker {string.Join(' ', arguments)}: exit code {exitCode}\n{output}");
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    /// <summary>Ids of the running containers of a pod.</summary>
    public static Task<IReadOnlyList<string>> OfPodAsync(string podName) =>
        DockerAsync("ps", "-q", "--no-trunc", "--filter", $"label=io.kubernetes.pod.name={podName}");

    /// <summary>The label of every container of the cluster whose data directory that is.</summary>
    public static async Task<string> LabelOfAsync(string dataDirectory)
    {
        var clusterId = await File.ReadAllTextAsync(Path.Combine(dataDirectory, "cluster-id"));
        return $"label=actororch.node={clusterId.Trim()}/{Environment.MachineName.ToLowerInvariant()}";
    }

    /// <summary>Removes every container of the cluster whose data directory that was.</summary>
    public static async Task RemoveOfAsync(string dataDirectory)
    {
        if (!File.Exists(Path.Combine(dataDirectory, "cluster-id"))) return;
        var filter = await LabelOfAsync(dataDirectory);
        // The killed process may have been removing some of them itself: the engine refuses to do that twice, and then they are gone anyway.
        await Eventually.GetAsync(
            async () =>
            {
                var left = await DockerAsync("ps", "-aq", "--filter", filter);
                if (left.Count > 0) await Shell.RunAsync(Shell.Find("docker")!, ["rm", "-f", .. left], CancellationToken.None);
                return left.Count;
            },
            left => left == 0, "no container left");
    }
}

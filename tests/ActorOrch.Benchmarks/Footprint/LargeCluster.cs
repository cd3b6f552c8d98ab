using ActorOrch.Benchmarks.Harness;

namespace ActorOrch.Benchmarks.Footprint;

/// <summary>
/// A cluster of many nodes and pods that is at rest: what its objects take in memory beside the bytes of their JSON, and how soon the
/// executable answers when it starts from their data, and what a list in pages costs.
/// </summary>
internal static class LargeCluster
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <param name="args">The number of pods (150,000) and of nodes (5,000).</param>
    public static async Task RunAsync(string[] args)
    {
        var pods = args.Length > 0 ? int.Parse(args[0]) : 150_000;
        var nodes = args.Length > 1 ? int.Parse(args[1]) : 5_000;
        var directory = Directory.CreateTempSubdirectory("actororch-bench-").FullName;
        try
        {
            await LargeRegistry.LoadAsync(directory, pods, nodes);
            await ColdStartAsync(directory);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task ColdStartAsync(string directory)
    {
        // No machine stands behind the nodes: this keeps them from being given up while the cluster is looked at.
        var config = Path.Combine(directory, "at-rest.hocon");
        await File.WriteAllTextAsync(config, "actororch.nodes.heartbeat-grace = 1h");
        await using var orchestrator = BenchOrchestrator.Launch("simulated", directory, "--config", config);
        using var patience = new CancellationTokenSource(Patience);
        var answered = await orchestrator.FirstAnswerAsync($"api/v1/namespaces/{LargeObjects.NamespaceOf(0)}/pods/{LargeObjects.PodName(0)}", patience.Token);
        Console.WriteLine($"cold start: a pod is answered {answered.TotalSeconds:0.0} s after the start of the process");
        var ready = await orchestrator.ReadyAsync(patience.Token);
        Console.WriteLine($"cold start: Ready after {ready.TotalSeconds:0.0} s, {orchestrator.ResidentBytes / 1e6:0} MB resident");
        foreach (var later in new[] { 20, 40 })
        {
            await Task.Delay(TimeSpan.FromSeconds(later));
            Console.WriteLine($"{later} s later: {orchestrator.ResidentBytes / 1e6:0} MB resident, {orchestrator.CpuTime.TotalSeconds:0.0} s of CPU so far");
        }
        await PagedList.MeasureAsync(orchestrator);
    }
}

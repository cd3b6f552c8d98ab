using System.Diagnostics;
using ActorOrch.Benchmarks.Harness;
using k8s;
using k8s.Models;

namespace ActorOrch.Benchmarks.Pods;

/// <summary>
/// From the creation of a Deployment of 30 one-container pods to all Ready, and back to none, beside the bare engine: the same 30
/// containers by its own command line, 8 at a time, in the same run. Rounds alternate, so that a drifting machine drifts for both.
/// </summary>
internal static class PodStart
{
    private const int Pods = 30;
    private const int EngineParallelism = 8;
    private const string Image = "busybox:stable";
    private const string Label = "actororch.bench=bare";

    public static async Task RunAsync(string[] args)
    {
        var rounds = args.Length > 0 ? int.Parse(args[0]) : 3;
        await using var orchestrator = await BenchOrchestrator.StartAsync("docker");
        var (bareUp, bareDown, up, down) = (new List<TimeSpan>(), new List<TimeSpan>(), new List<TimeSpan>(), new List<TimeSpan>());
        for (var round = 0; round < rounds; round++)
        {
            bareUp.Add(await TimeAsync(() => InParallelAsync(Enumerable.Range(0, Pods).Select(i => new[] { "run", "-d", "--label", Label, "--name", $"actororch-bench-{i}", Image, "sleep", "100000" }))));
            bareDown.Add(await TimeAsync(() => InParallelAsync(Enumerable.Range(0, Pods).Select(i => new[] { "rm", "-f", $"actororch-bench-{i}" }))));
            up.Add(await TimeAsync(() => CreateAsync(orchestrator.Client)));
            down.Add(await TimeDeletionAsync(orchestrator.Client));
            Console.WriteLine($"round {round + 1}: bare engine {bareUp[^1].TotalSeconds:0.00} s up, {bareDown[^1].TotalSeconds:0.00} s down; pods {up[^1].TotalSeconds:0.00} s up, {down[^1].TotalSeconds:0.00} s down");
        }
        Console.WriteLine($"{Pods} containers, bare engine, {EngineParallelism} at a time:  up {Figures.Seconds(bareUp)}, down {Figures.Seconds(bareDown)}");
        Console.WriteLine($"{Pods} pods, created to all Ready:          up {Figures.Seconds(up)}, down {Figures.Seconds(down)}");
        Console.WriteLine($"ratio, round by round:                  up {Figures.Ratio(up.Zip(bareUp, (a, b) => a / b))}, down {Figures.Ratio(down.Zip(bareDown, (a, b) => a / b))}");
    }

    private static async Task CreateAsync(Kubernetes client)
    {
        var labels = new Dictionary<string, string> { ["app"] = "bench" };
        await client.AppsV1.CreateNamespacedDeploymentAsync(new V1Deployment
        {
            Metadata = new() { Name = "bench" },
            Spec = new()
            {
                Replicas = Pods,
                Selector = new() { MatchLabels = labels },
                Template = new()
                {
                    Metadata = new() { Labels = labels },
                    Spec = new()
                    {
                        TerminationGracePeriodSeconds = 0,
                        Containers = [new() { Name = "main", Image = Image, ImagePullPolicy = "IfNotPresent", Command = ["sleep", "100000"] }],
                    },
                },
            },
        }, "default");
        await foreach (var (_, deployment) in client.AppsV1.WatchListNamespacedDeploymentAsync("default", fieldSelector: "metadata.name=bench"))
            if (deployment.Status?.ReadyReplicas == Pods) return;
        throw new InvalidOperationException("the watch ended before all were ready");
    }

    /// <summary>Until the engine has removed the last container: its own events say when, at no cost to what is measured.</summary>
    private static async Task DeleteAsync(Kubernetes client, Process removals)
    {
        await client.AppsV1.DeleteNamespacedDeploymentAsync("bench", "default");
        for (var left = Pods; left > 0; left--)
            if (await removals.StandardOutput.ReadLineAsync() is null) throw new InvalidOperationException("docker events ended");
    }

    private static async Task<TimeSpan> TimeDeletionAsync(Kubernetes client)
    {
        using var removals = Process.Start(new ProcessStartInfo("docker",
            ["events", "--filter", "event=destroy", "--filter", "label=io.kubernetes.pod.name", "--format", "{{.ID}}"])
        { RedirectStandardOutput = true })!;
        var elapsed = await TimeAsync(() => DeleteAsync(client, removals));
        removals.Kill();
        await removals.WaitForExitAsync();
        return elapsed;
    }

    private static Task InParallelAsync(IEnumerable<string[]> commands) =>
        Parallel.ForEachAsync(commands, new ParallelOptions { MaxDegreeOfParallelism = EngineParallelism }, async (command, _) => await DockerAsync(command));

    private static async Task<string> DockerAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("docker", arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"docker {string.Join(' ', arguments)} failed with exit code {process.ExitCode}");
    }

    private static async Task<TimeSpan> TimeAsync(Func<Task> run)
    {
        var clock = Stopwatch.StartNew();
        await run();
        return clock.Elapsed;
    }
}

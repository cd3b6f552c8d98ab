using ActorOrch.EndToEnd.Harness;
using ActorOrch.EndToEnd.Workloads;

namespace ActorOrch.EndToEnd.Data;

[Collection(EndToEndCollection.Name)]
public sealed class ResetTests(Machine machine)
{
    [Fact]
    public async Task It_removes_what_carries_the_clusters_id_once_it_is_told_to_and_nothing_else()
    {
        await using var other = await OrchestratorProcess.UpAsync("simulated");
        await using var orchestrator = await OrchestratorProcess.UpAsync("docker");
        var kubectl = new Kubectl(machine.Kubectl, orchestrator.Kubeconfig);
        (await kubectl.ApplyAsync(Manifests.Web("doomed", 2))).Succeeded();
        await kubectl.OutputAsync("rollout", "status", "deployment/doomed", "--timeout=60s");
        var label = await Containers.LabelOfAsync(orchestrator.DataDirectory);

        var running = await OneRun.OfAsync("reset", "--data-dir", orchestrator.DataDirectory, "--yes");
        Assert.Equal(1, running.ExitCode);
        Assert.Contains($"another actororch (pid {orchestrator.ProcessId}) is running on {orchestrator.DataDirectory}", running.Errors, StringComparison.Ordinal);
        await orchestrator.KillAsync();
        await File.WriteAllTextAsync(Path.Combine(orchestrator.DataDirectory, "notes.txt"), "mine");
        var shown = await OneRun.OfAsync("reset", "--data-dir", orchestrator.DataDirectory);
        Assert.Equal(1, shown.ExitCode);
        Assert.Contains("k8s_", shown.Output, StringComparison.Ordinal);
        Assert.Matches("rules: +(none|services in the nftables tables \"actororch\")\n", shown.Output);
        Assert.Equal(2, (await Containers.DockerAsync("ps", "-q", "--filter", label)).Count);
        // What is damaged is what one gives up.
        await File.WriteAllTextAsync(Path.Combine(orchestrator.DataDirectory, "cluster-id"), "");

        (await OneRun.OfAsync("reset", "--data-dir", orchestrator.DataDirectory, "--yes")).Succeeded();

        Assert.Empty(await Containers.DockerAsync("ps", "-aq", "--filter", label));
        Assert.Equal(["notes.txt"], Directory.EnumerateFileSystemEntries(orchestrator.DataDirectory).Select(Path.GetFileName));
        File.Delete(Path.Combine(orchestrator.DataDirectory, "notes.txt"));
        await orchestrator.StartAsync();
        Assert.Equal(0, await other.StopAsync());
    }

    [Fact]
    public async Task A_directory_without_a_cluster_is_left_alone()
    {
        var directory = Directory.CreateTempSubdirectory("actororch-e2e-");
        await File.WriteAllTextAsync(Path.Combine(directory.FullName, "mine"), "");

        var run = await OneRun.OfAsync("reset", "--data-dir", directory.FullName, "--yes");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("holds nothing of a cluster", run.Errors, StringComparison.Ordinal);
        Assert.Single(directory.EnumerateFileSystemInfos());
        directory.Delete(recursive: true);
    }
}

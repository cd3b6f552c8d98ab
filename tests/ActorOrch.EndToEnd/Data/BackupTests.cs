using ActorOrch.EndToEnd.Harness;
using ActorOrch.EndToEnd.Workloads;
using ActorOrch.Testing;

namespace ActorOrch.EndToEnd.Data;

/// <summary>All is lost but the containers and a backup.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class BackupTests(Machine machine)
{
    [Fact]
    public async Task A_cluster_restored_after_everything_was_lost_takes_over_what_runs_and_restarts_nothing()
    {
        await using var orchestrator = await OrchestratorProcess.UpAsync("docker");
        var kubectl = new Kubectl(machine.Kubectl, orchestrator.Kubeconfig);
        (await kubectl.ApplyAsync(Manifests.Web("kept", 2))).Succeeded();
        await kubectl.OutputAsync("create", "secret", "generic", "hidden", "--from-literal=word=correct-horse");
        await kubectl.OutputAsync("rollout", "status", "deployment/kept", "--timeout=60s");
        var containers = await RunningAsync(orchestrator);
        var files = Directory.CreateTempSubdirectory("actororch-e2e-backup-");
        var backup = Path.Combine(files.FullName, "backup");
        var kubeconfig = Path.Combine(files.FullName, "kubeconfig");
        File.Copy(orchestrator.Kubeconfig, kubeconfig);

        (await OneRun.OfAsync("backup", backup, "--data-dir", orchestrator.DataDirectory)).Succeeded();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(backup));
        await orchestrator.KillAsync();
        await orchestrator.LoseEverythingAsync();
        Assert.Equal(containers, await InspectAsync(containers.Select(c => c.Split(' ')[0])));
        (await OneRun.OfAsync("restore", backup, "--data-dir", orchestrator.DataDirectory)).Succeeded();
        await orchestrator.StartAsync();

        // What was given out before is still good.
        var before = new Kubectl(machine.Kubectl, kubeconfig);
        await before.OutputAsync("rollout", "status", "deployment/kept", "--timeout=60s");
        Assert.Equal("Y29ycmVjdC1ob3JzZQ==", await before.OutputAsync("get", "secret", "hidden", "-o", "jsonpath={.data.word}"));
        Assert.Equal(containers, await RunningAsync(orchestrator));
        Assert.Equal("0 0", await before.OutputAsync("get", "pods", "-o", "jsonpath={.items[*].status.containerStatuses[0].restartCount}"));
        var (exitCode, _, errors) = await OneRun.OfAsync("restore", backup, "--data-dir", orchestrator.DataDirectory);
        Assert.Equal(1, exitCode);
        Assert.Contains("is not empty", errors, StringComparison.Ordinal);
        files.Delete(recursive: true);
    }

    [Fact]
    public async Task A_cluster_in_PostgreSQL_is_restored_after_its_database_and_its_directory_were_lost()
    {
        await using var postgres = await PostgreSqlServer.StartNewAsync();
        var files = Directory.CreateTempSubdirectory("actororch-e2e-backup-");
        var (config, backup) = (Path.Combine(files.FullName, "cluster.hocon"), Path.Combine(files.FullName, "backup"));
        await StoreInAsync(await postgres.CreateDatabaseAsync());
        await using var orchestrator = await OrchestratorProcess.UpAsync("simulated", "--config", config);
        var kubectl = new Kubectl(machine.Kubectl, orchestrator.Kubeconfig);
        await kubectl.OutputAsync("create", "secret", "generic", "hidden", "--from-literal=word=correct-horse");
        var without = await OneRun.OfAsync("backup", backup, "--data-dir", orchestrator.DataDirectory);
        Assert.Contains("--config FILE", without.Errors, StringComparison.Ordinal);

        (await OneRun.OfAsync("backup", backup, "--data-dir", orchestrator.DataDirectory, "--config", config)).Succeeded();
        await orchestrator.KillAsync();
        await orchestrator.LoseEverythingAsync();
        await StoreInAsync(await postgres.CreateDatabaseAsync());
        (await OneRun.OfAsync("restore", backup, "--data-dir", orchestrator.DataDirectory, "--config", config)).Succeeded();
        await orchestrator.StartAsync();

        Assert.Equal("Y29ycmVjdC1ob3JzZQ==", await new Kubectl(machine.Kubectl, orchestrator.Kubeconfig).OutputAsync("get", "secret", "hidden", "-o", "jsonpath={.data.word}"));
        files.Delete(recursive: true);

        Task StoreInAsync(string database) => File.WriteAllTextAsync(config, $"""
            actororch.store.provider = postgresql
            actororch.store.postgresql.connection-string = "{database}"
            """);
    }

    [Fact]
    public async Task A_lost_journal_ends_no_container()
    {
        await using var orchestrator = await OrchestratorProcess.UpAsync("docker");
        var kubectl = new Kubectl(machine.Kubectl, orchestrator.Kubeconfig);
        (await kubectl.ApplyAsync(Manifests.Web("kept", 1))).Succeeded();
        await kubectl.OutputAsync("rollout", "status", "deployment/kept", "--timeout=60s");
        var containers = await RunningAsync(orchestrator);
        await orchestrator.KillAsync();
        foreach (var file in Directory.GetFiles(orchestrator.DataDirectory, "journal.db*")) File.Delete(file);

        var (exitCode, _, errors) = await OneRun.OfAsync("up", "--data-dir", orchestrator.DataDirectory, "--runtime", "docker", "--api-port", $"{orchestrator.Port}");

        Assert.Equal(1, exitCode);
        Assert.Contains("journal.db is missing or was emptied", errors, StringComparison.Ordinal);
        Assert.Equal(containers, await RunningAsync(orchestrator));
    }

    private static async Task<IReadOnlyList<string>> RunningAsync(OrchestratorProcess orchestrator) =>
        await InspectAsync(await Containers.DockerAsync("ps", "-q", "--no-trunc", "--filter", await Containers.LabelOfAsync(orchestrator.DataDirectory)));

    private static async Task<IReadOnlyList<string>> InspectAsync(IEnumerable<string> ids) =>
        [.. (await Containers.DockerAsync(["inspect", "-f", "{{.Id}} {{.State.StartedAt}} {{.State.Running}}", .. ids])).Order(StringComparer.Ordinal)];
}

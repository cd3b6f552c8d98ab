using System.Diagnostics;
using ActorOrch.EndToEnd.Harness;
using ActorOrch.EndToEnd.Workloads;

namespace ActorOrch.EndToEnd.Data;

/// <summary>Another user of the machine looks for anything of a running cluster to read.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class ClosedFilesTests(Machine machine)
{
    private const UnixFileMode Others = (UnixFileMode)0b000_111_111;

    [Fact]
    public async Task Nobody_else_gets_at_anything_in_the_data_directory_of_a_running_cluster()
    {
        await using var orchestrator = await OrchestratorProcess.UpAsync("docker");
        var kubectl = new Kubectl(machine.Kubectl, orchestrator.Kubeconfig);
        (await kubectl.ApplyAsync(Manifests.Web("open", 1))).Succeeded();
        await kubectl.OutputAsync("rollout", "status", "deployment/open", "--timeout=60s");
        var backup = Path.Combine(orchestrator.DataDirectory, "backup");
        (await OneRun.OfAsync("backup", backup, "--data-dir", orchestrator.DataDirectory)).Succeeded();

        Assert.Empty(await SeenByNobodyAsync(orchestrator.DataDirectory));

        // Even where the directory itself were opened by mistake.
        File.SetUnixFileMode(orchestrator.DataDirectory, (UnixFileMode)0b111_101_101);
        Assert.DoesNotContain(await SeenByNobodyAsync(orchestrator.DataDirectory), line => line != orchestrator.DataDirectory);
        Assert.All(Directory.EnumerateFileSystemEntries(orchestrator.DataDirectory), e => Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(e) & Others));
    }

    [Fact]
    public async Task What_an_earlier_version_left_open_is_closed_at_the_next_start()
    {
        await using var orchestrator = await OrchestratorProcess.UpAsync("simulated");
        await orchestrator.KillAsync();
        foreach (var file in Directory.GetFiles(orchestrator.DataDirectory)) File.SetUnixFileMode(file, (UnixFileMode)0b110_100_100);
        File.SetUnixFileMode(orchestrator.DataDirectory, (UnixFileMode)0b111_101_101);

        await orchestrator.StartAsync();

        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(orchestrator.DataDirectory) & Others);
        Assert.All(Directory.GetFiles(orchestrator.DataDirectory), f => Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(f) & Others));
    }

    /// <summary>Files that <c>nobody</c> can read, and directories that it can list.</summary>
    private static async Task<IReadOnlyList<string>> SeenByNobodyAsync(string directory)
    {
        var start = new ProcessStartInfo("setpriv", ["--reuid", "65534", "--regid", "65534", "--clear-groups", "find", directory, "-readable"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var (_, output, errors) = await OneRun.OfAsync(start);
        Assert.DoesNotContain("setpriv:", errors, StringComparison.Ordinal);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}

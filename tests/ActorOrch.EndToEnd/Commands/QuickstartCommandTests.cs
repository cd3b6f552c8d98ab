using System.Diagnostics;
using ActorOrch.EndToEnd.Harness;

namespace ActorOrch.EndToEnd.Commands;

/// <summary>The first command that anyone tries: on the engine that <see cref="Machine"/> has set up.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class QuickstartCommandTests(Machine machine)
{
    [Fact]
    public async Task It_serves_the_sample_and_says_what_to_try_next()
    {
        await using var quickstart = await OrchestratorProcess.QuickstartAsync();
        var output = await Eventually.GetAsync(() => Task.FromResult(quickstart.Output), o => o.Contains("Ctrl+C", StringComparison.Ordinal), "the next steps", withinSeconds: 120);

        Assert.Contains("configmap/web-page created", output);
        Assert.Contains("deployment/web created", output);
        Assert.Contains("service/web created", output);
        Assert.Contains("3 of 3 updated, 3 available", output);
        Assert.Matches("Hello from ActorOrch! This is web-", output);
        Assert.Contains($"export KUBECONFIG={quickstart.Kubeconfig}", output);
        var kubectl = new Kubectl(machine.Kubectl, quickstart.Kubeconfig);
        Assert.Equal("3", await kubectl.OutputAsync("get", "deployment", "web", "-o", "jsonpath={.status.readyReplicas}"));
        // What it has fetched is in the servers' logs, and nothing else but their first line.
        Assert.Contains("response:200", await kubectl.OutputAsync("logs", "-l", "app=web", "--tail=-1"));
        Assert.Equal("", await kubectl.OutputAsync("get", "events", "--field-selector", "type=Warning", "-o", "name"));
        // To kubectl it is its own: nothing to change, and nothing to warn of.
        var applied = await kubectl.RunAsync("apply", "-f", Path.Combine(AppContext.BaseDirectory, "config", "samples", "web.yaml"));
        Assert.Equal((0, ""), (applied.ExitCode, applied.Errors));
        Assert.Equal(["configmap/web-page unchanged", "deployment.apps/web unchanged", "service/web unchanged"], applied.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        (await kubectl.RunAsync("apply", "--server-side", "-f", Path.Combine(AppContext.BaseDirectory, "config", "samples", "web.yaml"))).Succeeded();
        Assert.Equal(0, await quickstart.StopAsync());
    }

    [Fact]
    public async Task Whoever_is_not_root_is_told_what_to_run()
    {
        // A user namespace without a mapping: no longer root, but still allowed to read the files of this build.
        var executable = OrchestratorProcess.Executable(["quickstart"]);
        var start = new ProcessStartInfo("unshare", ["--user", executable.FileName, .. executable.ArgumentList]) { RedirectStandardOutput = true, RedirectStandardError = true };

        var (exitCode, _, errors) = await OneRun.OfAsync(start);

        Assert.Equal(1, exitCode);
        Assert.Contains("only root may do that. Run it as root:", errors);
        Assert.Matches(@"sudo dotnet \S*actororch\.dll quickstart", errors);
    }
}

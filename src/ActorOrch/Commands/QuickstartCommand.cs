using System.CommandLine;
using ActorOrch.Agent.Engine;
using ActorOrch.Hosting;
using ActorOrch.Quickstart;

namespace ActorOrch.Commands;

/// <summary><c>actororch quickstart</c>: from nothing to a served page on one machine.</summary>
internal static class QuickstartCommand
{
    public static Command Create()
    {
        var dataDir = new Option<DirectoryInfo>("--data-dir")
        {
            Description = "Where the database, the keys and the kubeconfig are kept: a new or empty directory, or the cluster's own.",
            DefaultValueFactory = _ => new("/var/lib/actororch"),
        };
        var apiPort = NumberOption.ApiPort();
        var command = new Command("quickstart", "Brings up a one-machine cluster with a sample on it, and says what to try next.") { dataDir, apiPort };
        command.SetAction((parsed, cancel) => RunAsync(parsed.GetValue(dataDir)!, parsed.GetValue(apiPort), cancel));
        return command;
    }

    private static async Task<int> RunAsync(DirectoryInfo dataDirectory, int apiPort, CancellationToken cancel)
    {
        try
        {
            RequireRoot();
            DataDirectory.Require(dataDirectory);
            dataDirectory.Create();
            var time = TimeProvider.System;
            await new EngineInstaller(Console.WriteLine, time).EnsureAsync(Path.Combine(dataDirectory.FullName, "dockerd.log"), cancel);
            await new SampleImage(Console.WriteLine, time).EnsureAsync(Sample.Image, cancel);
            Console.WriteLine($"Starting a one-machine cluster in {dataDirectory.FullName}");
            var options = new UpOptions { DataDirectory = dataDirectory, ApiPort = apiPort, Runtime = RuntimeNames.Docker };
            await using var orchestrator = await Orchestrator.StartAsync(options, cancel);
            Console.WriteLine($"Ready: the API answers at {orchestrator.ApiUrl}");
            var sample = new Sample(orchestrator.KubeconfigPath);
            await sample.ApplyAsync(cancel);
            await sample.ShowRolloutAsync(cancel);
            await sample.FetchAsync(cancel);
            Console.WriteLine(NextSteps(orchestrator.KubeconfigPath));
            await orchestrator.RunUntilAsync(cancel);
            return 0;
        }
        catch (Exception e) when (e is StartupException or EngineSetUpException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"actororch: {e.Message}");
            return 1;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return 0;
        }
    }

    private static void RequireRoot()
    {
        if (Environment.IsPrivilegedProcess) return;
        throw new StartupException($"""
            quickstart installs packages, starts containers and programs services into the kernel (nftables): only root may do that. Run it as root:
              sudo dotnet {string.Join(' ', Environment.GetCommandLineArgs())}
            """);
    }

    private static string NextSteps(string kubeconfig) => $"""

        Try next, in another terminal:

          export KUBECONFIG={kubeconfig}
          kubectl get nodes -o wide
          kubectl get pods -o wide
          kubectl scale deployment web --replicas=5
          kubectl set env deployment/web GREETING=hello    # a rolling update
          kubectl rollout status deployment web
          kubectl rollout undo deployment web
          kubectl logs deployment/web
          kubectl get events
          kubectl delete pod -l app=web                    # they come back

        Ctrl+C stops the orchestrator; the containers go on running, and the same command picks them up again.
        """;
}

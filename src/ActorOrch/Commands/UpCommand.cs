using System.CommandLine;
using System.Globalization;
using ActorOrch.Hosting;

namespace ActorOrch.Commands;

/// <summary><c>actororch up</c>: the long-running form. Its options are a contract with other programs.</summary>
internal static class UpCommand
{
    public static Command Create()
    {
        var dataDir = new Option<DirectoryInfo>("--data-dir")
        {
            Description = "Where the database, the keys and the kubeconfig are kept: a new or empty directory, or the cluster's own.",
            Required = true,
        };
        var apiPort = NumberOption.ApiPort();
        var runtime = new Option<string>("--runtime") { Description = "What runs the containers.", DefaultValueFactory = _ => RuntimeNames.Docker };
        runtime.AcceptOnlyFromAmong(RuntimeNames.Docker, RuntimeNames.Simulated);
        var nodes = NumberOption.Create("--nodes", "How many nodes to simulate (with --runtime simulated).", 1, 20_000, 1);
        var config = ConfigOption.Create("A HOCON file whose settings override the built-in ones.");
        var command = new Command("up", "Runs the orchestrator until it is told to stop.") { dataDir, apiPort, runtime, nodes, config };
        command.Validators.Add(result =>
        {
            // What is no number is said by the option itself. A default is not there yet.
            if (result.GetResult(nodes) is { Tokens: [{ Value: var text }] } && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 1
                && result.GetValue(runtime) is (null or RuntimeNames.Docker))
                result.AddError($"--nodes: {text} is more than one: that needs --runtime simulated");
        });
        command.SetAction((parsed, cancel) => RunAsync(
            new UpOptions
            {
                DataDirectory = parsed.GetValue(dataDir)!,
                ApiPort = parsed.GetValue(apiPort),
                Runtime = parsed.GetValue(runtime)!,
                Nodes = parsed.GetValue(nodes),
                ConfigFile = parsed.GetValue(config),
            },
            cancel));
        return command;
    }

    private static async Task<int> RunAsync(UpOptions options, CancellationToken cancel)
    {
        try
        {
            await using var orchestrator = await Orchestrator.StartAsync(options, cancel);
            Console.WriteLine(orchestrator.Readiness);
            // Most of what a start allocates is garbage by now, and an idle process would keep it for hours.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive);
            await orchestrator.RunUntilAsync(cancel);
            return 0;
        }
        catch (StartupException e)
        {
            await Console.Error.WriteLineAsync($"actororch: {e.Message}");
            return 1;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return 0;
        }
    }
}

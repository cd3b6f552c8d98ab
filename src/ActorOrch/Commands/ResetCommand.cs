using System.CommandLine;
using ActorOrch.Agent.Files;
using ActorOrch.Agent.Runtimes;
using ActorOrch.Agent.Runtimes.Docker;
using ActorOrch.Hosting;
using ActorOrch.Networking;
using ActorOrch.Networking.Kernel;

namespace ActorOrch.Commands;

/// <summary><c>actororch reset</c>: gives a cluster up on this machine. Only what carries its id is touched.</summary>
internal static class ResetCommand
{
    public static Command Create()
    {
        var dataDir = new Option<DirectoryInfo>("--data-dir") { Description = "The cluster's data directory.", Required = true };
        var yes = new Option<bool>("--yes") { Description = "Do it. Without it, only what would be removed is shown." };
        var runtime = new Option<string>("--runtime") { Description = "What ran the containers; simulated ones leave nothing.", DefaultValueFactory = _ => RuntimeNames.Docker };
        runtime.AcceptOnlyFromAmong(RuntimeNames.Docker, RuntimeNames.Simulated);
        var config = ConfigOption.Create("The HOCON file that the cluster ran with.");
        var command = new Command("reset", "Removes what a cluster left on this machine: containers, network, service rules, data. There is no way back but a backup.") { dataDir, yes, runtime, config };
        command.SetAction((parsed, cancel) => RunAsync(
            new UpOptions { DataDirectory = parsed.GetValue(dataDir)!, ApiPort = 0, Runtime = parsed.GetValue(runtime)!, ConfigFile = parsed.GetValue(config) }, parsed.GetValue(yes), cancel));
        return command;
    }

    private static async Task<int> RunAsync(UpOptions options, bool yes, CancellationToken cancel)
    {
        try
        {
            return await ResetAsync(options, yes, cancel);
        }
        catch (Exception e) when (e is StartupException or RuntimeUnavailableException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"actororch: {e.Message}");
            return 1;
        }
    }

    private static async Task<int> ResetAsync(UpOptions options, bool yes, CancellationToken cancel)
    {
        using var found = ResetTarget.Find(options.DataDirectory);
        var network = HostConfig.Load(options).Network;
        var engine = NodeRuntime.Engine;
        var onEngine = options.Runtime == RuntimeNames.Docker && found.ClusterId is { } id ? await ClusterLeftovers.FindAsync(engine, id, cancel) : new([], []);
        Console.WriteLine($"""
            The cluster {found.ClusterId ?? "(its id is not known: containers of it are not found)"} left on this machine:
              containers: {(onEngine.Containers.Count == 0 ? "none" : string.Join(", ", onEngine.Containers.Select(c => c.Name)))}
              networks:   {(onEngine.Networks.Count == 0 ? "none" : string.Join(", ", onEngine.Networks.Select(n => n.Name)))}
              rules:      {(onEngine.Networks.Count == 0 ? "none" : $"services in the nftables tables \"{network.TableName}\"")}
              data:       {(found.Paths.Count == 0 ? "none" : string.Join(", ", found.Paths))}
            """);
        if (!yes)
        {
            await Console.Error.WriteLineAsync("actororch: nothing was removed. To remove all of it permanently, add --yes.");
            return 1;
        }
        var stayed = await onEngine.RemoveAsync(engine, cancel);
        // Rules have no id of their own: they go with the network that they lead to.
        if (onEngine.Networks.Count > 0 && stayed.Count == 0 && await RemoveRulesAsync(options, network.Settings([], 0), network.BridgeName, cancel) is { } failure) stayed = [failure];
        foreach (var path in found.Paths) DirectoryRemoval.UnmountAndRemove(path);
        foreach (var what in stayed) await Console.Error.WriteLineAsync($"actororch: it stays: {what}");
        Console.WriteLine(stayed.Count == 0 ? "Removed." : "The rest was removed.");
        return stayed.Count == 0 ? 0 : 1;
    }

    private static async Task<string?> RemoveRulesAsync(UpOptions options, NetworkSettings network, string bridge, CancellationToken cancel)
    {
        try
        {
            using var claim = NetworkClaim.Take(network.TableName, bridge, NetworkUse.OfNamesAlone(options.DataDirectory.FullName));
            await Nftables.Open(network).ApplyAsync(ServiceTables.RemovalScript(network), cancel);
            return null;
        }
        catch (NetworkClaimedException)
        {
            // Whoever has them by now has put its own in their place.
            return null;
        }
        catch (NftablesException refused)
        {
            return $"the nftables tables {network.TableName}: {refused.Message}";
        }
    }
}

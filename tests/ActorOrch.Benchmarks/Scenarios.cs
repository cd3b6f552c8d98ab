using ActorOrch.Benchmarks.Compatibility;
using ActorOrch.Benchmarks.Crashes;
using ActorOrch.Benchmarks.Footprint;
using ActorOrch.Benchmarks.Gateway;
using ActorOrch.Benchmarks.Networking;
using ActorOrch.Benchmarks.Pods;
using ActorOrch.Benchmarks.Registry;
using ActorOrch.Benchmarks.Scheduling;
using ActorOrch.Testing.Fuzzing;

namespace ActorOrch.Benchmarks;

/// <summary>The scenario benchmarks by name: <c>dotnet run -c Release --project tests/ActorOrch.Benchmarks -- NAME [arguments]</c>.</summary>
internal static class Scenarios
{
    private static readonly Dictionary<string, (string What, Func<string[], Task> Run)> All = new(StringComparer.OrdinalIgnoreCase)
    {
        ["PodStart"] = ("30 pods to Ready and back, beside the bare engine [rounds]", PodStart.RunAsync),
        ["Idle"] = ("start to Ready, memory and CPU at rest [docker|simulated]", Idle.RunAsync),
        ["Worker"] = ("memory of a worker in a cluster with Secrets that are not its pods' [secrets] [bytes]", Worker.RunAsync),
        ["Commits"] = ("creates of one collection on SQLite, and one commit beside a bare transaction", RunCommitsAsync),
        ["History"] = ("a large collection: checkpoints under load, files, recovery, reading the past [pods] [updates]", HistoryScenario.RunAsync),
        ["CrashTest"] = ("kill -9 under load, restart, check every promise [rounds] [seed] [sqlite|postgresql]", CrashTest.RunAsync),
        ["LargeCluster"] = ("150,000 pods on 5,000 nodes: memory beside the bytes of their JSON, cold start [pods] [nodes]", LargeCluster.RunAsync),
        ["ManyKinds"] = ("300 kinds from outside: memory, start, discovery and published schemas [kinds]", ManyKinds.RunAsync),
        ["ApiGet"] = ("GET a pod over HTTPS by wrk, beside a bare HTTPS server [rounds]", ReadScenarios.GetAsync),
        ["ApiList"] = ("LIST 1,000 pods over HTTPS by wrk, beside a bare HTTPS server [rounds]", ReadScenarios.ListAsync),
        ["ApiCreate"] = ("create ConfigMaps over HTTPS by wrk [rounds]", CreateScenario.RunAsync),
        ["ApiWatch"] = ("100 watchers over HTTPS, 1,000 creates by 32 [rounds] [http1|http2]", WatchScenario.RunAsync),
        ["ApiWatchers"] = ("10,000 watchers of one collection [watchers] [http1|http2]", ManyWatchers.RunAsync),
        ["WatchDelay"] = ("from a durable commit to an observer in the process", WatchDelay.RunAsync),
        ["BareHttps"] = ("the bare server of the scenarios above, by itself FILE", BareHttps.ServeAsync),
        ["WatchClient"] = ("the watchers of the scenarios above, by themselves", WatchClient.RunAsync),
        ["SchedulingBasic"] = ("decisions on 5,000 nodes and 10,000 pods", _ => SchedulingBasic.RunAsync(Console.Out)),
        ["Fuzz"] = ("whatever a client could send, to the real gateway [minutes] [seed]", RunFuzzAsync),
        ["Compatibility"] = ("the README's table from the results that are kept [check [DIR] | import DIR]", async args => Environment.ExitCode = await CompatibilityCommand.RunAsync(args)),
        ["ServiceProgramming"] = ("from a change of endpoints to the kernel's rules (as root)", _ => ServiceProgrammingBenchmark.RunAsync()),
    };

    static Scenarios()
    {
        foreach (var which in SchedulingRelations.All)
            All[which.Name] = ($"decisions on 5,000 nodes and {which.Measured:N0} pods, beside plain pods", _ => SchedulingRelations.RunAsync(which, Console.Out));
    }

    public static async Task<int> RunAsync(string[] args)
    {
        if (args.Length > 0 && All.TryGetValue(args[0], out var scenario))
        {
            await scenario.Run(args[1..]);
            return Environment.ExitCode;
        }
        foreach (var (name, (what, _)) in All) Console.WriteLine($"{name,-32} {what}");
        return args.Length == 0 ? 0 : 2;
    }

    private static async Task RunFuzzAsync(string[] args)
    {
        var minutes = args.Length > 0 ? double.Parse(args[0], System.Globalization.CultureInfo.InvariantCulture) : 10;
        var seed = args.Length > 1 ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : Random.Shared.Next();
        Console.WriteLine($"beginning with case {seed}");
        await GatewayFuzz.RunAsync(seed, TimeSpan.FromMinutes(minutes), Console.Out);
    }

    private static async Task RunCommitsAsync(string[] args)
    {
        var directory = Directory.CreateTempSubdirectory("actororch-bench-");
        await CommitScenario.RunAsync(directory.FullName, Console.Out);
        directory.Delete(recursive: true);
    }
}

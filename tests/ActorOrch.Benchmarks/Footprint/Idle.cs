using ActorOrch.Benchmarks.Harness;

namespace ActorOrch.Benchmarks.Footprint;

/// <summary>Start to Ready, and what an empty cluster costs at rest: resident memory and CPU over a minute.</summary>
internal static class Idle
{
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Observed = TimeSpan.FromSeconds(60);

    public static async Task RunAsync(string[] args)
    {
        var runtime = args.Length > 0 ? args[0] : "docker";
        var starts = new List<TimeSpan>();
        for (var i = 0; i < 5; i++)
        {
            await using var started = await BenchOrchestrator.StartAsync(runtime);
            starts.Add(started.StartTime);
        }
        Console.WriteLine($"start of the process to Ready: {Figures.Seconds(starts)}");
        await using var orchestrator = await BenchOrchestrator.StartAsync(runtime);
        await Task.Delay(Settle);
        var before = orchestrator.CpuTime;
        await Task.Delay(Observed);
        var cpu = (orchestrator.CpuTime - before) / Observed;
        Console.WriteLine($"at rest: {orchestrator.ResidentBytes / 1e6:0} MB resident, {cpu:P2} of a core over {Observed.TotalSeconds:0} s");
    }
}

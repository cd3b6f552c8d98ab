using ActorOrch.Benchmarks.Harness;

namespace ActorOrch.Benchmarks.Footprint;

/// <summary>Start to Ready, and what an empty cluster costs at rest: resident memory, and CPU in several windows of time.</summary>
internal static class Idle
{
    private const int Starts = 5, Windows = 7;
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(15);

    public static async Task RunAsync(string[] args)
    {
        var runtime = args.Length > 0 ? args[0] : "docker";
        var starts = new List<TimeSpan>();
        for (var i = 0; i < Starts; i++)
        {
            await using var started = await BenchOrchestrator.StartAsync(runtime);
            starts.Add(started.StartTime);
        }
        Console.WriteLine($"start of the process to Ready: {Figures.Seconds(starts)}");
        await using var orchestrator = await BenchOrchestrator.StartAsync(runtime);
        await Task.Delay(Settle);
        var cpu = new List<double>();
        for (var i = 0; i < Windows; i++) cpu.Add(await orchestrator.CpuShareAsync(Window));
        Console.WriteLine($"at rest: {orchestrator.ResidentBytes / 1e6:0} MB resident, {Figures.Percent(cpu)} of a core in {Windows} windows of {Window.TotalSeconds:0} s");
    }
}

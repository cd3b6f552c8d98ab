using ActorOrch.Testing.Crashes;

namespace ActorOrch.EndToEnd.Healing;

/// <summary>A short run of the benchmarks' <c>CrashTest</c>.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class KillTests
{
    private const int Rounds = 8;

    [Fact]
    public async Task Every_promise_is_kept_when_the_process_is_killed_at_random_moments()
    {
        await using var run = new CrashRun(Path.Combine(AppContext.BaseDirectory, "actororch.dll"), seed: Random.Shared.Next());

        var broken = await run.RunAsync(Rounds);

        Assert.True(broken.Count == 0, string.Join('\n', broken));
        Assert.Equal(Rounds, run.Figures.Rounds);
        Assert.True(run.Figures.Acknowledged > Rounds && run.Figures.RegisterOperations > Rounds, $"next to nothing was written: {run.Figures}");
    }
}

using System.Diagnostics;

namespace ActorOrch.EndToEnd.Harness;

/// <summary>Waiting for what another process does, where nothing can be subscribed to.</summary>
public static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Reads until the value is as expected; fails with the last one seen.</summary>
    public static async Task<T> GetAsync<T>(Func<Task<T>> read, Func<T, bool> expected, string what, int withinSeconds = 30)
    {
        var watch = Stopwatch.StartNew();
        using var pause = new PeriodicTimer(Pause);
        while (true)
        {
            var seen = await read();
            if (expected(seen)) return seen;
            if (watch.Elapsed.TotalSeconds > withinSeconds)
                Assert.Fail($"expected within {withinSeconds} s: {what}; last seen: {seen}");
            await pause.WaitForNextTickAsync();
        }
    }
}

using System.Runtime.InteropServices;

namespace ActorOrch.Resources.Tests;

/// <summary>
/// Tells what grows with its input from what grows with its square: the same work for an input and for one of four times the length. A
/// square takes 16 times as long, n log n little more than 4.
/// </summary>
/// <remarks>Measured is the time that this thread was at work, so that what else the machine does counts for little.</remarks>
internal static partial class Complexity
{
    private const int Times = 4;
    private const double MostRatio = 10;
    private const int Runs = 3;
    private const int Attempts = 4;

    // Seconds. Below this a clock tells noise; a square of what is worth fearing is far above.
    private const double Noise = 0.025;

    /// <param name="prepare">Makes the input of a length, and returns the work.</param>
    /// <param name="what">Names the case where it fails.</param>
    public static void IsNotSquare(int length, Func<int, Action> prepare, string what = "it")
    {
        var ratio = double.MaxValue;
        for (var attempt = 0; attempt < Attempts && ratio > MostRatio; attempt++)
        {
            var work = prepare(length * Times);
            // Most are done before anything could be told.
            if (Best(work, 1) < Noise) return;
            var small = Best(prepare(length), Runs);
            var large = Best(work, Runs);
            ratio = large < Noise ? 1 : large / small;
        }
        Assert.True(ratio <= MostRatio, $"{what}: four times the input takes {ratio:F1} times as long");
    }

    private static double Best(Action work, int runs)
    {
        var best = double.MaxValue;
        for (var run = 0; run < runs; run++)
        {
            var before = ThreadTime();
            work();
            best = Math.Min(best, ThreadTime() - before);
        }
        return best;
    }

    private static double ThreadTime()
    {
        const int threadCpuTime = 3;
        Assert.Equal(0, ClockGetTime(threadCpuTime, out var time));
        return time.Seconds + time.Nanoseconds / 1e9;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockGetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}

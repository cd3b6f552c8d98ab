using System.Runtime;
using System.Runtime.InteropServices;
using ActorOrch.Registry.Files;

namespace ActorOrch.Hosting;

/// <summary>What of the runtime is set by a running process, and not by <c>Runtime.props</c>.</summary>
internal static class ProcessSettings
{
    /// <summary>SIGXFSZ: a file would become larger than the process's limit.</summary>
    private const PosixSignal TooLarge = (PosixSignal)25;

    /// <summary>One that nobody has any more ends.</summary>
    private static readonly List<PosixSignalRegistration> Kept = [];

    public static void Apply()
    {
        // Whatever it makes is its owner's alone, unless it says otherwise.
        SmallFile.CloseNewFiles();
        // The write fails, which is said; the signal would end the process.
        Kept.Add(PosixSignalRegistration.Create(TooLarge, static context => context.Cancel = true));
        // The pool does not search for more threads by itself: some may wait for a disk while others answer.
        ThreadPool.GetMinThreads(out _, out var completionThreads);
        ThreadPool.SetMinThreads(2 * Environment.ProcessorCount, completionThreads);
        // A full collection that compacts would stop all requests of a large cluster for a third of a second.
        GCSettings.LatencyMode = GCLatencyMode.SustainedLowLatency;
    }
}

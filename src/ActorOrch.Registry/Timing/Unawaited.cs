using Akka.Actor;
using Akka.Event;

namespace ActorOrch.Registry.Timing;

/// <summary>
/// Where failures go that nobody waits for: of timers, and of work that was set off and left to itself. They are told to whoever listens
/// (the executable's log), and to the error stream where nobody does. None ends the process, and none is lost.
/// </summary>
public static class Unawaited
{
    /// <summary>What failed, and how. May be raised by any thread; must not throw.</summary>
    public static event Action<string, Exception>? Failed;

    /// <summary>Writes all failures to this system's log for as long as it lives.</summary>
    public static void LogTo(ActorSystem system)
    {
        Action<string, Exception> log = (what, failure) => system.Log.Error(failure, "Failed: {0}", what);
        Failed += log;
        system.WhenTerminated.ContinueWith(_ => Failed -= log, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Runs it; a failure is told.</summary>
    public static void Run(string what, Action action)
    {
        try
        {
            action();
        }
        catch (Exception failure)
        {
            Tell(what, failure);
        }
    }

    /// <summary>Lets a task run on by itself; a failure is told, a cancellation is none.</summary>
    public static void Observe(string what, Task task)
    {
        if (task.IsCompletedSuccessfully) return;
        task.ContinueWith(
            static (ended, what) => Tell((string)what!, ended.Exception!.GetBaseException()), what,
            CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Tells a failure.</summary>
    public static void Tell(string what, Exception failure)
    {
        if (Failed is { } listeners) listeners(what, failure);
        else Console.Error.WriteLine($"{what} failed: {failure}");
    }
}

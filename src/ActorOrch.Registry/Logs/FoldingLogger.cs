using Akka.Actor;
using Akka.Dispatch;
using Akka.Event;

namespace ActorOrch.Registry.Logs;

/// <summary>
/// The process's log, on its standard output: Akka's own, with warnings and errors bounded in rate (<see cref="LogFolding"/>). Lines of
/// INFO and DEBUG are what somebody asked for, and all come. Named in the configuration (<c>akka.loggers</c>).
/// </summary>
public sealed class FoldingLogger : UntypedActor, IWithTimers, IRequiresMessageQueue<ILoggerMessageQueueSemantics>
{
    private readonly LogFolding _folding = new();
    private readonly Action<string> _write;

    public FoldingLogger() : this(Console.WriteLine)
    {
    }

    /// <param name="write">Takes a line, which may hold line ends.</param>
    public FoldingLogger(Action<string> write) => _write = write;

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case InitializeLogger:
                Sender.Tell(new LoggerInitialized());
                break;
            case LogEvent line:
                Write(line);
                break;
            case WindowEnd:
                foreach (var left in _folding.EndWindow()) _write(Left(left));
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    // What it still has to say when the process ends.
    protected override void PostStop()
    {
        foreach (var left in _folding.EndWindow()) _write(Left(left));
    }

    private void Write(LogEvent line)
    {
        if (line.LogLevel() < LogLevel.WarningLevel)
        {
            _write(line.ToString());
            return;
        }
        if (_folding.IsEmpty) Timers.StartSingleTimer(WindowEnd.Instance, WindowEnd.Instance, LogFolding.Window);
        // The first line of an event is its time, which no two have in common.
        var said = $"{line.LogLevel()} {line.LogSource} {line.Message} {line.Cause?.GetType()} {line.Cause?.Message}";
        if (_folding.Admit(KindOf(line), said)) _write(line.ToString());
    }

    private static string Left(string what) => new Warning("log", typeof(FoldingLogger), what).ToString();

    private static string KindOf(LogEvent line)
    {
        var template = line.Message is LogMessage message ? message.Format : line.Message?.ToString() ?? "";
        return $"{line.LogLevel()} {line.LogClass} {template} {line.Cause?.GetType()}";
    }

    private sealed class WindowEnd : INoSerializationVerificationNeeded
    {
        public static readonly WindowEnd Instance = new();
    }
}

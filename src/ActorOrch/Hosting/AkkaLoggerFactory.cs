using Akka.Actor;
using Akka.Event;
using Microsoft.Extensions.Logging;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace ActorOrch.Hosting;

/// <summary>One log for the process: what the web server has to say goes where the actors' lines go.</summary>
internal sealed class AkkaLoggerFactory(ActorSystem system) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new AkkaLogger(Logging.GetLogger(system, categoryName));

    public void AddProvider(ILoggerProvider provider) => throw new InvalidOperationException("the actors' log is the only one");

    public void Dispose() { }

    private sealed class AkkaLogger(ILoggingAdapter log) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        // Kestrel's informational lines are of no interest to whoever runs a cluster.
        public bool IsEnabled(LogLevel logLevel) => logLevel switch
        {
            >= LogLevel.Error => log.IsErrorEnabled,
            LogLevel.Warning => log.IsWarningEnabled,
            LogLevel.Information or LogLevel.Debug => log.IsDebugEnabled,
            _ => false,
        };

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel)) return;
            var message = formatter(state, exception);
            switch (logLevel)
            {
                case >= LogLevel.Error:
                    log.Error(exception, "{0}", message);
                    break;
                case LogLevel.Warning:
                    log.Warning(exception, "{0}", message);
                    break;
                default:
                    // A fault of a client's is worth one line, and no trace of the stack.
                    log.Debug("{0}", exception is null ? message : $"{message}: {exception.Message}");
                    break;
            }
        }
    }
}

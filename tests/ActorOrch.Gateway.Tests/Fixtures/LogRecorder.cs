using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ActorOrch.Gateway.Tests.Fixtures;

/// <summary>What the gateway and the server below it have to say, from warnings on.</summary>
internal sealed class LogRecorder : ILoggerFactory, ILogger
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IEnumerable<string> Lines => _lines;

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (logLevel >= LogLevel.Warning) _lines.Enqueue($"{logLevel}: {formatter(state, exception)}{exception}");
    }

    public void Dispose()
    {
    }
}

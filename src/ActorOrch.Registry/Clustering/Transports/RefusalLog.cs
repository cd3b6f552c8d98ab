using ActorOrch.Registry.Timing;
using Akka.Event;

namespace ActorOrch.Registry.Clustering.Transports;

/// <summary>Tells of whom and what was turned away, at most once a second: whoever knocks cannot fill the log. What was left out is counted.</summary>
internal sealed class RefusalLog(ILoggingAdapter log, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private long _last = time.GetTimestamp() - time.TimestampFrequency;
    private long _untold;

    /// <param name="who">An address or a certificate's identity.</param>
    public void Report(string who, string why)
    {
        long untold;
        lock (_lock)
        {
            if (time.GetElapsedTime(_last) < Interval)
            {
                _untold++;
                return;
            }
            _last = time.GetTimestamp();
            untold = _untold;
            _untold = 0;
        }
        if (untold == 0) log.Warning("Refused {0}: {1}", who, why);
        else log.Warning("Refused {0}: {1} ({2} more were refused since the last such line)", who, why, untold);
    }

    public Task PauseAsync(CancellationToken cancel) => time.WaitAsync(Interval, cancel);
}

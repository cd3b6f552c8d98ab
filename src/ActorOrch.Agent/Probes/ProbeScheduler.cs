using ActorOrch.Registry.Timing;
using ActorOrch.Resources.Timing;
using k8s.Models;

namespace ActorOrch.Agent.Probes;

/// <summary>A probe to be made again and again.</summary>
/// <param name="Attempt">Makes it once. What it throws is a failure of the probe.</param>
public sealed record ProbeTask(
    string ContainerId, string Container, ProbeKind Kind, V1Probe Probe, Func<CancellationToken, Task<ProbeResult>> Attempt, Action<ProbeOutcome> Report);

/// <summary>All probes of an agent on one timer: a queue by due time, and no thread or timer per probe.</summary>
public sealed class ProbeScheduler : IDisposable
{
    /// <summary>A probe that has not succeeded yet is tried sooner than its period says, starting with this and doubling.</summary>
    private static readonly TimeSpan Eager = TimeSpan.FromMilliseconds(50);

    private readonly TimeProvider _time;
    private readonly DeadlineTimer _timer;
    private readonly PriorityQueue<Entry, DateTimeOffset> _queue = new();
    private readonly CancellationTokenSource _stop = new();

    public ProbeScheduler(TimeProvider time)
    {
        _time = time;
        _timer = new(time, "the timer of probes", OnTimer);
    }

    /// <summary>Probes until the result is disposed. The first attempt is made <c>initialDelaySeconds</c> after <paramref name="startedAt"/>.</summary>
    public IDisposable Start(ProbeTask task, DateTimeOffset startedAt)
    {
        var entry = new Entry(task, CancellationTokenSource.CreateLinkedTokenSource(_stop.Token));
        Enqueue(entry, startedAt.After(task.Probe.InitialDelaySeconds ?? 0));
        return entry;
    }

    private void Enqueue(Entry entry, DateTimeOffset due)
    {
        lock (_queue)
        {
            _queue.Enqueue(entry, due);
            if (ReferenceEquals(_queue.Peek(), entry)) SetTimer(due);
        }
    }

    private void SetTimer(DateTimeOffset due) => _timer.Set(due - _time.GetUtcNow());

    private void OnTimer()
    {
        var due = new List<Entry>();
        lock (_queue)
        {
            var now = _time.GetUtcNow();
            while (_queue.TryPeek(out var entry, out var at) && (at <= now || entry.Cancelled))
            {
                _queue.Dequeue();
                if (!entry.Cancelled) due.Add(entry);
            }
            if (_queue.TryPeek(out _, out var next)) SetTimer(next);
        }
        foreach (var entry in due) Unawaited.Observe("a probe", RunAsync(entry));
    }

    private async Task RunAsync(Entry entry)
    {
        var began = _time.GetUtcNow();
        try
        {
            var result = await AttemptAsync(entry).ConfigureAwait(false);
            if (entry.Cancelled) return;
            Enqueue(entry, began.After(entry.Note(result, began)));
        }
        catch (OperationCanceledException) when (entry.Cancelled)
        {
            // The container ended meanwhile.
        }
    }

    private static async Task<ProbeResult> AttemptAsync(Entry entry)
    {
        try
        {
            return await entry.Task.Attempt(entry.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (!entry.Cancelled)
        {
            // Whatever kept it from an answer, a probe that is given up would leave its pod as it was for ever.
            return new(false, failure.Message);
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _timer.Dispose();
        _stop.Dispose();
    }

    private sealed class Entry(ProbeTask task, CancellationTokenSource stop) : IDisposable
    {
        private readonly ProbeCounter _counter = new(task.Probe.SuccessThreshold ?? 1, task.Probe.FailureThreshold ?? 3);
        private TimeSpan _eager = Eager;
        private DateTimeOffset? _counted;
        private volatile bool _cancelled;

        public ProbeTask Task => task;
        public CancellationToken Token { get; } = stop.Token;
        public bool Cancelled => _cancelled || Token.IsCancellationRequested;

        private TimeSpan Period => Durations.OfSeconds(Math.Max(1, task.Probe.PeriodSeconds ?? 10));

        /// <summary>Counts and reports an attempt; returns the time until the next.</summary>
        public TimeSpan Note(ProbeResult result, DateTimeOffset now)
        {
            // Between two periods only a success counts: a container becomes ready as soon as it is, but fails no sooner than its spec says.
            if (!result.Success && !_counter.HasVerdict && _counted is { } counted && now - counted < Period) return NextTry(now);
            _counted = now;
            var verdict = _counter.Count(result.Success);
            if (verdict is not null || !result.Success || result.Warning)
                Unawaited.Run("a probe's report", () => task.Report(new(
                    task.ContainerId, task.Container, task.Kind, verdict, result.Success ? null : result.Output, result is { Success: true, Warning: true } ? result.Output : null)));
            return NextTry(now);
        }

        private TimeSpan NextTry(DateTimeOffset now)
        {
            if (task.Kind == ProbeKind.Liveness || task.Probe.Exec is not null || _counter.HasVerdict) return Period;
            var untilCounted = _counted is { } counted ? counted.After(Period) - now : Period;
            var wait = Durations.Shorter(_eager, untilCounted);
            _eager = Durations.Shorter(_eager * 2, Period);
            return wait > TimeSpan.Zero ? wait : Period;
        }

        public void Dispose()
        {
            if (_cancelled) return;
            _cancelled = true;
            stop.Cancel();
            stop.Dispose();
        }
    }
}

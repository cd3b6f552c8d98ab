namespace ActorOrch.Agent.Nodes;

/// <summary>
/// How long to wait before the engine is tried again: twice as long each time, as long as it does not stay. One that comes and goes at once is
/// as good as one that does not come. Not thread-safe.
/// </summary>
internal sealed class EngineRetries(TimeProvider time)
{
    public static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(500);
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>An engine that has been there for this long has come to stay.</summary>
    public static readonly TimeSpan Settled = TimeSpan.FromSeconds(10);

    private int _failures;
    private long _since;
    private bool _up;

    public void Up() => (_since, _up) = (time.GetTimestamp(), true);

    /// <summary>It was lost, or did not answer: the wait until the next try.</summary>
    public TimeSpan Down()
    {
        if (_up && time.GetElapsedTime(_since) >= Settled) _failures = 0;
        _up = false;
        var wait = _failures >= 5 ? Longest : Shortest * (1 << _failures);
        _failures++;
        return wait < Longest ? wait : Longest;
    }
}

using ActorOrch.Resources.Timing;

namespace ActorOrch.Networking.Kernel.Watching;

/// <summary>
/// How long to wait before what another has undone is done again: not at all the first time, longer and longer where the two go on like that, so
/// that neither keeps a machine busy. Not for concurrent use.
/// </summary>
internal sealed class Contention(TimeProvider time)
{
    public static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>After so long without another round it was the last.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromMinutes(5);

    private int _rounds;
    private long? _last;

    /// <summary>Once a round.</summary>
    public TimeSpan Next()
    {
        _rounds = _last is { } last && time.GetElapsedTime(last) < Quiet ? _rounds + 1 : 0;
        _last = time.GetTimestamp();
        return _rounds == 0 ? TimeSpan.Zero : Durations.Shorter(Longest, Durations.OfSeconds(First.TotalSeconds * Math.Pow(2, _rounds - 1)));
    }
}

namespace ActorOrch.Agent.Probes;

/// <summary>Counts attempts against <c>successThreshold</c> and <c>failureThreshold</c>. Pure but for its own counts.</summary>
internal sealed class ProbeCounter(int successThreshold, int failureThreshold)
{
    private bool? _last;
    private int _run;
    private bool? _verdict;

    /// <summary>Whether the probe has ever said anything by its thresholds.</summary>
    public bool HasVerdict => _verdict is not null;

    /// <summary>The verdict where this attempt changes it (or repeats a failure past the threshold), else null.</summary>
    public bool? Count(bool success)
    {
        _run = _last == success ? Math.Min(_run, int.MaxValue - 1) + 1 : 1;
        _last = success;
        if (_run < (success ? successThreshold : failureThreshold)) return null;
        if (success && _verdict == true) return null;
        _verdict = success;
        return success;
    }
}

namespace ActorOrch.Registry.Timing;

/// <summary>How long to wait after failures in a row.</summary>
public static class RetryDelay
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(30);

    /// <summary>Doubles with each failure up to 30 s, less a random part of up to a half so that failures do not march in step.</summary>
    public static TimeSpan After(int failures, Random random)
    {
        var doubled = failures > 10 ? Most : First * Math.Pow(2, Math.Max(0, failures - 1));
        var capped = doubled < Most ? doubled : Most;
        return capped * (1 - (random.NextDouble() / 2));
    }
}

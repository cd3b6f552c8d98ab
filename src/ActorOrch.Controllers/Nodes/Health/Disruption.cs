namespace ActorOrch.Controllers.Nodes.Health;

/// <summary>How much of the cluster is out of reach (upstream's zone state).</summary>
public enum Disruption
{
    None,

    /// <summary>Most nodes are: more likely it is us who are cut off.</summary>
    Partial,

    /// <summary>All are.</summary>
    Full,
}

public static class Disruptions
{
    // Upstream's --unhealthy-zone-threshold, and the number of nodes below which a share says nothing.
    private const int ThresholdPercent = 55;
    private const int Few = 2;

    /// <summary>Judges by how many nodes are ready and how many are not. No pod is evicted unless the answer is <see cref="Disruption.None"/>.</summary>
    public static Disruption Of(int ready, int notReady)
    {
        if (ready == 0 && notReady > 0) return Disruption.Full;
        return notReady > Few && 100L * notReady >= ThresholdPercent * (long)(ready + notReady) ? Disruption.Partial : Disruption.None;
    }
}

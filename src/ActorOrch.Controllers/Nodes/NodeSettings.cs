using Akka.Configuration;

namespace ActorOrch.Controllers.Nodes;

/// <summary>The section <c>actororch.nodes</c>.</summary>
public sealed record NodeSettings
{
    /// <summary>A node of which nothing is heard for this long is lost.</summary>
    public TimeSpan HeartbeatGrace { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>How often heartbeats are checked.</summary>
    public TimeSpan CheckInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How often at most the Lease of a node is renewed; zero: no leases.</summary>
    public TimeSpan LeaseInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether simulated nodes have Leases too.</summary>
    public bool LeasesOfSimulated { get; init; }

    /// <summary>How long pods whose Node was deleted are left alone.</summary>
    public TimeSpan OrphanGrace { get; init; } = TimeSpan.FromSeconds(40);

    /// <summary>A snapshot of a node's health every so many events; so many before it stay in the journal as history.</summary>
    public int SnapshotEvery { get; init; } = 100;
    public int KeepEvents { get; init; } = 500;

    /// <summary>Of the store; agents act on no other's word than that of the store under which their containers were made.</summary>
    public string StoreId { get; init; } = "";

    public static NodeSettings From(Config config)
    {
        var section = config.GetConfig("actororch.nodes");
        var defaults = new NodeSettings { StoreId = config.GetString("actororch.store.id", "") };
        if (section.IsNullOrEmpty()) return defaults;
        return new()
        {
            HeartbeatGrace = section.GetTimeSpan("heartbeat-grace", defaults.HeartbeatGrace),
            CheckInterval = section.GetTimeSpan("check-interval", defaults.CheckInterval),
            LeaseInterval = section.GetTimeSpan("lease-interval", defaults.LeaseInterval),
            LeasesOfSimulated = section.GetBoolean("leases-of-simulated", defaults.LeasesOfSimulated),
            OrphanGrace = section.GetTimeSpan("orphan-grace", defaults.OrphanGrace),
            StoreId = defaults.StoreId,
            SnapshotEvery = section.GetInt("snapshot-every", defaults.SnapshotEvery),
            KeepEvents = section.GetInt("keep-events", defaults.KeepEvents),
        };
    }
}

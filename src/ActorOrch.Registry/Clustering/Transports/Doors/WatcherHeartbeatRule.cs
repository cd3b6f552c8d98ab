namespace ActorOrch.Registry.Clustering.Transports.Doors;

/// <summary>Heartbeats between those who watch actors of another process.</summary>
public sealed class WatcherHeartbeatRule : IWorkerRule
{
    public int SerializerId => 16;

    public bool Allows(in WorkerMessage message) => message is { Recipient: "/system/remote-watcher", Manifest: "RWHB" or "RWHR" };
}

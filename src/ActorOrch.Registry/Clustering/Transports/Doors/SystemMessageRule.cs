namespace ActorOrch.Registry.Clustering.Transports.Doors;

/// <summary>Whoever is here may be watched, by actors of the worker's own process; and it may tell of the end of its own actors.</summary>
public sealed class SystemMessageRule : IWorkerRule
{
    private const string Watch = "Akka.Dispatch.SysMsg.Watch, Akka", Unwatch = "Akka.Dispatch.SysMsg.Unwatch, Akka";
    private const string Ended = "Akka.Dispatch.SysMsg.DeathWatchNotification, Akka";

    public int SerializerId => 22;

    /// <summary>All others tell an actor to end, to fail or to be supervised by the sender: nothing that processes of a cluster tell each other.</summary>
    internal static bool IsOfWatches(string manifest) => manifest is Watch or Unwatch or Ended;

    public bool Allows(in WorkerMessage message)
    {
        // Watch: watchee and watcher; the end of an actor: who that is.
        var field = message.Manifest == Ended ? 1 : 2;
        var reader = new ProtoReader(message.Body);
        var actor = "";
        while (reader.Next())
            if (reader.Number == field) actor = Envelope.PathOf(reader.OnceBytes());
        return IsOfWatches(message.Manifest) && message.IsOwn(actor);
    }
}

using ActorOrch.Registry.Persistence;
using ActorOrch.Registry.Persistence.Actors;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;

namespace ActorOrch.Registry.Health;

/// <summary>
/// Finds out whether the journal takes a commit, by the way that all commits go: writes a row of its own and takes it away again. Only when
/// it is asked, and no more often than a disk can bear. Like any persistent actor it stops when the store fails, and is started again.
/// </summary>
internal sealed class StoreProbeActor : RecordedActor
{
    /// <summary>For so long what was durable is taken to be so still.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromSeconds(5);

    private const int FillingBytes = 32 * 1024;

    private static readonly StoreProbe Probe = new(new byte[FillingBytes]);

    private readonly TimeProvider _time;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private long? _durableAt;
    private IActorRef _asker = ActorRefs.Nobody;

    /// <param name="process">Tells the rows of this process from those of the others of its cluster.</param>
    public StoreProbeActor(string process, TimeProvider time)
    {
        _time = time;
        PersistenceId = $"store-probe-{process}";
    }

    public override string PersistenceId { get; }

    // What a predecessor left behind says nothing about now.
    protected override void OnReplay(object message)
    {
    }

    protected override void OnMessage(object message)
    {
        switch (message)
        {
            case ProbeStore when _durableAt is { } then && _time.GetElapsedTime(then) < Freshness:
                Sender.Tell(StoreProbed.Durable);
                break;
            case ProbeStore:
                _asker = Sender;
                Record(Probe, _ =>
                {
                    _durableAt = _time.GetTimestamp();
                    _asker.Tell(StoreProbed.Durable);
                    DeleteMessages(LastSequenceNr);
                });
                break;
            case DeleteMessagesFailure failed:
                _log.Debug("{0}: the row of a probe was not removed: {1}; the next one tries again", PersistenceId, failed.Cause.Message);
                break;
            case DeleteMessagesSuccess:
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) => _asker.Tell(new StoreProbed(StoreFailure.Of(cause).Detail));

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        OnPersistFailure(cause, @event, sequenceNr);
        Context.Stop(Self);
    }

    protected override void OnStoreFailure(Exception reason) =>
        _log.Debug("{0} cannot be recovered: {1}", PersistenceId, StoreFailure.Of(reason).Detail);
}

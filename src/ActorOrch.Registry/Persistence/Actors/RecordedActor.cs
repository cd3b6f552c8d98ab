using ActorOrch.Registry.Persistence.Records;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;

namespace ActorOrch.Registry.Persistence.Actors;

/// <summary>
/// A persistent actor whose rows have a checksum each and say where they belong. Where one is damaged it does not start: the row is named in the
/// log and by <c>/readyz</c>, and until it may try again (<see cref="DamagedActors"/>) whoever starts it gets an actor that rests, reads
/// nothing and takes no notice of messages.
/// </summary>
public abstract class RecordedActor : UntypedPersistentActor
{
    private readonly DamagedActors _damaged = DamagedActors.Of(Context.System);
    private TimeSpan? _rest;
    private ICancelable? _resting;
    private long _numbered;

    /// <summary>Of one that rests: of its rows nothing is read.</summary>
    public sealed override Recovery Recovery => Rests ? Recovery.None : Recovery.Default;

    private bool Rests => (_rest ??= _damaged.RestOf(PersistenceId)) > TimeSpan.Zero;

    /// <summary>An event or a <see cref="SnapshotOffer"/> as it was recorded, or <see cref="RecoveryCompleted"/>.</summary>
    protected abstract void OnReplay(object message);

    /// <summary>What <see cref="UntypedPersistentActor.OnCommand"/> is elsewhere.</summary>
    protected abstract void OnMessage(object message);

    /// <summary>Recovery failed, and not by damage: the database does not answer, for example.</summary>
    protected virtual void OnStoreFailure(Exception reason) => base.OnRecoveryFailure(reason);

    /// <summary>The actor is about to stop because of its store. Nobody but itself knows who is to start it again where nothing else does.</summary>
    protected virtual void AskToComeBack()
    {
    }

    /// <summary>Persists an event; the handler is called when it is durable, before the next message.</summary>
    protected void Record<T>(T happened, Action<T> durable)
        where T : notnull => Persist(Next(happened), record => durable((T)record.Content));

    /// <summary>Persists an event while messages go on.</summary>
    protected void RecordAsync<T>(T happened, Action<T> durable)
        where T : notnull => PersistAsync(Next(happened), record => durable((T)record.Content));

    /// <summary>Persists several events in one transaction; the handler is called for each.</summary>
    protected void RecordAll<T>(IEnumerable<T> happened, Action<T> durable)
        where T : notnull => PersistAll(happened.Select(h => Next(h)).ToArray(), record => durable((T)record.Content));

    /// <summary>Saves a snapshot of what the last durable event led to.</summary>
    protected void RecordSnapshot(object snapshot) => SaveSnapshot(new ActorRecord(new(PersistenceId, SnapshotSequenceNr), snapshot));

    protected sealed override void OnRecover(object message)
    {
        if (Rests)
        {
            if (message is RecoveryCompleted) Rest();
            return;
        }
        switch (message)
        {
            case ActorRecord record:
                OnReplay(ContentOf(record, "journal", LastSequenceNr));
                break;
            case SnapshotOffer { Snapshot: ActorRecord record } offer:
                OnReplay(new SnapshotOffer(offer.Metadata, ContentOf(record, "snapshot", offer.Metadata.SequenceNr)));
                break;
            default:
                // Rows of the versions before have no envelope.
                if (message is RecoveryCompleted) _damaged.Remove(PersistenceId);
                OnReplay(message);
                break;
        }
    }

    protected sealed override void OnCommand(object message)
    {
        if (message is Rested)
        {
            Context.Stop(Self);
            AskToComeBack();
        }
        else if (!Rests)
        {
            OnMessage(message);
        }
    }

    protected sealed override void OnRecoveryFailure(Exception reason, object? message = null)
    {
        // What is no failure of the database is a row that cannot be read, or that the actor cannot bear: trying at once does not help.
        if (StoreFailure.Find(reason) is { Damaged: false })
        {
            OnStoreFailure(reason);
        }
        else
        {
            var detail = reason is DamagedRecordException ? reason.Message
                : $"{PersistenceId} cannot be recovered, after row {LastSequenceNr}: {StoreFailure.Find(reason)?.Detail ?? reason.GetBaseException().Message}";
            var wait = _damaged.Add(PersistenceId, detail);
            Context.GetLogger().Error("{0}; {1} rests and tries again after {2}", detail, PersistenceId, wait);
        }
        AskToComeBack();
    }

    protected override void PostStop()
    {
        _resting?.Cancel();
        base.PostStop();
    }

    private void Rest() => _resting = Context.System.Scheduler.ScheduleTellOnceCancelable(_rest!.Value, Self, Rested.Instance, Self);

    // Events that are not durable yet have their numbers already.
    private ActorRecord Next(object content)
    {
        _numbered = Math.Max(_numbered, LastSequenceNr) + 1;
        return new(new(PersistenceId, _numbered), content);
    }

    private object ContentOf(ActorRecord record, string table, long number)
    {
        try
        {
            if (record.Content is DamagedRecordException damage) throw damage;
            record.Place.Require(PersistenceId, number);
            return record.Content;
        }
        catch (DamagedRecordException damage)
        {
            throw new DamagedRecordException($"{table} is damaged: {PersistenceId}, row {number}: {damage.Message}", damage);
        }
    }

    private sealed class Rested : INoSerializationVerificationNeeded
    {
        internal static readonly Rested Instance = new();
    }
}

using ActorOrch.Resources.Objects;
using Akka.Actor;
using Akka.Event;

namespace ActorOrch.Reconciling;

/// <summary>
/// One object's own actor: compares what is stored with what exists and acts. Level-based: it may die at any point, and its next run
/// repairs everything from what is stored.
/// </summary>
public abstract class ReconcilerActor : UntypedActor
{
    private readonly ReconcileLoop _loop;

    protected ReconcilerActor(string typeName, ObjectKey key, ReconcilerServices services)
    {
        Key = key;
        Services = services;
        Log = Context.GetLogger();
        _loop = new(Context, typeName, key, services, ReconcileAsync, Ended);
    }

    protected ObjectKey Key { get; }
    protected ReconcilerServices Services { get; }
    protected ILoggingAdapter Log { get; }

    /// <summary>
    /// One run: read the mirrors, decide (a pure function), act through <see cref="Reconciliation.Api"/>. It leaves the actor's thread at
    /// its first await, so it must not touch mutable state of the actor. Exceptions are retried with back-off.
    /// </summary>
    protected abstract Task<ReconcileResult> ReconcileAsync(Reconciliation run);

    /// <summary>On the actor's thread, after each run; calls <paramref name="proceed"/> when the next may start.</summary>
    protected virtual void Ended(ReconcileResult result, Action proceed) => proceed();

    /// <summary>A message that is not the reconcile loop's.</summary>
    protected virtual void OnMessage(object message) => Unhandled(message);

    protected override void PreStart() => _loop.Start();

    protected override void PostStop() => _loop.Dispose();

    protected sealed override void OnReceive(object message)
    {
        if (!_loop.Handle(message)) OnMessage(message);
    }
}

using System.Collections.Concurrent;
using ActorOrch.Registry.Collections;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Registry.Api;

/// <summary>
/// Queues this process's writes that give no resourceVersion, by object, so that they never conflict (409) with each other. Those of
/// other processes are met by trying again.
/// </summary>
internal sealed class WriteTurns
{
    private readonly ConcurrentDictionary<(ResourceId Resource, ObjectKey Key), ObjectTurns> _objects = new();

    /// <summary>Waits in an object's queue; returns at its head. To be disposed.</summary>
    /// <param name="onTop">The write may be made on top of one that is not durable yet; otherwise it waits until all are.</param>
    public async ValueTask<WriteTurn> TakeAsync(ICollection collection, ObjectKey key, bool onTop, CancellationToken cancel)
    {
        var place = (collection.Resource, key);
        ObjectTurns turns;
        do turns = _objects.GetOrAdd(place, static (_, of) => new(of), collection);
        while (!turns.TryEnter());
        try
        {
            await turns.WaitAsync(cancel).ConfigureAwait(false);
        }
        catch
        {
            Leave(place, turns);
            throw;
        }
        var turn = new WriteTurn(turns, collection.Resource, key, () => Leave(place, turns));
        try
        {
            await turn.BeginAsync(onTop, cancel).ConfigureAwait(false);
            return turn;
        }
        catch
        {
            turn.Dispose();
            throw;
        }
    }

    private void Leave((ResourceId, ObjectKey) place, ObjectTurns turns)
    {
        if (turns.Leave()) _objects.TryRemove(new(place, turns));
    }
}

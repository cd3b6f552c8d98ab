using ActorOrch.Registry.Timing;
using Microsoft.AspNetCore.Connections;

namespace ActorOrch.Gateway.Access;

/// <summary>
/// Cuts connections that do not show in time who they are: those that never begin to speak TLS, send nothing, or ask for what is open to all.
/// Where more are open than may be, the oldest of them is closed: a client that has a certificate or token sends it at once.
/// </summary>
/// <param name="most">So many may be on their way to it.</param>
internal sealed class UnprovenConnections(TimeProvider time, TimeSpan patience, int most)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<ConnectionContext> _open = [];

    public ConnectionDelegate Guard(ConnectionDelegate next) => async connection =>
    {
        var identity = ConnectionIdentity.Of(connection.Features);
        var place = new LinkedListNode<ConnectionContext>(connection);
        identity.Placed = () => Remove(place);
        if (Add(place) is { } oldest) Cut(oldest);
        try
        {
            using var timer = DeadlineTimer.Once(time, patience, "the cut of a connection that does not show who it is", () =>
            {
                if (!identity.HasPlace) Cut(connection);
            });
            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            Remove(place);
            identity.End();
        }
    };

    /// <summary>The connection that is closed for it; null where there are fewer than may be.</summary>
    private ConnectionContext? Add(LinkedListNode<ConnectionContext> place)
    {
        lock (_gate)
        {
            _open.AddLast(place);
            if (_open.Count <= most) return null;
            var oldest = _open.First!;
            _open.Remove(oldest);
            return oldest.Value;
        }
    }

    private void Remove(LinkedListNode<ConnectionContext> place)
    {
        lock (_gate)
            if (place.List is not null) _open.Remove(place);
    }

    private static void Cut(ConnectionContext connection) => connection.Abort(new ConnectionAbortedException("the connection did not show who it is"));
}

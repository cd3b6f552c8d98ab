using ActorOrch.Registry;
using Microsoft.AspNetCore.Connections;

namespace ActorOrch.Gateway;

/// <summary>Cuts connections that do not show in time who they are: those that never begin to speak TLS, send nothing, or ask for what is open to all.</summary>
internal sealed class UnprovenConnections(TimeProvider time, TimeSpan patience)
{
    public ConnectionDelegate Guard(ConnectionDelegate next) => async connection =>
    {
        var identity = ConnectionIdentity.Of(connection.Features);
        using var timer = DeadlineTimer.Once(time, patience, "the cut of a connection that does not show who it is", () =>
        {
            if (!identity.IsProven) connection.Abort(new ConnectionAbortedException("the connection did not show who it is"));
        });
        await next(connection).ConfigureAwait(false);
    };
}

using ActorOrch.Gateway.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ActorOrch.Gateway.Serving;

/// <summary>What serves one request after the other of a connection (HTTP/1.1) or of a place among its streams (HTTP/2).</summary>
internal sealed class GatewayContext(IFeatureCollection features)
{
    public DefaultHttpContext Http { get; } = new(features);

    /// <summary>Of the connection, which stays the same as long as the context is used.</summary>
    public ConnectionIdentity Connection { get; } = ConnectionIdentity.Of(features);
}

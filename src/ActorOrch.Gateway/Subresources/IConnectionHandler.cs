using ActorOrch.Gateway.Routing;
using ActorOrch.Resources.Catalog.Subresources;

namespace ActorOrch.Gateway.Subresources;

/// <summary>Serves a <see cref="Connection"/>, of whatever kinds have it.</summary>
internal interface IConnectionHandler
{
    /// <summary>The subresource's.</summary>
    string Name { get; }

    Task HandleAsync(ApiRequest request);
}

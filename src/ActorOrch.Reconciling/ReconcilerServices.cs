using ActorOrch.Registry.Api;
using ActorOrch.Registry.Collections;

namespace ActorOrch.Reconciling;

/// <summary>What every reconciler works with.</summary>
/// <param name="Wake">Sends a message (mostly a <see cref="Reconciling.Wake"/>) to the region of that type name.</param>
public sealed record ReconcilerServices(
    IObjectApi Api, IEventRecorder Events, TimeProvider Time, Random Random, Action<string, object> Wake)
{
    public IRegistry Registry => Api.Registry;
}

using k8s.Models;

namespace ActorOrch.Networking.Services;

/// <summary>What is to be done to one EndpointSlice, and why.</summary>
public abstract record SliceAction(string Reason)
{
    /// <param name="Slice">Complete but for its name, which is generated.</param>
    public sealed record Create(V1EndpointSlice Slice, string Reason) : SliceAction(Reason);

    /// <summary>Sets endpoints, ports and labels of a slice that is there.</summary>
    public sealed record Update(V1EndpointSlice Existing, IReadOnlyList<V1Endpoint> Endpoints, IDictionary<string, string> Labels, string Reason) : SliceAction(Reason);

    public sealed record Delete(string Name, string Reason) : SliceAction(Reason);
}

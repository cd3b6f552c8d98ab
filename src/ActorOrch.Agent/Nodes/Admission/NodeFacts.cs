using System.Text.Json;
using ActorOrch.Registry;
using ActorOrch.Resources;
using ActorOrch.Scheduling;
using PlaceableNode = ActorOrch.Scheduling.NodeDescription;

namespace ActorOrch.Agent.Nodes.Admission;

/// <summary>A node as its object describes it, which others may have changed; as its agent does, as long as there is no object. Not thread-safe.</summary>
internal sealed class NodeFacts(IRegistry registry, string nodeName)
{
    private StoredObject? _read;
    private PlaceableNode? _description;

    /// <param name="own">The agent's own words: a <c>v1 Node</c>.</param>
    public PlaceableNode Describe(ReadOnlySpan<byte> own)
    {
        if (registry[BuiltIn.Nodes].Latest.Get(ObjectKey.ClusterScoped(nodeName)) is not { } stored) return Read(own);
        if (!ReferenceEquals(stored, _read)) (_read, _description) = (stored, PlaceableNode.Read(stored));
        return _description!;
    }

    private PlaceableNode Read(ReadOnlySpan<byte> own)
    {
        using var document = JsonDocument.Parse(own.ToArray());
        var (metadata, allocatable) = (document.RootElement.GetProperty("metadata"), document.RootElement.GetProperty("status").GetProperty("allocatable"));
        var labels = metadata.TryGetProperty("labels", out var map) ? map.EnumerateObject().ToDictionary(l => l.Name, l => l.Value.GetString() ?? "") : [];
        return new(nodeName, labels, [], false, ResourceAmounts.Read(allocatable), Quantity.Parse(allocatable.GetProperty("pods").ToString()).Value);
    }
}

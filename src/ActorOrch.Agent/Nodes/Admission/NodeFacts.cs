using System.Text.Json;
using ActorOrch.Registry.Collections;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;
using ActorOrch.Resources.Quantities;
using ActorOrch.Scheduling.Modelling;
using k8s.Models;
using PlaceableNode = ActorOrch.Scheduling.Modelling.NodeDescription;

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
        var node = Model.Parse<V1Node>(own.ToArray());
        var allocatable = node.Status.Allocatable;
        return new(
            nodeName, new Dictionary<string, string>(node.Metadata.Labels), [], false,
            ResourceAmounts.Read(JsonSerializer.SerializeToElement(allocatable.ToDictionary(a => a.Key, a => a.Value.ToString()))),
            Quantity.Parse(allocatable["pods"].ToString()).Value);
    }
}

using System.Text.Json;
using ActorOrch.Resources.Kinds.Nodes;
using ActorOrch.Resources.Objects;
using ActorOrch.Scheduling.Relations;

namespace ActorOrch.Scheduling.Modelling;

/// <summary>A port of the machine that a pod takes.</summary>
/// <param name="Address">Empty or <c>0.0.0.0</c>: all addresses.</param>
public readonly record struct HostPort(string Address, string Protocol, int Port)
{
    public bool ConflictsWith(HostPort other) =>
        Port == other.Port && Protocol == other.Protocol && (Address == other.Address || IsAny || other.IsAny);

    private bool IsAny => Address.Length == 0 || Address == "0.0.0.0";
}

/// <summary>
/// All that placing a pod depends on. Pods of one owner have the same shape, so what is known of one is known of all;
/// shapes are interned by <see cref="PodShapes"/> and compared by reference. Pods that ask nothing of other pods, and of which no other pod asks
/// anything, share a shape whatever their labels.
/// </summary>
public sealed class PodShape
{
    public required PodRequests Requests { get; init; }
    public required IReadOnlyList<HostPort> HostPorts { get; init; }
    public required NodeSelection Selection { get; init; }
    public required IReadOnlyList<Toleration> Tolerations { get; init; }

    /// <summary>The only node to be considered (<c>spec.nodeName</c> of a pod that is not bound); empty for any.</summary>
    public required string NodeName { get; init; }

    /// <summary>False with <c>preemptionPolicy: Never</c>.</summary>
    public required bool MayPreempt { get; init; }

    /// <summary>How it and other pods depend on each other; null where they do not.</summary>
    public PodRelations? Relations { get; private init; }

    /// <summary>What it is made from; null for one that was not interned.</summary>
    internal ShapeTemplate? Template { get; init; }

    /// <summary>Whether where it may go depends on other pods: some that are only counted do not care themselves.</summary>
    internal bool HasRules => Relations is { } relations && (relations.Own is not null || relations.Matched.Any(s => s.Terms.Count > 0));

    /// <summary>Whether a pod that comes may be what pods of this shape wait for.</summary>
    internal bool WaitsForPods => Relations?.Own?.WaitsForPods == true;

    public bool Tolerates(Taint taint)
    {
        foreach (var toleration in Tolerations)
            if (toleration.Tolerates(taint)) return true;
        return false;
    }

    /// <summary>The shape of the same pod when it matches other selectors.</summary>
    internal PodShape For(in PodIdentity pod, PlacementContext context) => Template?.Of(pod, context) ?? this;

    internal PodShape With(PodRelations relations) => new()
    {
        Requests = Requests,
        HostPorts = HostPorts,
        Selection = Selection,
        Tolerations = Tolerations,
        NodeName = NodeName,
        MayPreempt = MayPreempt,
        Template = Template,
        Relations = relations,
    };

    internal static PodShape Read(JsonElement spec, ShapeTemplate template) => new()
    {
        Template = template,
        Requests = PodRequests.Of(spec),
        HostPorts = [.. Ports(spec)],
        Selection = NodeSelection.Read(spec),
        Tolerations = Toleration.ReadAll(spec),
        NodeName = "",
        MayPreempt = JsonReading.Text(spec, "preemptionPolicy") != "Never",
    };

    private static IEnumerable<HostPort> Ports(JsonElement spec) =>
        from container in JsonReading.Items(spec, "containers").Concat(JsonReading.Items(spec, "initContainers").Where(PodRequests.IsSidecar))
        from port in JsonReading.Items(container, "ports")
        let number = JsonReading.Number(port, "hostPort")
        where number > 0
        select new HostPort(JsonReading.Text(port, "hostIP"), JsonReading.Text(port, "protocol") is { Length: > 0 } protocol ? protocol : "TCP", number);
}

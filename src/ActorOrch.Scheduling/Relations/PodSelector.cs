using ActorOrch.Resources.Selectors;

namespace ActorOrch.Scheduling.Relations;

/// <summary>Pods of some namespaces with some labels.</summary>
/// <param name="Namespaces">By name.</param>
/// <param name="NamespaceSelector">By their labels, in addition; null for none.</param>
public sealed record PodClause(IReadOnlySet<string> Namespaces, LabelSelector? NamespaceSelector, LabelSelector Labels)
{
    /// <summary>One text for one meaning, or nearly: two texts for one meaning only cost a count more.</summary>
    public string Key { get; } = $"{string.Join(',', Namespaces.Order(StringComparer.Ordinal))}|{NamespaceSelector?.ToString() ?? "-"}|{Labels}";

    /// <summary>Whether it chooses none, whatever there is.</summary>
    public bool IsNothing => Labels.Requirements.Count == 0 && !Labels.IsEverything;

    public bool Concerns(string @namespace, PlacementContext context) =>
        Namespaces.Contains(@namespace) || (NamespaceSelector is { } selector && selector.Matches(context.LabelsOf(@namespace)));

    public bool Matches(in PodIdentity pod, PlacementContext context) => Concerns(pod.Namespace, context) && Labels.Matches(pod.Labels);
}

/// <summary>
/// The pods that a term looks at, and how many of them each node has. Interned by <see cref="PlacementContext"/>: terms that look at the
/// same pods share the count.
/// </summary>
public sealed class PodSelector
{
    private readonly List<PodTerm> _terms = [];

    internal PodSelector(int id, IReadOnlyList<PodClause> clauses, bool skipsTerminating)
    {
        Id = id;
        Clauses = clauses;
        SkipsTerminating = skipsTerminating;
    }

    /// <summary>Counts the selectors of a context, in the order in which they came.</summary>
    public int Id { get; }

    /// <summary>All must match.</summary>
    public IReadOnlyList<PodClause> Clauses { get; }

    /// <summary>Whether pods that are being deleted are none of it.</summary>
    public bool SkipsTerminating { get; }

    /// <summary>The pods on each node that match.</summary>
    public NodeTally Pods { get; } = new();

    /// <summary>Terms that other pods carry and that look at these pods.</summary>
    public IReadOnlyList<PodTerm> Terms => _terms;

    public bool Matches(in PodIdentity pod, PlacementContext context)
    {
        if (SkipsTerminating && pod.Terminating) return false;
        foreach (var clause in Clauses)
            if (!clause.Matches(pod, context)) return false;
        return true;
    }

    internal PodTerm Term(string topologyKey, bool refuses, int weight, out bool isNew)
    {
        var known = _terms.Find(t => t.TopologyKey == topologyKey && t.Refuses == refuses && t.Weight == weight);
        isNew = known is null;
        if (known is not null) return known;
        var term = new PodTerm(this, topologyKey, refuses, weight);
        _terms.Add(term);
        return term;
    }
}

/// <summary>What a pod, once it is placed, says to the pods that come after it.</summary>
/// <param name="Refuses">Required anti-affinity: they may not come into its domain.</param>
/// <param name="Weight">How much they are drawn to its domain, or, below zero, kept from it.</param>
public sealed record PodTerm(PodSelector Selector, string TopologyKey, bool Refuses, int Weight)
{
    /// <summary>The pods on each node that carry it.</summary>
    public NodeTally Carriers { get; } = new();

    public bool Equals(PodTerm? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}

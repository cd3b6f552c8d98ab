using ActorOrch.Resources.Selectors;
using ActorOrch.Scheduling.Modelling;

namespace ActorOrch.Scheduling.Relations;

/// <summary>
/// What pods say about each other, across nodes: the selectors of all terms, the pods that each matches and those that carry a term, counted by
/// node. Whatever a placement changes elsewhere, it changes through these counts. Not thread-safe: one owner, <see cref="ClusterModel"/>.
/// </summary>
public sealed class PlacementContext
{
    // Below this they are not worth a search.
    private const int Few = 1_000;

    private static readonly IReadOnlyDictionary<string, string> NoLabels = new Dictionary<string, string>();

    private readonly Dictionary<string, PodSelector> _selectors = [];
    private readonly Dictionary<(string Key, string Value), List<PodSelector>> _byLabel = [];
    private readonly List<PodSelector> _others = [];
    private readonly Dictionary<string, IReadOnlyDictionary<string, string>> _namespaces = [];
    private readonly List<PodSelector> _matched = [];
    private List<PodSelector> _fresh = [];
    private HashSet<string> _moved = [];
    private int _ids;
    private int _kept;

    /// <summary>Rises when pods may match other selectors than they did: a selector came, or a namespace changed its labels.</summary>
    public long Version { get; private set; }

    /// <summary>Rises when a term came that pods can carry.</summary>
    public long Terms { get; private set; }

    public int SelectorCount => _selectors.Count;

    /// <summary>Whether it is time to forget selectors that no pod has any longer.</summary>
    internal bool IsCrowded => _selectors.Count > 2 * _kept + Few;

    internal IReadOnlyDictionary<string, string> LabelsOf(string @namespace) => _namespaces.GetValueOrDefault(@namespace, NoLabels);

    /// <summary>The selector that chooses pods by all of <paramref name="clauses"/>.</summary>
    public PodSelector Selector(IReadOnlyList<PodClause> clauses, bool skipsTerminating)
    {
        var key = $"{(skipsTerminating ? '-' : '+')}{string.Join('&', clauses.Select(c => c.Key).Order(StringComparer.Ordinal))}";
        if (_selectors.TryGetValue(key, out var known)) return known;
        var selector = _selectors[key] = new(_ids++, clauses, skipsTerminating);
        if (!clauses.Any(c => c.IsNothing)) Index(selector);
        _fresh.Add(selector);
        Version++;
        return selector;
    }

    /// <summary>The term that carriers of it share.</summary>
    public PodTerm Term(PodSelector selector, string topologyKey, bool refuses, int weight)
    {
        var term = selector.Term(topologyKey, refuses, weight, out var isNew);
        if (isNew) Terms++;
        return term;
    }

    /// <summary>The selectors that a pod matches, by their number.</summary>
    public IReadOnlyList<PodSelector> Match(in PodIdentity pod)
    {
        if (_selectors.Count == 0) return [];
        _matched.Clear();
        foreach (var label in pod.Labels)
            if (_byLabel.TryGetValue((label.Key, label.Value), out var candidates)) AddMatches(candidates, pod);
        AddMatches(_others, pod);
        if (_matched.Count == 0) return [];
        _matched.Sort(static (a, b) => a.Id.CompareTo(b.Id));
        return [.. _matched];
    }

    /// <summary>Takes a namespace's labels (null: it was deleted); returns whether pods of it may match other selectors now.</summary>
    public bool PutNamespace(string name, IReadOnlyDictionary<string, string>? labels)
    {
        var before = LabelsOf(name);
        if (labels is null) _namespaces.Remove(name);
        else _namespaces[name] = labels;
        var after = LabelsOf(name);
        var moved = _selectors.Values.Any(s => s.Clauses.Any(c => c.NamespaceSelector is { } selector && selector.Matches(before) != selector.Matches(after)));
        if (!moved) return false;
        _moved.Add(name);
        Version++;
        return true;
    }

    /// <summary>What changed since this was asked last: pods that were placed before may match other selectors.</summary>
    internal (IReadOnlyList<PodSelector> Fresh, IReadOnlySet<string> MovedNamespaces) TakeChanges()
    {
        var changes = (_fresh, _moved);
        if (_fresh.Count > 0) _fresh = [];
        if (_moved.Count > 0) _moved = [];
        return changes;
    }

    /// <summary>Forgets selectors that none of the pods uses.</summary>
    internal void KeepOnly(IReadOnlySet<PodSelector> used)
    {
        foreach (var (key, selector) in _selectors)
            if (!used.Contains(selector)) _selectors.Remove(key);
        _byLabel.Clear();
        _others.Clear();
        foreach (var selector in _selectors.Values)
            if (!selector.Clauses.Any(c => c.IsNothing)) Index(selector);
        _kept = _selectors.Count;
        Generation++;
    }

    /// <summary>Rises when selectors were forgotten: what is cached of them is void.</summary>
    internal long Generation { get; private set; }

    private void AddMatches(List<PodSelector> candidates, in PodIdentity pod)
    {
        foreach (var selector in candidates)
            if (selector.Matches(pod, this)) _matched.Add(selector);
    }

    // Under one of the label values that it asks for, that which the fewest others ask for.
    private void Index(PodSelector selector)
    {
        LabelRequirement? rarest = null;
        var fewest = int.MaxValue;
        foreach (var requirement in selector.Clauses.SelectMany(c => c.Labels.Requirements))
        {
            if (requirement.Operator != LabelOperator.In) continue;
            var count = 0;
            foreach (var value in requirement.Values)
                if (_byLabel.TryGetValue((requirement.Key, value), out var list)) count += list.Count;
            if (count >= fewest) continue;
            (rarest, fewest) = (requirement, count);
        }
        if (rarest is null)
        {
            _others.Add(selector);
            return;
        }
        foreach (var value in rarest.Values)
        {
            if (!_byLabel.TryGetValue((rarest.Key, value), out var those)) _byLabel[(rarest.Key, value)] = those = [];
            those.Add(selector);
        }
    }
}

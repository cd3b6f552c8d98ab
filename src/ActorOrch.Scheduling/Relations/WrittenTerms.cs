using System.Text;
using System.Text.Json;
using ActorOrch.Resources.Objects;
using ActorOrch.Resources.Selectors;
using ActorOrch.Scheduling.Filters;
using k8s.Models;

namespace ActorOrch.Scheduling.Relations;

/// <summary>The terms of a pod's spec as they are written: what they mean depends on the pod's namespace, too, and on labels that they name.</summary>
internal sealed class WrittenTerms
{
    private const string Required = "requiredDuringSchedulingIgnoredDuringExecution";
    private const string Preferred = "preferredDuringSchedulingIgnoredDuringExecution";

    private readonly Term[] _affinity;
    private readonly Term[] _antiAffinity;
    private readonly Term[] _preferred;
    private readonly Spread[] _spread;
    private readonly string[] _labelKeys;

    private WrittenTerms(Term[] affinity, Term[] antiAffinity, Term[] preferred, Spread[] spread)
    {
        (_affinity, _antiAffinity, _preferred, _spread) = (affinity, antiAffinity, preferred, spread);
        _labelKeys = [.. affinity.Concat(antiAffinity).Concat(preferred).SelectMany(t => t.Match.Concat(t.Mismatch)).Concat(spread.SelectMany(s => s.Match)).Distinct()];
    }

    /// <summary>Null where the spec asks nothing of other pods.</summary>
    internal static WrittenTerms? Read(JsonElement spec)
    {
        var affinity = JsonReading.Object(spec, "affinity") ?? default;
        var near = Part(affinity, "podAffinity");
        var away = Part(affinity, "podAntiAffinity");
        var terms = new WrittenTerms(
            ReadTerms(near), ReadTerms(away), [.. ReadPreferred(near, 1), .. ReadPreferred(away, -1)],
            [.. JsonReading.Items(spec, "topologySpreadConstraints").Select(Spread.Read)]);
        return terms._affinity.Length + terms._antiAffinity.Length + terms._preferred.Length + terms._spread.Length > 0 ? terms : null;
    }

    /// <summary>One text for all pods for which the terms mean the same.</summary>
    internal string KeyOf(in PodIdentity pod)
    {
        if (_labelKeys.Length == 0) return pod.Namespace;
        var key = new StringBuilder(pod.Namespace);
        foreach (var label in _labelKeys) key.Append('|').Append(pod.Labels.TryGetValue(label, out var value) ? $"={value}" : "-");
        return key.ToString();
    }

    internal OwnTerms For(PodIdentity pod, PlacementContext context)
    {
        PodSelector Of(Term term) => context.Selector([term.Clause(pod)], skipsTerminating: false);
        var preferred = _preferred.Select(t => new PodPreference(Of(t), t.TopologyKey, t.Weight)).ToArray();
        (PodSelector Selector, string TopologyKey)[] refused = [.. _antiAffinity.Select(t => (Of(t), t.TopologyKey))];
        var spread = _spread.Select(s => (s.IsHard, Constraint: s.For(pod, context))).ToLookup(s => s.IsHard, s => s.Constraint);
        return new()
        {
            Affinity = _affinity.Length > 0 ? context.Selector([.. _affinity.Select(t => t.Clause(pod))], skipsTerminating: false) : null,
            AffinityKeys = [.. _affinity.Select(t => t.TopologyKey).Distinct()],
            AntiAffinity = refused,
            Preferred = preferred,
            Hard = [.. spread[true]],
            Soft = [.. spread[false]],
            Carried =
            [
                .. refused.Select(r => context.Term(r.Selector, r.TopologyKey, refuses: true, 0)),
                .. _affinity.Select(t => context.Term(Of(t), t.TopologyKey, refuses: false, InterPodAffinity.HardAffinityWeight)),
                .. preferred.Select(p => context.Term(p.Selector, p.TopologyKey, refuses: false, p.Weight)),
            ],
        };
    }

    private static JsonElement Part(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object ? JsonReading.Object(parent, name) ?? default : default;

    private static Term[] ReadTerms(JsonElement part) =>
        part.ValueKind == JsonValueKind.Object ? [.. JsonReading.Items(part, Required).Select(t => Term.Read(t, 0))] : [];

    private static IEnumerable<Term> ReadPreferred(JsonElement part, int sign) =>
        from wish in part.ValueKind == JsonValueKind.Object ? JsonReading.Items(part, Preferred) : []
        let term = JsonReading.Object(wish, "podAffinityTerm")
        where term is not null
        select Term.Read(term.Value, sign * JsonReading.Number(wish, "weight"));

    private static V1LabelSelector? ReadSelector(JsonElement parent, string name) =>
        JsonReading.Object(parent, name) is { } selector
            ? Model.Parse<V1LabelSelector>(Encoding.UTF8.GetBytes(selector.GetRawText()))
            : null;

    private static string[] Texts(JsonElement parent, string name) => [.. JsonReading.Items(parent, name).Select(v => v.GetString() ?? "")];

    // A key that the selector names already was merged into it when the pod was created.
    private static LabelSelector Selector(V1LabelSelector? written, string[] match, string[] mismatch, IReadOnlyDictionary<string, string> labels)
    {
        if (written is null || match.Length + mismatch.Length == 0) return LabelSelector.From(written);
        var named = (written.MatchExpressions ?? []).Select(e => e.Key).Concat(written.MatchLabels?.Keys ?? []).ToHashSet();
        return LabelSelector.From(new V1LabelSelector
        {
            MatchLabels = written.MatchLabels,
            MatchExpressions = [.. written.MatchExpressions ?? [], .. Expressions(match, "In"), .. Expressions(mismatch, "NotIn")],
        });

        IEnumerable<V1LabelSelectorRequirement> Expressions(string[] keys, string @operator) =>
            from key in keys
            where !named.Contains(key) && labels.ContainsKey(key)
            select new V1LabelSelectorRequirement { Key = key, OperatorProperty = @operator, Values = [labels[key]] };
    }

    private sealed record Term(
        V1LabelSelector? Labels, IReadOnlySet<string> Namespaces, LabelSelector? NamespaceSelector, string[] Match, string[] Mismatch, string TopologyKey, int Weight)
    {
        internal static Term Read(JsonElement term, int weight) => new(
            ReadSelector(term, "labelSelector"), Texts(term, "namespaces").ToHashSet(),
            ReadSelector(term, "namespaceSelector") is { } selector ? LabelSelector.From(selector) : null,
            Texts(term, "matchLabelKeys"), Texts(term, "mismatchLabelKeys"), JsonReading.Text(term, "topologyKey"), weight);

        internal PodClause Clause(in PodIdentity pod) => new(
            Namespaces.Count == 0 && NamespaceSelector is null ? new HashSet<string> { pod.Namespace } : Namespaces, NamespaceSelector,
            Selector(Labels, Match, Mismatch, pod.Labels));
    }

    private sealed record Spread(
        V1LabelSelector? Labels, string[] Match, string TopologyKey, int MaxSkew, int MinDomains, bool IsHard, bool HonorsAffinity, bool HonorsTaints)
    {
        internal static Spread Read(JsonElement constraint) => new(
            ReadSelector(constraint, "labelSelector"), Texts(constraint, "matchLabelKeys"), JsonReading.Text(constraint, "topologyKey"),
            JsonReading.Number(constraint, "maxSkew"), Math.Max(1, JsonReading.Number(constraint, "minDomains")),
            JsonReading.Text(constraint, "whenUnsatisfiable") == "DoNotSchedule",
            JsonReading.Text(constraint, "nodeAffinityPolicy") != "Ignore", JsonReading.Text(constraint, "nodeTaintsPolicy") == "Honor");

        internal SpreadConstraint For(in PodIdentity pod, PlacementContext context) => new(
            context.Selector([new(new HashSet<string> { pod.Namespace }, null, Selector(Labels, Match, [], pod.Labels))], skipsTerminating: true),
            TopologyKey, MaxSkew, MinDomains, HonorsAffinity, HonorsTaints);
    }
}

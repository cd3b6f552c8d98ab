using System.Text.Json.Nodes;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;
using k8s.Models;

namespace ActorOrch.Resources.Selectors;

/// <summary>Chooses objects by their labels. Immutable; matching allocates nothing.</summary>
public sealed class LabelSelector
{
    /// <summary>Chooses all.</summary>
    public static readonly LabelSelector Everything = new([]);

    /// <summary>Chooses none: what a missing selector of an object means.</summary>
    public static readonly LabelSelector Nothing = new([]) { _nothing = true };

    private readonly LabelRequirement[] _requirements;
    private bool _nothing;

    private LabelSelector(IEnumerable<LabelRequirement> requirements) =>
        _requirements = [.. requirements.OrderBy(r => r.Key, StringComparer.Ordinal)];

    /// <summary>All must hold; ordered by key.</summary>
    public IReadOnlyList<LabelRequirement> Requirements => _requirements;

    /// <summary>Whether it restricts nothing.</summary>
    public bool IsEverything => !_nothing && _requirements.Length == 0;

    /// <summary>Parses <c>a=b,c!=d,e in (x,y),!f,g,h&gt;1</c>; empty chooses all. Throws 400 with upstream's words.</summary>
    public static LabelSelector Parse(string? text) =>
        string.IsNullOrEmpty(text) ? Everything : new(LabelSelectorParser.Parse(text));

    /// <summary>
    /// The selector of an object's spec: null chooses none, an empty one all. Throws 400 with upstream's words where validation
    /// would have refused it.
    /// </summary>
    public static LabelSelector From(V1LabelSelector? selector)
    {
        if (selector is null) return Nothing;
        var requirements = new List<LabelRequirement>();
        foreach (var (key, value) in selector.MatchLabels ?? new Dictionary<string, string>()) requirements.Add(Equal(key, value));
        foreach (var expression in selector.MatchExpressions ?? [])
            requirements.Add(Expression(expression.Key, expression.OperatorProperty, expression.Values ?? []));
        return new(requirements);
    }

    /// <summary>The same from the document: a node of <c>meta/v1 LabelSelector</c>, checked by the schema.</summary>
    public static LabelSelector From(JsonNode? selector) => From(selector is null ? null : Model.Parse<V1LabelSelector>(selector));

    /// <summary>A plain map (a Service's selector): every pair must be there. Null or empty chooses none, as for a Service.</summary>
    public static LabelSelector FromMap(IEnumerable<KeyValuePair<string, string>>? labels)
    {
        var requirements = labels?.Select(pair => Equal(pair.Key, pair.Value)).ToList() ?? [];
        return requirements.Count == 0 ? Nothing : new(requirements);
    }

    public bool Matches(StoredObject obj) => Matches(obj.Meta.Labels);

    public bool Matches(IReadOnlyDictionary<string, string> labels)
    {
        if (_nothing) return false;
        foreach (var requirement in _requirements)
            if (!requirement.Matches(labels)) return false;
        return true;
    }

    /// <summary>The canonical text; a form that <see cref="Parse"/> takes, except of <see cref="Nothing"/>.</summary>
    public override string ToString() => _nothing ? "<none>" : string.Join(',', _requirements.Select(r => r.ToString()));

    private static LabelRequirement Equal(string key, string? value) => new(key, LabelOperator.In, [value ?? ""]) { Exact = true };

    private static LabelRequirement Expression(string key, string? @operator, IEnumerable<string> values)
    {
        var sorted = values.Distinct().Order(StringComparer.Ordinal).ToArray();
        var parsed = @operator switch
        {
            "In" => LabelOperator.In,
            "NotIn" => LabelOperator.NotIn,
            "Exists" => LabelOperator.Exists,
            "DoesNotExist" => LabelOperator.DoesNotExist,
            _ => throw ApiException.BadRequest($"\"{@operator}\" is not a valid label selector operator"),
        };
        return LabelSelectorParser.Checked(key, parsed, sorted);
    }
}

using k8s.Models;

namespace ActorOrch.Controllers.Reconciling;

/// <summary>A <c>meta/v1 LabelSelector</c>, ready to match. None matches nothing, an empty one everything.</summary>
public sealed class LabelMatch
{
    private static readonly LabelMatch Nothing = new(null, null);

    private readonly IDictionary<string, string>? _equal;
    private readonly IList<V1LabelSelectorRequirement>? _expressions;

    private LabelMatch(IDictionary<string, string>? equal, IList<V1LabelSelectorRequirement>? expressions)
    {
        _equal = equal;
        _expressions = expressions;
    }

    public static LabelMatch Of(V1LabelSelector? selector) => selector is null ? Nothing : new(selector.MatchLabels, selector.MatchExpressions);

    public bool Matches(IReadOnlyDictionary<string, string> labels)
    {
        if (ReferenceEquals(this, Nothing)) return false;
        if (_equal is not null)
            foreach (var (key, value) in _equal)
                if (!labels.TryGetValue(key, out var actual) || actual != value) return false;
        if (_expressions is not null)
            foreach (var expression in _expressions)
                if (!Holds(expression, labels)) return false;
        return true;
    }

    private static bool Holds(V1LabelSelectorRequirement requirement, IReadOnlyDictionary<string, string> labels)
    {
        var present = labels.TryGetValue(requirement.Key, out var value);
        return requirement.OperatorProperty switch
        {
            "In" => present && requirement.Values.Contains(value!),
            "NotIn" => !present || !requirement.Values.Contains(value!),
            "Exists" => present,
            "DoesNotExist" => !present,
            // Validation lets no other operator in.
            _ => false,
        };
    }
}

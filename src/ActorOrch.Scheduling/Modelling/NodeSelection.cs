using System.Globalization;
using System.Text.Json;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Scheduling.Modelling;

/// <summary>One expression of a <c>NodeSelectorTerm</c>.</summary>
/// <param name="Operator"><c>In</c>, <c>NotIn</c>, <c>Exists</c>, <c>DoesNotExist</c>, <c>Gt</c> or <c>Lt</c>.</param>
public sealed record NodeRequirement(string Key, string Operator, IReadOnlyList<string> Values)
{
    public bool Matches(IReadOnlyDictionary<string, string> labels)
    {
        var present = labels.TryGetValue(Key, out var value);
        return Operator switch
        {
            "In" => present && Values.Contains(value!),
            "NotIn" => !present || !Values.Contains(value!),
            "Exists" => present,
            "DoesNotExist" => !present,
            "Gt" => present && Compare(value!) > 0,
            "Lt" => present && Compare(value!) < 0,
            _ => false,
        };
    }

    // Not numbers: neither greater nor less, as upstream.
    private int Compare(string value) =>
        Values.Count == 1
        && long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var left)
        && long.TryParse(Values[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var right)
            ? left.CompareTo(right)
            : 0;
}

/// <summary>A <c>NodeSelectorTerm</c>: all of its expressions must hold; an empty one matches nothing.</summary>
/// <param name="Fields">Expressions about <c>metadata.name</c>.</param>
public sealed record NodeTerm(IReadOnlyList<NodeRequirement> Labels, IReadOnlyList<NodeRequirement> Fields)
{
    public bool Matches(string nodeName, IReadOnlyDictionary<string, string> labels)
    {
        if (Labels.Count == 0 && Fields.Count == 0) return false;
        foreach (var requirement in Fields)
        {
            var holds = requirement.Key == "metadata.name" && requirement.Operator switch
            {
                "In" => requirement.Values.Contains(nodeName),
                "NotIn" => !requirement.Values.Contains(nodeName),
                _ => false,
            };
            if (!holds) return false;
        }
        foreach (var requirement in Labels)
            if (!requirement.Matches(labels)) return false;
        return true;
    }

    internal static NodeTerm Read(JsonElement term) => new(
        [.. JsonReading.Items(term, "matchExpressions").Select(Requirement)], [.. JsonReading.Items(term, "matchFields").Select(Requirement)]);

    private static NodeRequirement Requirement(JsonElement expression) => new(
        JsonReading.Text(expression, "key"), JsonReading.Text(expression, "operator"), [.. JsonReading.Items(expression, "values").Select(v => v.GetString() ?? "")]);
}

/// <summary>Which nodes a pod wants: <c>nodeSelector</c> and <c>affinity.nodeAffinity</c>.</summary>
/// <param name="Selector">Labels that the node must have.</param>
/// <param name="Required">Null where nothing is required; otherwise one term must match.</param>
/// <param name="Preferred">Terms with their weights, 1 to 100.</param>
public sealed record NodeSelection(
    IReadOnlyList<KeyValuePair<string, string>> Selector, IReadOnlyList<NodeTerm>? Required, IReadOnlyList<(int Weight, NodeTerm Term)> Preferred)
{
    public static readonly NodeSelection Any = new([], null, []);

    /// <summary>The only nodes that the required terms leave, where every one of them names nodes (DaemonSets do); otherwise null.</summary>
    public IReadOnlySet<string>? RequiredNames { get; } = NamesOf(Required);

    public bool Matches(string nodeName, IReadOnlyDictionary<string, string> labels)
    {
        foreach (var (key, value) in Selector)
            if (!labels.TryGetValue(key, out var actual) || actual != value) return false;
        if (Required is null) return true;
        foreach (var term in Required)
            if (term.Matches(nodeName, labels)) return true;
        return false;
    }

    /// <summary>The sum of the weights of the preferred terms that match.</summary>
    public int Preference(string nodeName, IReadOnlyDictionary<string, string> labels)
    {
        var sum = 0;
        foreach (var (weight, term) in Preferred)
            if (term.Matches(nodeName, labels)) sum += weight;
        return sum;
    }

    public static NodeSelection Read(JsonElement spec)
    {
        KeyValuePair<string, string>[] selector = spec.TryGetProperty("nodeSelector", out var map) && map.ValueKind == JsonValueKind.Object
            ? [.. map.EnumerateObject().Select(p => KeyValuePair.Create(p.Name, p.Value.GetString() ?? ""))]
            : [];
        if (!spec.TryGetProperty("affinity", out var affinity) || !affinity.TryGetProperty("nodeAffinity", out var node))
            return selector.Length == 0 ? Any : new(selector, null, []);
        NodeTerm[]? required = node.TryGetProperty("requiredDuringSchedulingIgnoredDuringExecution", out var terms)
            ? [.. JsonReading.Items(terms, "nodeSelectorTerms").Select(NodeTerm.Read)]
            : null;
        (int, NodeTerm)[] preferred =
        [
            .. from wish in JsonReading.Items(node, "preferredDuringSchedulingIgnoredDuringExecution")
               let term = JsonReading.Object(wish, "preference")
               where term is not null
               select (JsonReading.Number(wish, "weight"), NodeTerm.Read(term.Value)),
        ];
        return new(selector, required, preferred);
    }

    private static HashSet<string>? NamesOf(IReadOnlyList<NodeTerm>? required)
    {
        if (required is null || required.Count == 0) return null;
        var names = new HashSet<string>();
        foreach (var term in required)
        {
            var named = term.Fields.FirstOrDefault(f => f is { Key: "metadata.name", Operator: "In" });
            if (named is null) return null;
            names.UnionWith(named.Values);
        }
        return names;
    }
}

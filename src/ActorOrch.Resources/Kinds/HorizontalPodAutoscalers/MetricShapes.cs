using System.Text.Json.Nodes;

namespace ActorOrch.Resources.Kinds.HorizontalPodAutoscalers;

/// <summary>
/// Metrics as <c>autoscaling/v1</c> writes them into its annotations, and as <c>v2</c> has them: the same facts, flat and nested.
/// </summary>
internal static class MetricShapes
{
    // The name of v1, and the way to the same value in v2.
    private static readonly Dictionary<string, (string Flat, string[] Nested)[]> Specs = new()
    {
        ["resource"] = [("name", ["name"]), ("targetAverageUtilization", ["target", "averageUtilization"]), ("targetAverageValue", ["target", "averageValue"])],
        ["containerResource"] =
        [
            ("name", ["name"]), ("container", ["container"]), ("targetAverageUtilization", ["target", "averageUtilization"]),
            ("targetAverageValue", ["target", "averageValue"]),
        ],
        ["pods"] = [("metricName", ["metric", "name"]), ("selector", ["metric", "selector"]), ("targetAverageValue", ["target", "averageValue"])],
        ["object"] =
        [
            ("target", ["describedObject"]), ("metricName", ["metric", "name"]), ("selector", ["metric", "selector"]),
            ("targetValue", ["target", "value"]), ("averageValue", ["target", "averageValue"]),
        ],
        ["external"] =
        [
            ("metricName", ["metric", "name"]), ("metricSelector", ["metric", "selector"]), ("targetValue", ["target", "value"]),
            ("targetAverageValue", ["target", "averageValue"]),
        ],
    };

    private static readonly Dictionary<string, (string Flat, string[] Nested)[]> Statuses = Specs.ToDictionary(s => s.Key, s => s.Value.Select(CurrentOf).ToArray());

    /// <summary>A metric of <c>spec</c> from v2 to v1.</summary>
    public static JsonObject FlatSpec(JsonObject metric) => Convert(metric, Specs, Flatten);

    /// <summary>Likewise one of <c>status</c>.</summary>
    public static JsonObject FlatStatus(JsonObject metric) => Convert(metric, Statuses, Flatten);

    /// <summary>A metric of <c>spec</c> from v1 to v2. What v1 does not say, the type of the target, follows from which of them is given.</summary>
    public static JsonObject NestedSpec(JsonObject metric) => Convert(metric, Specs, (source, paths) =>
    {
        var nested = Nest(source, paths);
        var target = nested.Child("target");
        // Upstream writes an amount that is not given as nothing.
        if (target["averageValue"] is not null && target.Text("value") == "0") target.Remove("value");
        target["type"] = target["averageUtilization"] is not null ? "Utilization" : target["averageValue"] is not null ? "AverageValue" : "Value";
        return nested;
    });

    /// <summary>Likewise one of <c>status</c>.</summary>
    public static JsonObject NestedStatus(JsonObject metric) => Convert(metric, Statuses, Nest);

    private static (string Flat, string[] Nested) CurrentOf((string Flat, string[] Nested) path) => path.Nested[0] == "target"
        ? (path.Flat.StartsWith("target", StringComparison.Ordinal) ? $"current{path.Flat["target".Length..]}" : path.Flat, ["current", path.Nested[1]])
        : path;

    private static JsonObject Convert(
        JsonObject metric, Dictionary<string, (string Flat, string[] Nested)[]> shapes, Func<JsonObject, (string Flat, string[] Nested)[], JsonObject> convert)
    {
        var converted = new JsonObject();
        if (metric["type"] is { } type) converted["type"] = type.DeepClone();
        foreach (var (source, paths) in shapes)
            if (metric.Find(source) is { } value) converted[source] = convert(value, paths);
        return converted;
    }

    private static JsonObject Flatten(JsonObject source, (string Flat, string[] Nested)[] paths)
    {
        var flat = new JsonObject();
        foreach (var (name, path) in paths)
        {
            JsonNode? value = source;
            foreach (var step in path) value = (value as JsonObject)?[step];
            if (value is not null) flat[name] = value.DeepClone();
        }
        return flat;
    }

    private static JsonObject Nest(JsonObject source, (string Flat, string[] Nested)[] paths)
    {
        var nested = new JsonObject();
        foreach (var (name, path) in paths)
        {
            if (source[name] is not { } value) continue;
            var at = nested;
            foreach (var step in path[..^1]) at = at.Child(step);
            at[path[^1]] = value.DeepClone();
        }
        return nested;
    }
}

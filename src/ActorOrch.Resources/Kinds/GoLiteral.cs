using System.Text.Json;
using System.Text.Json.Nodes;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Kinds;

/// <summary>Values that upstream prints in Go's own syntax, because an error carries the value and <c>%#v</c> prints it.</summary>
internal sealed class GoLiteral
{
    private readonly string _text;

    private GoLiteral(string text) => _text = text;

    /// <summary>The field's value: a label selector or a map of strings in Go's syntax, anything else as it is.</summary>
    public static object? Of(Field field) => field.Node switch
    {
        JsonObject obj when field.Path.EndsWith("elector", StringComparison.Ordinal) && IsSelector(obj) => Selector(obj),
        JsonObject obj => Map(obj),
        _ => field.Node,
    };

    /// <summary><c>map[string]string{"app":"web"}</c>.</summary>
    public static GoLiteral Map(JsonObject? map) => new(MapText(map));

    /// <summary><c>[]string{"a", "b"}</c>.</summary>
    public static GoLiteral Strings(IEnumerable<string> values) => new($"[]string{{{string.Join(", ", values.Select(v => $"\"{v}\""))}}}");

    /// <summary><c>intstr.IntOrString{Type:1, IntVal:0, StrVal:"25%"}</c>.</summary>
    public static GoLiteral IntOrString(Field field) => field.Integer is { } number
        ? new($"intstr.IntOrString{{Type:0, IntVal:{number}, StrVal:\"\"}}")
        : new($"intstr.IntOrString{{Type:1, IntVal:0, StrVal:\"{field.Text}\"}}");

    /// <summary>A <c>core.ServicePort</c> of which only the protocol and the number matter.</summary>
    public static GoLiteral ServicePort(string protocol, long port) => new(
        $"core.ServicePort{{Name:\"\", Protocol:\"{protocol}\", AppProtocol:(*string)(nil), Port:{port}, TargetPort:intstr.IntOrString{{Type:0, IntVal:0, StrVal:\"\"}}, NodePort:0}}");

    public override string ToString() => _text;

    private static bool IsSelector(JsonObject obj) => obj.Count == 0 || obj.ContainsKey("matchLabels") || obj.ContainsKey("matchExpressions");

    private static GoLiteral Selector(JsonObject selector)
    {
        var expressions = selector["matchExpressions"] is JsonArray { Count: > 0 } array
            ? $"[]v1.LabelSelectorRequirement{{{string.Join(", ", array.OfType<JsonObject>().Select(Requirement))}}}"
            : "[]v1.LabelSelectorRequirement(nil)";
        return new($"v1.LabelSelector{{MatchLabels:{MapText(selector.Find("matchLabels"))}, MatchExpressions:{expressions}}}");
    }

    private static string Requirement(JsonObject requirement)
    {
        var values = requirement["values"] is JsonArray array
            ? Strings(array.Select(v => v?.GetValue<string>() ?? "")).ToString()
            : "[]string(nil)";
        return $"v1.LabelSelectorRequirement{{Key:\"{requirement.Text("key")}\", Operator:\"{requirement.Text("operator")}\", Values:{values}}}";
    }

    private static string MapText(JsonObject? map) => map is null
        ? "map[string]string(nil)"
        : $"map[string]string{{{string.Join(", ", map.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => $"{JsonSerializer.Serialize(e.Key)}:{e.Value?.ToJsonString() ?? "\"\""}"))}}}";
}

using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace ActorOrch.Resources.CustomKinds;

/// <summary>
/// The JSON paths of definitions: <c>.spec.replicas</c>, <c>.metadata.annotations.example\.com/x</c>, <c>.a['b']</c>, <c>.a[0]</c>, <c>.a[*]</c>,
/// <c>.a[?(@.type=="Ready")].status</c>. Immutable.
/// </summary>
internal sealed class FieldQuery
{
    private readonly IReadOnlyList<Step> _steps;

    private FieldQuery(IReadOnlyList<Step> steps) => _steps = steps;

    private abstract record Step
    {
        public sealed record Name(string Text) : Step;

        public sealed record Index(int At) : Step;

        public sealed record Every : Step;

        public sealed record Where(FieldQuery Path, string Text) : Step;
    }

    /// <summary>Throws <see cref="FormatException"/> for what is no such path.</summary>
    public static FieldQuery Parse(string text)
    {
        var steps = new List<Step>();
        var at = 0;
        while (at < text.Length)
        {
            if (text[at] == '.') steps.Add(new Step.Name(ReadName(text, ref at)));
            else if (text[at] == '[') steps.Add(ReadBrackets(text, ref at));
            else throw Wrong(text);
        }
        return steps.Count == 0 ? throw Wrong(text) : new(steps);
    }

    /// <summary>All values at the path, in order; none where there is nothing. Nulls are left out.</summary>
    public IEnumerable<JsonNode> Find(JsonNode root)
    {
        IEnumerable<JsonNode?> found = [root];
        foreach (var step in _steps) found = found.SelectMany(node => Take(step, node));
        return found.OfType<JsonNode>();
    }

    private static IEnumerable<JsonNode?> Take(Step step, JsonNode? node) => (step, node) switch
    {
        (Step.Name name, JsonObject obj) => [obj[name.Text]],
        (Step.Index index, JsonArray list) when (index.At < 0 ? list.Count + index.At : index.At) is >= 0 and var place && place < list.Count => [list[place]],
        (Step.Every, JsonArray list) => list,
        (Step.Every, JsonObject obj) => obj.Select(f => f.Value),
        (Step.Where where, JsonArray list) => list.Where(item => item is not null && where.Path.Find(item).Any(v => v.ToString() == where.Text)),
        _ => [],
    };

    private static string ReadName(string text, ref int at)
    {
        var name = new StringBuilder();
        for (at++; at < text.Length && text[at] is not ('.' or '['); at++)
        {
            if (text[at] == '\\' && at + 1 < text.Length) at++;
            name.Append(text[at]);
        }
        return name.Length == 0 ? throw Wrong(text) : name.ToString();
    }

    private static Step ReadBrackets(string text, ref int at)
    {
        var end = EndOf(text, at);
        var inside = text[(at + 1)..end].Trim();
        at = end + 1;
        if (inside == "*") return new Step.Every();
        if (int.TryParse(inside, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var index)) return new Step.Index(index);
        if (Quoted(inside) is { } name) return new Step.Name(name);
        if (!inside.StartsWith("?(@", StringComparison.Ordinal) || !inside.EndsWith(')')) throw Wrong(text);
        var condition = inside[3..^1];
        var equal = condition.IndexOf("==", StringComparison.Ordinal);
        if (equal < 0) throw Wrong(text);
        var value = condition[(equal + 2)..].Trim();
        return new Step.Where(Parse(condition[..equal].Trim()), Quoted(value) ?? value);
    }

    private static int EndOf(string text, int start)
    {
        char? quote = null;
        for (var i = start + 1; i < text.Length; i++)
        {
            if (quote is not null)
            {
                if (text[i] == quote) quote = null;
            }
            else if (text[i] is '"' or '\'') quote = text[i];
            else if (text[i] == ']') return i;
        }
        throw Wrong(text);
    }

    private static string? Quoted(string text) => text.Length >= 2 && text[0] is '"' or '\'' && text[^1] == text[0] ? text[1..^1] : null;

    private static FormatException Wrong(string text) => new($"\"{text}\" is no JSON path that is supported");
}

using System.Text;
using System.Text.Json.Nodes;

namespace ActorOrch.Resources.Kinds;

/// <summary>Prints where two documents differ, a line a place: <c>- old</c>, <c>+ new</c>.</summary>
internal static class JsonDifference
{
    public static string Print(JsonNode? old, JsonNode? now)
    {
        var lines = new StringBuilder();
        Compare("", old, now, lines);
        return lines.ToString();
    }

    private static void Compare(string path, JsonNode? old, JsonNode? now, StringBuilder lines)
    {
        if (JsonNode.DeepEquals(old, now)) return;
        if (old is JsonObject a && now is JsonObject b)
        {
            foreach (var name in a.Select(e => e.Key).Union(b.Select(e => e.Key)))
                Compare(path.Length == 0 ? name : $"{path}.{name}", a[name], b[name], lines);
            return;
        }
        if (old is JsonArray { } before && now is JsonArray after && before.Count == after.Count)
        {
            for (var i = 0; i < before.Count; i++) Compare($"{path}[{i}]", before[i], after[i], lines);
            return;
        }
        if (old is not null) lines.Append("- ").Append(path).Append(": ").Append(old.ToJsonString()).Append('\n');
        if (now is not null) lines.Append("+ ").Append(path).Append(": ").Append(now.ToJsonString()).Append('\n');
    }
}

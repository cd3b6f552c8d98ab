using System.Text.Json.Nodes;

namespace ActorOrch.Resources.Kinds.HorizontalPodAutoscalers;

/// <summary>Field names as Go prints a struct that has no names for JSON: with a capital.</summary>
internal static class GoNames
{
    public static JsonNode Capitalized(JsonNode node) => Renamed(node, char.ToUpperInvariant)!;

    public static JsonNode Lowered(JsonNode node) => Renamed(node, char.ToLowerInvariant)!;

    private static JsonNode? Renamed(JsonNode? node, Func<char, char> first) => node switch
    {
        JsonObject map => Renamed(map, first),
        JsonArray list => new JsonArray([.. list.Select(item => Renamed(item, first))]),
        _ => node?.DeepClone(),
    };

    private static JsonObject Renamed(JsonObject map, Func<char, char> first)
    {
        var renamed = new JsonObject();
        foreach (var (name, value) in map)
            // A pointer to nothing is a field that is not given.
            if (value is not null && name.Length > 0) renamed[first(name[0]) + name[1..]] = Renamed(value, first);
        return renamed;
    }
}

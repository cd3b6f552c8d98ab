using System.Text.Json.Nodes;

namespace ActorOrch.Reconciling;

/// <summary>A controller decides some types of <c>status.conditions</c>; others may write theirs beside them, at any time.</summary>
public static class StatusConditions
{
    private const string Conditions = "conditions";

    /// <summary>The status as it was decided, with the conditions of other types as they are stored now.</summary>
    /// <param name="own">The types that the controller decides.</param>
    public static JsonObject WithOthers(JsonObject decided, JsonNode? stored, string[] own)
    {
        JsonNode[] all = [.. Of(decided).Where(c => IsOwn(c, own)), .. Of(stored).Where(c => !IsOwn(c, own))];
        if (all.Length == 0) decided.Remove(Conditions);
        else decided[Conditions] = new JsonArray([.. all.Select(c => c.DeepClone())]);
        return decided;
    }

    private static IEnumerable<JsonNode> Of(JsonNode? status) => (status as JsonObject)?[Conditions] is JsonArray list ? list.OfType<JsonNode>() : [];

    private static bool IsOwn(JsonNode condition, string[] own) =>
        condition is JsonObject && condition["type"] is JsonValue value && value.TryGetValue<string>(out var type) && own.Contains(type);
}

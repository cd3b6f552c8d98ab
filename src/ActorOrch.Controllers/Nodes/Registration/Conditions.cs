using System.Text.Json.Nodes;

namespace ActorOrch.Controllers.Nodes.Registration;

/// <summary><c>status.conditions</c> of nodes and pods.</summary>
internal static class Conditions
{
    internal static JsonObject? Find(JsonObject? status, string type) =>
        (status?["conditions"] as JsonArray)?.OfType<JsonObject>().FirstOrDefault(c => Text(c, "type") == type);

    internal static string? StatusOf(JsonObject? status, string type) => Find(status, type) is { } condition ? Text(condition, "status") : null;

    /// <summary>
    /// Puts a condition in the place of that of its type, or at the end. Its lastTransitionTime is taken over where the status stays the
    /// same, and is <paramref name="now"/> where it gives none.
    /// </summary>
    internal static void Put(JsonObject status, JsonObject condition, DateTimeOffset now)
    {
        if (status["conditions"] is not JsonArray conditions) status["conditions"] = conditions = [];
        var type = Text(condition, "type");
        var known = conditions.OfType<JsonObject>().FirstOrDefault(c => Text(c, "type") == type);
        if (known is not null && Text(known, "status") == Text(condition, "status") && known["lastTransitionTime"] is { } since)
            condition["lastTransitionTime"] = since.DeepClone();
        else condition["lastTransitionTime"] ??= Timestamps.Time(now);
        if (known is null) conditions.Add(condition);
        else if (!JsonNode.DeepEquals(known, condition)) conditions[conditions.IndexOf(known)] = condition;
    }

    internal static string? Text(JsonObject? obj, string name) => obj?[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}

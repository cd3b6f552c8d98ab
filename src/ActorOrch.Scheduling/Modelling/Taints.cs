using System.Text.Json;

namespace ActorOrch.Scheduling.Modelling;

/// <summary>A node's taint (<c>v1 Taint</c>).</summary>
/// <param name="Effect"><c>NoSchedule</c>, <c>PreferNoSchedule</c> or <c>NoExecute</c>.</param>
/// <param name="Added">Since when; only the system sets it, for <c>NoExecute</c>.</param>
public sealed record Taint(string Key, string Value, string Effect, DateTimeOffset? Added = null)
{
    public const string NoSchedule = "NoSchedule";
    public const string PreferNoSchedule = "PreferNoSchedule";
    public const string NoExecute = "NoExecute";

    public static IReadOnlyList<Taint> ReadAll(JsonElement spec) => [.. PodRequests.Items(spec, "taints").Select(Read)];

    private static Taint Read(JsonElement taint) => new(
        Json.Text(taint, "key"), Json.Text(taint, "value"), Json.Text(taint, "effect"),
        taint.TryGetProperty("timeAdded", out var added) && added.ValueKind == JsonValueKind.String ? added.GetDateTimeOffset() : null);
}

/// <summary>A pod's toleration (<c>v1 Toleration</c>).</summary>
/// <param name="Seconds">How long a <c>NoExecute</c> taint is tolerated; null for ever, zero and less not at all.</param>
public sealed record Toleration(string Key, string Operator, string Value, string Effect, long? Seconds)
{
    public static IReadOnlyList<Toleration> ReadAll(JsonElement spec) => [.. PodRequests.Items(spec, "tolerations").Select(Read)];

    public bool Tolerates(Taint taint)
    {
        if (Effect.Length > 0 && Effect != taint.Effect) return false;
        if (Key.Length > 0 && Key != taint.Key) return false;
        // An empty key stands for all keys, and only Exists may go with it.
        return Operator == "Exists" || (Key.Length > 0 && Value == taint.Value);
    }

    private static Toleration Read(JsonElement toleration) => new(
        Json.Text(toleration, "key"), Json.Text(toleration, "operator"), Json.Text(toleration, "value"), Json.Text(toleration, "effect"),
        toleration.TryGetProperty("tolerationSeconds", out var seconds) && seconds.ValueKind == JsonValueKind.Number ? seconds.GetInt64() : null);
}

internal static class Json
{
    internal static string Text(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    /// <summary>0 where there is none.</summary>
    internal static int Number(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : 0;

    /// <summary>Null where there is none.</summary>
    internal static JsonElement? Object(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;
}

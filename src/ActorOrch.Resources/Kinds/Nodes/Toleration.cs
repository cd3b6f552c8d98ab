using System.Text.Json;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Resources.Kinds.Nodes;

/// <summary>A pod's toleration (<c>v1 Toleration</c>).</summary>
/// <param name="Seconds">How long a <c>NoExecute</c> taint is tolerated; null for ever, zero and less not at all.</param>
public sealed record Toleration(string Key, string Operator, string Value, string Effect, long? Seconds)
{
    public static IReadOnlyList<Toleration> ReadAll(JsonElement spec) => [.. JsonReading.Items(spec, "tolerations").Select(Read)];

    public bool Tolerates(Taint taint)
    {
        if (Effect.Length > 0 && Effect != taint.Effect) return false;
        if (Key.Length > 0 && Key != taint.Key) return false;
        // An empty key stands for all keys, and only Exists may go with it.
        return Operator == "Exists" || (Key.Length > 0 && Value == taint.Value);
    }

    private static Toleration Read(JsonElement toleration) => new(
        JsonReading.Text(toleration, "key"), JsonReading.Text(toleration, "operator"), JsonReading.Text(toleration, "value"), JsonReading.Text(toleration, "effect"),
        toleration.TryGetProperty("tolerationSeconds", out var seconds) && seconds.ValueKind == JsonValueKind.Number ? seconds.GetInt64() : null);
}

using System.Text.Json;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Resources.Kinds.Nodes;

/// <summary>A node's taint (<c>v1 Taint</c>).</summary>
/// <param name="Effect"><c>NoSchedule</c>, <c>PreferNoSchedule</c> or <c>NoExecute</c>.</param>
/// <param name="Added">Since when; only the system sets it, for <c>NoExecute</c>.</param>
public sealed record Taint(string Key, string Value, string Effect, DateTimeOffset? Added = null)
{
    public const string NoSchedule = "NoSchedule";
    public const string PreferNoSchedule = "PreferNoSchedule";
    public const string NoExecute = "NoExecute";

    public static IReadOnlyList<Taint> ReadAll(JsonElement spec) => [.. JsonReading.Items(spec, "taints").Select(Read)];

    private static Taint Read(JsonElement taint) => new(
        JsonReading.Text(taint, "key"), JsonReading.Text(taint, "value"), JsonReading.Text(taint, "effect"),
        taint.TryGetProperty("timeAdded", out var added) && added.ValueKind == JsonValueKind.String ? added.GetDateTimeOffset() : null);
}

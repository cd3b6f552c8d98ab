using System.Text.Json.Nodes;

namespace ActorOrch.Resources.Kinds.HorizontalPodAutoscalers;

/// <summary>Where <c>autoscaling/v1</c> keeps what it has no fields for.</summary>
internal static class AutoscalerAnnotations
{
    public const string Metrics = "autoscaling.alpha.kubernetes.io/metrics";
    public const string Behavior = "autoscaling.alpha.kubernetes.io/behavior";
    public const string CurrentMetrics = "autoscaling.alpha.kubernetes.io/current-metrics";
    public const string Conditions = "autoscaling.alpha.kubernetes.io/conditions";

    /// <summary>The metrics as they are stored, where the others leave something of them out, such as their order.</summary>
    public const string Stored = "autoscaling.actororch.io/stored-metrics";

    private static readonly string[] All = [Metrics, Behavior, CurrentMetrics, Conditions, Stored];

    /// <summary>A document of the stored version has none of them.</summary>
    public static void Drop(JsonObject document)
    {
        if (document.Find("metadata") is not { } metadata || metadata.Find("annotations") is not { } annotations) return;
        annotations.RemoveAll(All);
        if (annotations.Count == 0) metadata.Remove("annotations");
    }

    /// <summary>Null where there is none.</summary>
    public static string? Read(JsonObject document, string name) =>
        document.Find("metadata")?.Find("annotations")?[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    public static void Write(JsonObject document, string name, JsonNode value) =>
        document.Child("metadata").Child("annotations")[name] = JsonText.Of(value);
}

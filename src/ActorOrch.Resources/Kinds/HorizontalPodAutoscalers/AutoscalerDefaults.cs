using System.Text.Json.Nodes;

namespace ActorOrch.Resources.Kinds.HorizontalPodAutoscalers;

/// <summary>What upstream fills into <c>autoscaling/v2</c>.</summary>
internal static class AutoscalerDefaults
{
    private const int CpuUtilization = 80;
    private const int PeriodSeconds = 15;

    public static void Apply(JsonObject obj)
    {
        var spec = obj.Child("spec");
        spec.Default("minReplicas", 1);
        if (spec["metrics"] is not JsonArray { Count: > 0 }) spec["metrics"] = new JsonArray(CpuMetric(CpuUtilization));
        if (spec.Find("behavior") is not { } behavior) return;
        Rules(behavior.Child("scaleUp"), stabilization: 0, Policy("Pods", 4), Policy("Percent", 100));
        Rules(behavior.Child("scaleDown"), stabilization: null, Policy("Percent", 100));
    }

    /// <summary>The metric that <c>v1</c> has a field for.</summary>
    public static JsonObject CpuMetric(long utilization) => new()
    {
        ["type"] = "Resource",
        ["resource"] = new JsonObject
        {
            ["name"] = "cpu",
            ["target"] = new JsonObject { ["type"] = "Utilization", ["averageUtilization"] = JsonEditing.Number(utilization) },
        },
    };

    private static void Rules(JsonObject rules, int? stabilization, params JsonNode[] policies)
    {
        if (stabilization is { } seconds) rules.Default("stabilizationWindowSeconds", seconds);
        if (rules["selectPolicy"] is null) rules["selectPolicy"] = "Max";
        if (rules["policies"] is null) rules["policies"] = new JsonArray(policies);
    }

    private static JsonObject Policy(string type, long value) =>
        new() { ["type"] = type, ["value"] = JsonEditing.Number(value), ["periodSeconds"] = JsonEditing.Number(PeriodSeconds) };
}

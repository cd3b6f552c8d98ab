using System.Text.Json.Nodes;

namespace ActorOrch.Resources;

/// <summary><c>core/v1 PodTemplateSpec</c>: what workloads make pods of.</summary>
internal static class PodTemplate
{
    public static void Default(JsonObject workloadSpec)
    {
        if (workloadSpec.Find("template") is not { } template) return;
        template.Child("metadata");
        PodSpecDefaults.Apply(template.Child("spec"));
    }
}

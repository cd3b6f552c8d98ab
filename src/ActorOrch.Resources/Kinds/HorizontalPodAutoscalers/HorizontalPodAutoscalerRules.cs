using System.Text.Json.Nodes;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Kinds.HorizontalPodAutoscalers;

/// <summary><c>autoscaling HorizontalPodAutoscaler</c>, stored as <c>v2</c>; of each version the same is asked.</summary>
internal sealed class HorizontalPodAutoscalerRules : KindRules
{
    public override void Default(JsonObject obj)
    {
        AutoscalerAnnotations.Drop(obj);
        AutoscalerDefaults.Apply(obj);
    }

    public override void Validate(Field obj, FieldErrors errors) => AutoscalerValidation.Validate(obj["spec"], errors);

    public override void ValidateStatusUpdate(Field obj, Field old, FieldErrors errors)
    {
        foreach (var name in (string[])["currentReplicas", "desiredReplicas"]) Checks.NonNegative(obj["status"][name], errors);
    }
}

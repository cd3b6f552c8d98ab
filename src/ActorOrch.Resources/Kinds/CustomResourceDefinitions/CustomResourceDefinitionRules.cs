using System.Text.Json.Nodes;
using ActorOrch.Resources.CustomKinds;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Kinds.CustomResourceDefinitions;

/// <summary><c>apiextensions.k8s.io/v1 CustomResourceDefinition</c>.</summary>
internal sealed class CustomResourceDefinitionRules : KindRules
{
    public override bool HasGeneration => true;

    /// <summary>Its objects go before it does.</summary>
    public override void PrepareForCreate(JsonObject obj)
    {
        base.PrepareForCreate(obj);
        var metadata = obj["metadata"]!.AsObject();
        if (metadata["finalizers"] is not JsonArray finalizers) metadata["finalizers"] = finalizers = [];
        if (!finalizers.Any(f => f?.GetValue<string>() == CustomKind.Finalizer)) finalizers.Add(CustomKind.Finalizer);
    }

    public override void Validate(Field obj, FieldErrors errors)
    {
        try
        {
            CustomKind.Read((JsonObject)obj.Node!);
        }
        catch (FormatException wrong)
        {
            errors.Invalid(obj["spec"], obj["metadata"]["name"].Text, wrong.Message);
        }
        foreach (var version in obj["spec"]["versions"].Items) UnsupportedSchema.Check(version["schema"]["openAPIV3Schema"], errors);
    }

    public override void ValidateUpdate(Field obj, Field old, FieldErrors errors)
    {
        foreach (var (now, before) in (ReadOnlySpan<(Field, Field)>)
        [
            (obj["spec"]["group"], old["spec"]["group"]), (obj["spec"]["scope"], old["spec"]["scope"]),
            (obj["spec"]["names"]["plural"], old["spec"]["names"]["plural"]), (obj["spec"]["names"]["kind"], old["spec"]["names"]["kind"]),
        ])
            if (now.Text != before.Text) errors.Invalid(now, Immutable.Message);
    }
}

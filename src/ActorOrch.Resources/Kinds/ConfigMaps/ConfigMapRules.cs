using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Kinds.ConfigMaps;

/// <summary><c>core/v1 ConfigMap</c>.</summary>
internal sealed class ConfigMapRules : KindRules
{
    public override void Validate(Field obj, FieldErrors errors) => ConfigMapValidation.Validate(obj, errors);

    public override void ValidateUpdate(Field obj, Field old, FieldErrors errors) => ConfigMapValidation.ValidateUpdate(obj, old, errors);
}

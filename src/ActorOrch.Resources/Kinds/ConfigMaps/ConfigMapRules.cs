namespace ActorOrch.Resources;

/// <summary><c>core/v1 ConfigMap</c>.</summary>
internal sealed class ConfigMapRules : KindRules
{
}

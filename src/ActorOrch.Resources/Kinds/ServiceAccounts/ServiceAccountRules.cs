namespace ActorOrch.Resources.Kinds.ServiceAccounts;

/// <summary><c>core/v1 ServiceAccount</c>: nothing beyond what its schema says.</summary>
internal sealed class ServiceAccountRules : KindRules
{
    public override bool ReturnsDeleted => true;
}

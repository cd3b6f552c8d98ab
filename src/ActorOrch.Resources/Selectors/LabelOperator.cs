namespace ActorOrch.Resources.Selectors;

/// <summary>How a requirement of a selector compares.</summary>
public enum LabelOperator
{
    In,
    NotIn,
    Exists,
    DoesNotExist,
    GreaterThan,
    LessThan,
}

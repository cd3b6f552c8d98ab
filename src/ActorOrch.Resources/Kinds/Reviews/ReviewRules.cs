namespace ActorOrch.Resources.Kinds.Reviews;

/// <summary>A review has no defaults and no life; what may be asked is checked where it is answered.</summary>
internal sealed class ReviewRules : KindRules;

using ActorOrch.Registry.Api;

namespace ActorOrch.Gateway.Access;

/// <summary>A bearer token that is known from the start, and whom it authenticates.</summary>
/// <param name="Token">Secret.</param>
public sealed record StaticToken(string Token, Caller Caller)
{
    /// <summary>Never the token itself: records print their members, and logs print records.</summary>
    public override string ToString() => $"token of {Caller.Name}";
}

using ActorOrch.Registry.Collections;

namespace ActorOrch.Registry.Api;

/// <summary>What the ways of writes share.</summary>
internal sealed record ApiParts(IRegistry Registry, AdmissionChain Admission, TimeProvider Time, Random Random)
{
    /// <summary>Contention on one object is resolved by trying again; past this many rounds something is livelocked and the caller is told.</summary>
    public const int MostAttempts = 50;
}

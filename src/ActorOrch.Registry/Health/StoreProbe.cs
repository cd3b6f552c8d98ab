using ActorOrch.Registry.Collections;
using Akka.Actor;

namespace ActorOrch.Registry.Health;

/// <summary>What is written to the store to see whether it can be: nobody ever reads it.</summary>
/// <param name="Filling">As much as an object of some size takes: a disk that has room for a few bytes is full nonetheless.</param>
internal sealed record StoreProbe(byte[] Filling) : IRegistryFormat;

/// <summary>Asks a <see cref="StoreProbeActor"/> whether a write would be durable now.</summary>
internal sealed record ProbeStore : INoSerializationVerificationNeeded
{
    public static readonly ProbeStore Instance = new();
}

/// <summary>The answer.</summary>
/// <param name="Failure">Null where it would.</param>
internal sealed record StoreProbed(string? Failure) : INoSerializationVerificationNeeded
{
    public static readonly StoreProbed Durable = new((string?)null);
}

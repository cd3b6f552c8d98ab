using Akka.Actor.Setup;

namespace ActorOrch.Registry.Clustering.Transports;

/// <summary>For tests: the time by which <see cref="TlsTransport"/> judges certificates.</summary>
internal sealed class TlsSetup(TimeProvider time) : Setup
{
    public TimeProvider Time { get; } = time;
}

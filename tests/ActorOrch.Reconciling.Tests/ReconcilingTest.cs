using ActorOrch.Registry.Api;
using ActorOrch.Testing;
using Akka.Configuration;
using Akka.TestKit.Xunit2;

namespace ActorOrch.Reconciling.Tests;

/// <summary>The framework over the real API pipeline and an in-memory registry.</summary>
public abstract class ReconcilingTest : TestKit
{
    protected ReconcilingTest() : base(ConfigurationFactory.ParseString("akka.loglevel = WARNING").WithFallback(ReconcilerRegions.DefaultConfig)) =>
        Api = new ObjectApi(Registry, [], Time, new Random(1));

    protected InMemoryRegistry Registry { get; } = new();
    protected ManualTime Time { get; } = new();
    protected IObjectApi Api { get; }
    protected IEventRecorder Events { get; } = new NoEvents();
}

using ActorOrch.Testing;

namespace ActorOrch.Networking.Tests.Machines;

/// <summary>What tests that program a kernel need of the machine: nftables and iproute2.</summary>
public sealed class KernelTools : IAsyncLifetime
{
    public Task InitializeAsync() => MachineSetUp.EnsureAsync();

    public Task DisposeAsync() => Task.CompletedTask;
}

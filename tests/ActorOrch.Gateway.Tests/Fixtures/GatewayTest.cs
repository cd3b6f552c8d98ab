namespace ActorOrch.Gateway.Tests.Fixtures;

/// <summary>A test with a server of its own.</summary>
public abstract class GatewayTest : IAsyncLifetime
{
    protected TestGateway Gateway { get; private set; } = null!;

    public async Task InitializeAsync() => Gateway = await StartAsync();

    public async Task DisposeAsync() => await Gateway.DisposeAsync();

    protected virtual Task<TestGateway> StartAsync() => TestGateway.StartAsync();
}

namespace ActorOrch.EndToEnd.Harness;

/// <summary>An orchestrator with three simulated nodes that the tests of one class share: for what no container matters to.</summary>
public sealed class SimulatedCluster(Machine machine) : IAsyncLifetime
{
    public OrchestratorProcess Orchestrator { get; private set; } = null!;

    public Kubectl Kubectl { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Orchestrator = await OrchestratorProcess.UpAsync("simulated", "--nodes", "3");
        Kubectl = new(machine.Kubectl, Orchestrator.Kubeconfig);
    }

    public async Task DisposeAsync() => await Orchestrator.DisposeAsync();
}

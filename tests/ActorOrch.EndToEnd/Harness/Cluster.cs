namespace ActorOrch.EndToEnd.Harness;

/// <summary>An orchestrator on Docker that the tests of one class share, each in a namespace of its own.</summary>
public sealed class Cluster(Machine machine) : IAsyncLifetime
{
    public OrchestratorProcess Orchestrator { get; private set; } = null!;

    public Kubectl Kubectl { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Orchestrator = await OrchestratorProcess.UpAsync("docker");
        Kubectl = new(machine.Kubectl, Orchestrator.Kubeconfig);
    }

    public async Task DisposeAsync() => await Orchestrator.DisposeAsync();

    /// <summary>Makes a namespace; the name is unique in the run.</summary>
    public async Task<string> NamespaceAsync(string prefix)
    {
        var name = $"{prefix}-{Guid.NewGuid().ToString("n")[..6]}";
        await Kubectl.OutputAsync("create", "namespace", name);
        return name;
    }
}

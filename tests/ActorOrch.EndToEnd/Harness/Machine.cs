using ActorOrch.Agent.Engine;
using ActorOrch.Quickstart;
using ActorOrch.Testing;

namespace ActorOrch.EndToEnd.Harness;

/// <summary>What the tests need of the machine, made once: an engine that answers, kubectl, the sample's image.</summary>
public sealed class Machine : IAsyncLifetime
{
    public const string Image = Sample.Image;

    /// <summary>kubectl's path.</summary>
    public string Kubectl { get; private set; } = "";

    public async Task InitializeAsync()
    {
        await MachineSetUp.EnsureAsync();
        await new SampleImage(_ => { }, TimeProvider.System).EnsureAsync(Image, CancellationToken.None);
        Kubectl = await FindKubectlAsync();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    private static async Task<string> FindKubectlAsync()
    {
        if (Shell.Find("kubectl") is { } found) return found;
        var (exitCode, output) = await Shell.RunAsync("apt-get", ["install", "-y", "--no-install-recommends", "kubernetes-client"], CancellationToken.None);
        Assert.True(exitCode == 0, $"there is no kubectl, and installing kubernetes-client failed: {output}");
        return Shell.Find("kubectl") ?? throw new InvalidOperationException("kubernetes-client brought no kubectl");
    }
}

using ActorOrch.EndToEnd.Harness;

namespace ActorOrch.EndToEnd.Commands;

/// <summary>Everything that a process listens on, against the list of what may listen, and what each demands of whoever comes.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class ListenersTests
{
    [Theory]
    [InlineData("simulated")]
    [InlineData("docker")]
    public async Task A_process_alone_listens_for_the_API_and_for_nothing_else(string runtime)
    {
        await using var orchestrator = await OrchestratorProcess.UpAsync(runtime);
        Assert.Equal([$"tcp *:{orchestrator.Port}"], await OpenAsync(orchestrator));
    }

    [Fact]
    public async Task So_does_the_quick_start()
    {
        await using var orchestrator = await OrchestratorProcess.QuickstartAsync();
        Assert.Equal([$"tcp *:{orchestrator.Port}"], await OpenAsync(orchestrator));
    }

    [Fact]
    public async Task Without_the_runtimes_diagnostics_there_is_no_other_socket_at_all()
    {
        await using var orchestrator = await OrchestratorProcess.UpWithEnvironmentAsync("simulated", ("DOTNET_EnableDiagnostics_IPC", "0"));
        Assert.Equal([$"tcp *:{orchestrator.Port}"], (await Listeners.OfAsync(orchestrator.ProcessId)).Select(listener => listener.ToString()));
    }

    /// <summary>What somebody else than the process's own user can connect to. The API answers nobody without a client certificate or a token.</summary>
    private static async Task<IReadOnlyList<string>> OpenAsync(OrchestratorProcess orchestrator) =>
        [.. (await Listeners.OfAsync(orchestrator.ProcessId)).Where(listener => !IsPrivate(listener)).Select(listener => listener.ToString()).Order()];

    /// <summary>The runtime's diagnostics, which its owner alone may connect to.</summary>
    private static bool IsPrivate(Listener listener)
    {
        const UnixFileMode others = ~(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return listener.Protocol == "unix"
            && Path.GetFileName(listener.Address).StartsWith("dotnet-diagnostic-", StringComparison.Ordinal)
            && (File.GetUnixFileMode(listener.Address) & others) == 0;
    }
}

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

    /// <summary>What somebody else than the process's own user can connect to. The API answers nobody without a client certificate or a token.</summary>
    private static async Task<IReadOnlyList<string>> OpenAsync(OrchestratorProcess orchestrator) =>
        [.. (await Listeners.OfAsync(orchestrator.ProcessId)).Where(listener => !IsPrivate(listener)).Select(listener => listener.ToString()).Order()];

    /// <summary>A Unix socket that only its owner may connect to, by its own mode (the runtime's diagnostics, in the directory for temporary files) or by its directory's.</summary>
    private static bool IsPrivate(Listener listener)
    {
        const UnixFileMode others = ~(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return listener.Protocol == "unix"
            && Path.IsPathRooted(listener.Address)
            && ((File.GetUnixFileMode(listener.Address) & others) == 0 || (File.GetUnixFileMode(Path.GetDirectoryName(listener.Address)!) & others) == 0);
    }
}

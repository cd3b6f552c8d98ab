using System.Buffers;
using System.Text;
using ActorOrch.Registry.Timing;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace ActorOrch.Agent.Runtimes.Docker;

public sealed partial class DockerRuntime
{
    /// <summary>How much of a command's output is kept, as upstream's probes do.</summary>
    private const int ExecOutputBytes = 10 * 1024;
    private static readonly TimeSpan BeginPause = TimeSpan.FromMilliseconds(20);

    /// <inheritdoc/>
    public async Task<ExecResult> ExecAsync(string containerId, IReadOnlyList<string> command, TimeSpan timeout, CancellationToken cancel)
    {
        using var limited = new Patience(timeout, cancel);
        string? exec = null;
        try
        {
            exec = (await EngineAsync(answer => _client.Exec.CreateContainerExecAsync(
                containerId, new() { Cmd = [.. command], AttachStdout = true, AttachStderr = true }, answer), limited.Token).ConfigureAwait(false)).ID;
            return await RunAsync(containerId, exec, limited.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new TimeoutException($"command \"{string.Join(' ', command)}\" timed out");
        }
        catch (DockerApiException failure)
        {
            throw new ContainerStartException(Words(failure), failure);
        }
    }

    private async Task<ExecResult> RunAsync(string containerId, string exec, CancellationToken cancel)
    {
        try
        {
            using var streams = await EngineAsync(answer => _client.Exec.StartContainerExecAsync(exec, new(), answer), cancel).ConfigureAwait(false);
            var output = await ReadOutputAsync(streams, cancel).ConfigureAwait(false);
            return new(await ExitCodeAsync(containerId, exec, cancel).ConfigureAwait(false), output);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            await KillAllAsync(containerId, exec).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The engine lets a command run on that nobody waits for any more.</summary>
    private async Task KillAllAsync(string containerId, string exec)
    {
        using var patience = new Patience(EndPatience, CancellationToken.None, _options.Time);
        try
        {
            if (!await SharesMachineAsync(patience.Token).ConfigureAwait(false)) return;
            var state = await BegunAsync(exec, patience.Token).ConfigureAwait(false);
            if (state.Pid > 0) CommandProcesses.Kill((int)state.Pid, state.Running, containerId);
            if (state.Running) await EndOfAsync(containerId, exec, patience.Token).ConfigureAwait(false);
        }
        catch (Exception gone) when (gone is RuntimeUnavailableException or DockerApiException or OperationCanceledException)
        {
            // The container, and its commands with it; or the engine, and then there is no one to ask.
        }
    }

    /// <summary>The engine answers a start before the command's process is there.</summary>
    private async Task<ContainerExecInspectResponse> BegunAsync(string exec, CancellationToken cancel)
    {
        while (true)
        {
            var state = await EngineAsync(answer => _client.Exec.InspectContainerExecAsync(exec, answer), cancel).ConfigureAwait(false);
            if (state.Pid > 0 || !state.Running) return state;
            await _options.Time.WaitAsync(BeginPause, cancel).ConfigureAwait(false);
        }
    }

    private static async Task<string> ReadOutputAsync(MultiplexedStream streams, CancellationToken cancel)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ExecOutputBytes);
        var kept = new MemoryStream();
        try
        {
            while (true)
            {
                var read = await streams.ReadOutputAsync(buffer, 0, buffer.Length, cancel).ConfigureAwait(false);
                if (read.EOF) break;
                kept.Write(buffer, 0, (int)Math.Min(read.Count, ExecOutputBytes - kept.Length));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        return Encoding.UTF8.GetString(kept.GetBuffer(), 0, (int)kept.Length);
    }
}

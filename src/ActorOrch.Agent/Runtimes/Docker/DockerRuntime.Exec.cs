using System.Buffers;
using System.Text;
using ActorOrch.Registry;
using Docker.DotNet;

namespace ActorOrch.Agent.Runtimes.Docker;

public sealed partial class DockerRuntime
{
    /// <summary>How much of a command's output is kept, as upstream's probes do.</summary>
    private const int ExecOutputBytes = 10 * 1024;

    /// <inheritdoc/>
    public async Task<ExecResult> ExecAsync(string containerId, IReadOnlyList<string> command, TimeSpan timeout, CancellationToken cancel)
    {
        using var limited = new Patience(timeout, cancel);
        try
        {
            var exec = await EngineAsync(answer => _client.Exec.CreateContainerExecAsync(
                containerId, new() { Cmd = [.. command], AttachStdout = true, AttachStderr = true }, answer), limited.Token).ConfigureAwait(false);
            using var streams = await EngineAsync(answer => _client.Exec.StartContainerExecAsync(exec.ID, new(), answer), limited.Token).ConfigureAwait(false);
            var output = await ReadOutputAsync(streams, limited.Token).ConfigureAwait(false);
            var inspected = await EngineAsync(answer => _client.Exec.InspectContainerExecAsync(exec.ID, answer), limited.Token).ConfigureAwait(false);
            return new((int)(inspected.ExitCode ?? 0), output);
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

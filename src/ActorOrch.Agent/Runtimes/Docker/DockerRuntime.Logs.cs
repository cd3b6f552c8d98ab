using System.Buffers;
using System.Globalization;
using System.Net;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace ActorOrch.Agent.Runtimes.Docker;

public sealed partial class DockerRuntime
{
    private const int LogBufferBytes = 32 * 1024;

    /// <inheritdoc/>
    public async Task CopyLogsAsync(string containerId, LogRequest request, Stream destination, CancellationToken cancel)
    {
        using var logs = await OpenLogsAsync(containerId, new()
        {
            ShowStdout = true,
            ShowStderr = true,
            Follow = request.Follow,
            Timestamps = request.Timestamps,
            Tail = request.TailLines?.ToString(CultureInfo.InvariantCulture) ?? "all",
            Since = request.Since is { } since ? Timestamp(since) : null,
        }, cancel).ConfigureAwait(false);
        var left = request.LimitBytes ?? long.MaxValue;
        var buffer = ArrayPool<byte>.Shared.Rent(LogBufferBytes);
        try
        {
            while (left > 0)
            {
                var read = await logs.ReadOutputAsync(buffer, 0, buffer.Length, cancel).ConfigureAwait(false);
                if (read.EOF) return;
                var count = (int)Math.Min(read.Count, left);
                await destination.WriteAsync(buffer.AsMemory(0, count), cancel).ConfigureAwait(false);
                if (request.Follow) await destination.FlushAsync(cancel).ConfigureAwait(false);
                left -= count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task<MultiplexedStream> OpenLogsAsync(string containerId, ContainerLogsParameters parameters, CancellationToken cancel)
    {
        try
        {
            return await EngineAsync(answer => _client.Containers.GetContainerLogsAsync(containerId, parameters, answer), cancel).ConfigureAwait(false);
        }
        catch (DockerApiException gone) when (gone.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
        {
            // 409: "can not get logs from container which is dead or marked for removal".
            throw new ContainerGoneException(Words(gone), gone);
        }
    }
}

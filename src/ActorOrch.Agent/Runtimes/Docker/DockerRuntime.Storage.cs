using ActorOrch.Resources.Numbers;
using Docker.DotNet;

namespace ActorOrch.Agent.Runtimes.Docker;

public sealed partial class DockerRuntime
{
    /// <inheritdoc/>
    public async Task<long?> WrittenBytesAsync(string containerId, CancellationToken cancel)
    {
        try
        {
            var container = await EngineAsync(
                answer => _client.Containers.InspectContainerAsync(containerId, new() { IncludeSize = true }, answer), cancel).ConfigureAwait(false);
            return Saturating.Add(container.SizeRw ?? 0, await SharesMachineAsync(cancel).ConfigureAwait(false) ? LogBytes(container.LogPath) : 0);
        }
        catch (DockerContainerNotFoundException)
        {
            return null;
        }
        catch (DockerApiException failure)
        {
            throw new RuntimeUnavailableException(Words(failure), failure);
        }
    }

    /// <summary>The log and those before it, which the engine keeps beside it under the same name with a number.</summary>
    private static long LogBytes(string? path)
    {
        if (string.IsNullOrEmpty(path) || Path.GetDirectoryName(path) is not { } directory || !Directory.Exists(directory)) return 0;
        var bytes = 0L;
        foreach (var file in new DirectoryInfo(directory).EnumerateFiles(Path.GetFileName(path) + "*"))
            if (file.Exists) bytes += file.Length;
        return bytes;
    }
}

using System.Collections.Concurrent;
using ActorOrch.Registry.Timing;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace ActorOrch.Agent.Runtimes.Docker;

public sealed partial class DockerRuntime
{
    /// <summary>What the engine said of an image; emptied by the engine's own image events, and unused while those are not heard.</summary>
    private readonly ConcurrentDictionary<string, ImageInfo> _images = new(StringComparer.Ordinal);
    private volatile bool _imageEventsHeard;

    /// <inheritdoc/>
    public async Task<ImageInfo?> FindImageAsync(string image, CancellationToken cancel)
    {
        if (_imageEventsHeard && _images.TryGetValue(image, out var known)) return known;
        try
        {
            var found = await EngineAsync(answer => _client.Images.InspectImageAsync(image, answer), cancel).ConfigureAwait(false);
            var info = new ImageInfo(found.ID, found.RepoDigests is { Count: > 0 } digests ? digests[0] : image, found.Size, found.Config?.User);
            if (_imageEventsHeard) _images[image] = info;
            return info;
        }
        catch (DockerImageNotFoundException)
        {
            return null;
        }
        catch (DockerApiException failure)
        {
            throw new ImageInspectException(Words(failure), failure);
        }
    }

    /// <inheritdoc/>
    public async Task<ImageInfo> PullImageAsync(string image, CancellationToken cancel)
    {
        string? error = null;
        var (name, tag) = SplitTag(image);
        using var silent = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var silence = new DeadlineTimer(_options.Time, "the wait for a pull's next word", silent.Cancel);
        silence.Set(_options.PullSilence);
        try
        {
            await StreamAsync(async () =>
            {
                await _client.Images.CreateImageAsync(
                    new ImagesCreateParameters { FromImage = name, Tag = tag }, new AuthConfig(),
                    new Inline<JSONMessage>(message =>
                    {
                        silence.Set(_options.PullSilence);
                        error ??= message.Error?.Message;
                    }), silent.Token).ConfigureAwait(false);
                return true;
            }).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (silent.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            throw new ImagePullException($"the engine has said nothing of the pull for {_options.PullSilence}");
        }
        catch (DockerApiException failure)
        {
            throw new ImagePullException(Words(failure), failure);
        }
        if (error is not null) throw new ImagePullException($"Error response from daemon: {error}");
        _images.TryRemove(image, out _);
        return await FindImageAsync(image, cancel).ConfigureAwait(false)
            ?? throw new ImagePullException($"Error response from daemon: No such image: {image}");
    }

    /// <summary><c>host:5000/name:tag</c> to its name and tag; a digest stays with the name.</summary>
    internal static (string Name, string Tag) SplitTag(string image)
    {
        if (image.Contains('@', StringComparison.Ordinal)) return (image, "");
        var colon = image.LastIndexOf(':');
        return colon > image.LastIndexOf('/') ? (image[..colon], image[(colon + 1)..]) : (image, "latest");
    }

    /// <summary>Reports on the caller's thread: <see cref="Progress{T}"/> would deliver after the call has returned.</summary>
    private sealed class Inline<T>(Action<T> report) : IProgress<T>
    {
        public void Report(T value) => report(value);
    }
}

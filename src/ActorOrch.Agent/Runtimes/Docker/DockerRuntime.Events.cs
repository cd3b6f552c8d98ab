using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ActorOrch.Resources.Timing;
using Docker.DotNet.Models;

namespace ActorOrch.Agent.Runtimes.Docker;

public sealed partial class DockerRuntime
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<ContainerEvent> EventsAsync(DateTimeOffset since, [EnumeratorCancellation] CancellationToken cancel)
    {
        var events = Channel.CreateUnbounded<ContainerEvent>(new() { SingleReader = true });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var listening = ListenAsync(since, events.Writer, stop.Token);
        try
        {
            await foreach (var one in events.Reader.ReadAllAsync(cancel).ConfigureAwait(false)) yield return one;
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await listening.ConfigureAwait(false);
        }
    }

    private async Task ListenAsync(DateTimeOffset since, ChannelWriter<ContainerEvent> events, CancellationToken cancel)
    {
        // No filter by label: image events have none, and they keep the cache of images true.
        var parameters = new ContainerEventsParameters
        {
            Since = Timestamp(since),
            Filters = new Dictionary<string, IDictionary<string, bool>>
            {
                ["type"] = new Dictionary<string, bool> { ["container"] = true, ["image"] = true },
                ["event"] = new Dictionary<string, bool>
                {
                    ["start"] = true,
                    ["die"] = true,
                    ["oom"] = true,
                    ["destroy"] = true,
                    ["delete"] = true,
                    ["untag"] = true,
                    ["tag"] = true,
                    ["import"] = true,
                    ["load"] = true,
                    ["pull"] = true,
                },
            },
        };
        _images.Clear();
        _imageEventsHeard = true;
        try
        {
            await StreamAsync(async () =>
            {
                await _client.System.MonitorEventsAsync(parameters, new Inline<Message>(m => OnEvent(m, events)), cancel).ConfigureAwait(false);
                return true;
            }).ConfigureAwait(false);
            events.TryComplete(new RuntimeUnavailableException("the engine closed its event stream"));
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            events.TryComplete();
        }
        catch (Exception failure)
        {
            // Whoever reads the events gets it.
            events.TryComplete(failure);
        }
        finally
        {
            _imageEventsHeard = false;
        }
    }

    private void OnEvent(Message message, ChannelWriter<ContainerEvent> events)
    {
        if (message.Type == "image")
        {
            _images.Clear();
            return;
        }
        var attributes = message.Actor?.Attributes;
        if (attributes is null || !attributes.TryGetValue(ContainerLabels.Node, out var node) || node != _options.NodeName) return;
        ContainerEventKind? kind = message.Action switch
        {
            "start" => ContainerEventKind.Started,
            "die" => ContainerEventKind.Exited,
            "oom" => ContainerEventKind.OutOfMemory,
            "destroy" => ContainerEventKind.Removed,
            _ => null,
        };
        if (kind is null) return;
        int? exitCode = attributes.TryGetValue("exitCode", out var code) && int.TryParse(code, CultureInfo.InvariantCulture, out var number) ? number : null;
        events.TryWrite(new(kind.Value, message.Actor!.ID, new Dictionary<string, string>(attributes), At(message), exitCode));
    }

    private static DateTimeOffset At(Message message) => message.TimeNano is { } nanos
        ? DateTimeOffset.UnixEpoch.After(new TimeSpan(nanos / 100))
        : DateTimeOffset.FromUnixTimeSeconds(message.Time ?? 0);

    /// <summary>Seconds and nanoseconds since the epoch, as the engine takes them.</summary>
    internal static string Timestamp(DateTimeOffset time)
    {
        var ticks = (time - DateTimeOffset.UnixEpoch).Ticks;
        return string.Create(CultureInfo.InvariantCulture, $"{ticks / TimeSpan.TicksPerSecond}.{ticks % TimeSpan.TicksPerSecond * 100:D9}");
    }
}

using System.Text;
using ActorOrch.Contracts.Streams;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Gateway.Streaming.PortForwarding;

/// <summary>Carries single connections to the ports of one pod.</summary>
internal sealed class PortForwarder(ObjectKey pod, string podUid, IPodPorts ports)
{
    /// <summary>Until the connection has ended, both its streams included. What fails is told on the error stream, in upstream's words.</summary>
    public async Task RunAsync(PortForwardStreams streams, CancellationToken cancel)
    {
        try
        {
            await ForwardAsync(streams, cancel).ConfigureAwait(false);
            // First the data: a client looks at the error stream once it has all of it.
            await streams.ToClient.DisposeAsync().ConfigureAwait(false);
            await streams.FromClient.DisposeAsync().ConfigureAwait(false);
            await streams.Error.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception gone) when (Disconnection.Is(gone))
        {
            // The client has disconnected, or the server is stopping: there is no one to tell anything.
        }
    }

    private async Task ForwardAsync(PortForwardStreams streams, CancellationToken cancel)
    {
        try
        {
            await ports.ForwardAsync(streams.Port, streams.FromClient, streams.ToClient, cancel).ConfigureAwait(false);
        }
        catch (PodStreamException failure)
        {
            var words = $"error forwarding port {streams.Port} to pod {pod.Name}_{pod.Namespace}, uid {podUid}: {failure.Message}";
            await streams.Error.WriteAsync(Encoding.UTF8.GetBytes(words), cancel).ConfigureAwait(false);
        }
    }
}

using System.ComponentModel;
using System.Net;
using System.Net.Sockets;

namespace ActorOrch.Agent.Runtimes.Docker;

public sealed partial class DockerRuntime
{
    private bool? _sharesMachine;

    /// <inheritdoc/>
    public async Task ForwardAsync(ContainerState container, int port, Stream fromClient, Stream toClient, CancellationToken cancel)
    {
        using var connection = await DialAsync(container, port, cancel).ConfigureAwait(false);
        await StreamRelay.RunAsync(connection, fromClient, toClient, cancel).ConfigureAwait(false);
    }

    /// <summary>
    /// From within the namespace where this process can enter it, as servers on the pod's loopback address are reached there alone; otherwise at
    /// the pod's own addresses.
    /// </summary>
    private async Task<Socket> DialAsync(ContainerState container, int port, CancellationToken cancel)
    {
        if (container.Pid is not { } pid) throw new ContainerStartException($"container {container.Id} is not running");
        if (!await SharesMachineAsync(cancel).ConfigureAwait(false))
            return await PodDial.ConnectAsync(Addresses(container), port, family => Task.FromResult(Open(family)), cancel).ConfigureAwait(false);
        try
        {
            // A socket belongs to the namespace it is made in; it can be connected and used from anywhere.
            return await PodDial.ConnectAsync(PodDial.Loopback, port, family => NetworkNamespace.RunAsync(pid, () => Open(family)), cancel).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is Win32Exception and not SocketException or IOException)
        {
            throw new ContainerStartException(failure.Message, failure);
        }
    }

    private async Task<bool> SharesMachineAsync(CancellationToken cancel) =>
        _sharesMachine ??= (await InfoAsync(cancel).ConfigureAwait(false)).SharesMachine;

    private static Socket Open(AddressFamily family) => new(family, SocketType.Stream, ProtocolType.Tcp);

    private static IPAddress[] Addresses(ContainerState container) => [.. ((string[])[ContainerLabels.Address4, ContainerLabels.Address6])
        .Select(label => container.Labels.GetValueOrDefault(label))
        .Where(address => !string.IsNullOrEmpty(address))
        .Select(address => IPAddress.Parse(address!))];
}

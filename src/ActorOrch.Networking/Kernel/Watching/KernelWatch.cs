using System.Net.Sockets;
using ActorOrch.Networking.Kernel.Bridges;
using ActorOrch.Registry.Timing;

namespace ActorOrch.Networking.Kernel.Watching;

/// <summary>Listens to the kernel itself (netlink(7)): it tells each change of rules, devices, addresses and forwarding as it is made.</summary>
internal sealed class KernelWatch(NetworkSettings settings, INftables nftables, PodBridge bridge) : IKernelWatch
{
    /// <summary>Of a whole table that is replaced with thousands of services in it, some tens of megabytes are told at once.</summary>
    private const int MostUnread = 64 * 1024 * 1024;

    private const int LongestDatagram = 64 * 1024;

    private readonly CancellationTokenSource _ending = new();

    public void Start(IKernelListener listener)
    {
        var rules = new NftChangeReader(settings.TableName);
        var routes = new RouteChangeReader(bridge);
        Listen(
            listener, NetlinkSockets.Netfilter, [NftChangeReader.Group],
            datagram => rules.Read(datagram, author => OnRules(author, listener), listener.OnMachineChanged),
            () => listener.OnRulesChanged("more programs than could be listened to"));
        Listen(
            listener, NetlinkSockets.Route, RouteChangeReader.Groups,
            datagram =>
            {
                if (routes.Read(datagram)) listener.OnMachineChanged();
            },
            listener.OnMachineChanged);
    }

    public void Dispose()
    {
        _ending.Cancel();
        _ending.Dispose();
    }

    private delegate void Reading(ReadOnlySpan<byte> datagram);

    private void OnRules(NftAuthor author, IKernelListener listener)
    {
        if (!nftables.IsOwn(author)) listener.OnRulesChanged(author.ToString());
    }

    private void Listen(IKernelListener listener, int protocol, IReadOnlyList<int> groups, Reading read, Action missed)
    {
        Socket socket;
        try
        {
            // In the namespace of this thread.
            socket = NetlinkSockets.Open(protocol, groups, MostUnread);
        }
        catch (SocketException refused)
        {
            listener.OnDeaf(refused.Message);
            return;
        }
        Unawaited.Observe("listening to the kernel", ListenAsync(listener, socket, read, missed, _ending.Token));
    }

    private static async Task ListenAsync(IKernelListener listener, Socket socket, Reading read, Action missed, CancellationToken ending)
    {
        var buffer = new byte[LongestDatagram];
        try
        {
            using (socket)
                while (true)
                {
                    try
                    {
                        var count = await socket.ReceiveAsync(buffer, SocketFlags.None, ending).ConfigureAwait(false);
                        read(buffer.AsSpan(0, count));
                    }
                    catch (SocketException full) when (full.SocketErrorCode == SocketError.NoBufferSpaceAvailable)
                    {
                        // The kernel had more to tell than it keeps; what it was has to be assumed.
                        missed();
                    }
                }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // Told to end.
        }
        catch (Exception failure)
        {
            listener.OnDeaf(failure.Message);
        }
    }
}

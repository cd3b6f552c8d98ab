using System.Text;

namespace ActorOrch.Networking.Kernel.Bridges;

/// <summary>
/// The bridge of this machine's pods: what it was when it was first seen, and how it becomes that again. The engine makes it and does not look
/// after it.
/// </summary>
/// <param name="name">Of the device.</param>
internal sealed class PodBridge(string name)
{
    private const int Exists = 17;

    private readonly Lock _gate = new();
    private readonly HashSet<int> _ports = [];
    private IReadOnlyList<BridgeAddress> _addresses = [];
    private byte[] _hardwareAddress = [];
    private volatile int _index;

    public string Name => name;

    /// <summary>0 while it has not been seen.</summary>
    public int Index => _index;

    /// <summary>Remembers it, the first time that it is there.</summary>
    public void Look()
    {
        if (_index != 0) return;
        using var kernel = new RouteSocket();
        var (index, hardware, _) = Find(kernel);
        if (index == 0) return;
        var addresses = new List<BridgeAddress>();
        kernel.List(RouteMessages.Addresses(), (_, payload) =>
        {
            if (BridgeAddress.Read(payload) is { } address && address.Device == index) addresses.Add(address);
        });
        kernel.List(RouteMessages.Links(), (_, payload) =>
        {
            if (LinkState.TryRead(payload, out var link)) Note(link.Index, link.Master, deleted: false, index);
        });
        (_addresses, _hardwareAddress, _index) = (addresses, hardware, index);
    }

    /// <summary>Takes what the kernel tells of another device: a port stays one in memory until it is gone, for a bridge that goes first lets go of its ports.</summary>
    public void Note(int device, int master, bool deleted) => Note(device, master, deleted, _index);

    /// <summary>Takes it that the bridge has been made anew, by whomever.</summary>
    public void Found(int index)
    {
        if (_index != 0) _index = index;
    }

    /// <summary>Makes it what it was. Says what was not so, a part of a sentence each; nothing where it is still so, or has never been seen.</summary>
    public IReadOnlyList<string> Restore()
    {
        if (_index == 0) return [];
        var mended = new List<string>();
        using var kernel = new RouteSocket();
        var (index, _, isUp) = Find(kernel);
        if (index == 0)
        {
            Try(kernel, RouteMessages.NewBridge(name, _hardwareAddress), mended, $"the bridge {name} was gone");
            (index, _, isUp) = Find(kernel);
            if (index == 0) return mended;
            lock (_gate)
                // One that is no longer there has nothing to lose.
                foreach (var port in _ports) _ = kernel.Do(RouteMessages.Enslave(port, index));
        }
        _index = index;
        if (!isUp) Try(kernel, RouteMessages.Up(index), mended, $"the bridge {name} was down");
        foreach (var address in _addresses) Try(kernel, RouteMessages.Add(index, address), mended, $"the bridge {name} had lost its address {address}");
        return mended;
    }

    private void Note(int device, int master, bool deleted, int index)
    {
        lock (_gate)
            if (deleted) _ports.Remove(device);
            else if (master != 0 && master == index) _ports.Add(device);
            else if (master != 0) _ports.Remove(device);
    }

    private (int Index, byte[] HardwareAddress, bool IsUp) Find(RouteSocket kernel)
    {
        var found = (0, Array.Empty<byte>(), false);
        kernel.List(RouteMessages.Links(), (_, payload) =>
        {
            if (LinkState.TryRead(payload, out var link) && link.Name.SequenceEqual(Encoding.ASCII.GetBytes(name))) found = (link.Index, link.HardwareAddress.ToArray(), link.IsUp);
        });
        return found;
    }

    private static void Try(RouteSocket kernel, byte[] request, List<string> mended, string what)
    {
        var error = kernel.Do(request);
        if (error == 0) mended.Add(what);
        else if (error != Exists) mended.Add($"{what}, and stays so: {RouteSocket.Words(error)}");
    }
}

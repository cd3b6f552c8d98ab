using System.Buffers.Binary;
using System.Text;
using ActorOrch.Networking.Kernel.Bridges;

namespace ActorOrch.Networking.Kernel.Watching;

/// <summary>
/// Makes out of what the kernel tells about devices, addresses and forwarding (linux/rtnetlink.h) whether the pods have lost something of it: what
/// is said as pods come and go is not worth a look. Not for concurrent use.
/// </summary>
internal sealed class RouteChangeReader(PodBridge bridge)
{
    /// <summary>Devices, addresses of both families, and the settings of both.</summary>
    public static readonly int[] Groups = [1, 5, 9, 24, 25];

    private const ushort DeletedAddress = 21, Setting = 80;
    private const int SettingHeaderBytes = 4;
    private const ushort SettingDevice = 1, SettingForwarding = 2;
    private const int AllDevices = -1;

    private readonly byte[] _bridge = Encoding.ASCII.GetBytes(bridge.Name);

    /// <summary>Whether anything in what was read at once is a loss.</summary>
    public bool Read(ReadOnlySpan<byte> datagram)
    {
        var lost = false;
        var messages = new NetlinkMessages(datagram);
        while (messages.Next())
            lost |= messages.Type switch
            {
                RouteMessages.NewLink => OfLink(messages.Payload, deleted: false),
                RouteMessages.DeletedLink => OfLink(messages.Payload, deleted: true),
                DeletedAddress => OfAddress(messages.Payload),
                Setting => OfSetting(messages.Payload),
                _ => false,
            };
        return lost;
    }

    private bool OfLink(ReadOnlySpan<byte> payload, bool deleted)
    {
        if (!LinkState.TryRead(payload, out var link)) return false;
        if (!link.Name.SequenceEqual(_bridge))
        {
            bridge.Note(link.Index, link.Master, deleted);
            return false;
        }
        if (!deleted) bridge.Found(link.Index);
        return deleted || !link.IsUp;
    }

    private bool OfAddress(ReadOnlySpan<byte> payload) => BridgeAddress.Read(payload) is { } address && address.Device == bridge.Index;

    private bool OfSetting(ReadOnlySpan<byte> payload)
    {
        var device = NetlinkMessages.Attribute(payload, SettingHeaderBytes, SettingDevice);
        var forwarding = NetlinkMessages.Attribute(payload, SettingHeaderBytes, SettingForwarding);
        if (device.Length != sizeof(int) || forwarding.Length != sizeof(int) || BinaryPrimitives.ReadInt32LittleEndian(forwarding) != 0) return false;
        var index = BinaryPrimitives.ReadInt32LittleEndian(device);
        return index == AllDevices || index == bridge.Index;
    }
}

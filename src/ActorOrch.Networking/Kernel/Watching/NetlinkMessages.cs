using System.Buffers.Binary;

namespace ActorOrch.Networking.Kernel.Watching;

/// <summary>The messages of a datagram from the kernel (linux/netlink.h), one after the other. Whatever the bytes are, it ends.</summary>
internal ref struct NetlinkMessages(ReadOnlySpan<byte> datagram)
{
    private const int HeaderBytes = 16;
    private const int AttributeHeaderBytes = 4;
    private const ushort AttributeType = 0x3fff;

    private ReadOnlySpan<byte> _left = datagram;

    public ushort Type { get; private set; }

    /// <summary>The socket that asked for what is told; 0 for the kernel itself.</summary>
    public uint Port { get; private set; }

    /// <summary>What follows the header.</summary>
    public ReadOnlySpan<byte> Payload { get; private set; }

    public bool Next()
    {
        if (_left.Length < HeaderBytes) return false;
        var length = BinaryPrimitives.ReadUInt32LittleEndian(_left);
        if (length < HeaderBytes || length > _left.Length) return false;
        Type = BinaryPrimitives.ReadUInt16LittleEndian(_left[4..]);
        Port = BinaryPrimitives.ReadUInt32LittleEndian(_left[12..]);
        Payload = _left[HeaderBytes..(int)length];
        _left = _left[Math.Min(_left.Length, Aligned((int)length))..];
        return true;
    }

    /// <summary>The value of an attribute behind a message's own header; empty where it is not there.</summary>
    public static ReadOnlySpan<byte> Attribute(ReadOnlySpan<byte> payload, int headerBytes, ushort type)
    {
        if (payload.Length < headerBytes) return [];
        var left = payload[headerBytes..];
        while (left.Length >= AttributeHeaderBytes)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(left);
            if (length < AttributeHeaderBytes || length > left.Length) return [];
            if ((BinaryPrimitives.ReadUInt16LittleEndian(left[2..]) & AttributeType) == type) return left[AttributeHeaderBytes..length];
            left = left[Math.Min(left.Length, Aligned(length))..];
        }
        return [];
    }

    /// <summary>A text without the zero that ends it.</summary>
    public static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> value) => value is [.. var text, 0] ? text : value;

    private static int Aligned(int length) => (length + 3) & ~3;
}

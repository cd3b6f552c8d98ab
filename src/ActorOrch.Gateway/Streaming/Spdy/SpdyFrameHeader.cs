using System.Buffers.Binary;

namespace ActorOrch.Gateway.Streaming.Spdy;

/// <summary>The types of control frames (SPDY/3.1 §2.6).</summary>
internal enum SpdyFrameType : ushort
{
    SynStream = 1,
    SynReply = 2,
    RstStream = 3,
    Settings = 4,
    Ping = 6,
    GoAway = 7,
    Headers = 8,
    WindowUpdate = 9,
}

/// <summary>The eight bytes that every frame begins with (SPDY/3.1 §2.2).</summary>
/// <param name="Type">Of a control frame; null: a data frame.</param>
/// <param name="StreamId">Of a data frame.</param>
/// <param name="Length">Bytes that follow, below 2^24.</param>
internal readonly record struct SpdyFrameHeader(SpdyFrameType? Type, int StreamId, byte Flags, int Length)
{
    public const int Bytes = 8;

    /// <summary>On data, SYN_STREAM, SYN_REPLY and HEADERS: the sender's half of the stream ends.</summary>
    public const byte Fin = 0x01;

    /// <summary>On SYN_STREAM: the receiver's half is closed from the start.</summary>
    public const byte Unidirectional = 0x02;

    private const ushort Version = 3;
    private const ushort ControlBit = 0x8000;
    private const uint LengthMask = 0xFFFFFF;

    /// <summary>Throws <see cref="SpdyException"/> for a control frame of another version.</summary>
    public static SpdyFrameHeader Parse(ReadOnlySpan<byte> bytes)
    {
        var first = BinaryPrimitives.ReadUInt16BigEndian(bytes);
        var flagsAndLength = BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]);
        var flags = (byte)(flagsAndLength >> 24);
        var length = (int)(flagsAndLength & LengthMask);
        if ((first & ControlBit) == 0) return new(null, BinaryPrimitives.ReadInt32BigEndian(bytes), flags, length);
        var version = first & ~ControlBit;
        if (version != Version) throw new SpdyException($"a control frame of SPDY version {version}, expected {Version}");
        return new((SpdyFrameType)BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]), 0, flags, length);
    }

    public void Write(Span<byte> bytes)
    {
        if (Type is { } type)
        {
            BinaryPrimitives.WriteUInt16BigEndian(bytes, ControlBit | Version);
            BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], (ushort)type);
        }
        else
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes, StreamId);
        }
        BinaryPrimitives.WriteUInt32BigEndian(bytes[4..], ((uint)Flags << 24) | (uint)Length);
    }
}

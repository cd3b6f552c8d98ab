using System.Buffers;
using System.Buffers.Binary;

namespace ActorOrch.Gateway.Streaming.Spdy;

/// <summary>A control frame of SPDY/3.1 (§2.6). Header blocks are as they are on the wire, compressed.</summary>
internal abstract record SpdyControlFrame
{
    private const uint IdMask = 0x7FFFFFFF;

    /// <param name="Priority">0, the most urgent, to 7.</param>
    public sealed record SynStream(int StreamId, int AssociatedId, byte Priority, bool Fin, bool Unidirectional, ReadOnlyMemory<byte> HeaderBlock) : SpdyControlFrame;

    public sealed record SynReply(int StreamId, bool Fin, ReadOnlyMemory<byte> HeaderBlock) : SpdyControlFrame;

    public sealed record RstStream(int StreamId, SpdyStatus Status) : SpdyControlFrame;

    /// <summary>The peer's settings that concern flow control: all others are read over.</summary>
    public sealed record Settings(int? InitialWindow) : SpdyControlFrame;

    public sealed record Ping(uint Id) : SpdyControlFrame;

    public sealed record GoAway(int LastGoodStreamId, SpdyStatus Status) : SpdyControlFrame;

    public sealed record Headers(int StreamId, bool Fin, ReadOnlyMemory<byte> HeaderBlock) : SpdyControlFrame;

    /// <param name="StreamId">0: of the whole connection.</param>
    public sealed record WindowUpdate(int StreamId, int Delta) : SpdyControlFrame;

    /// <summary>Of a type that is not known: to be ignored (§2.2.1).</summary>
    public sealed record Unknown : SpdyControlFrame;

    /// <summary>Throws <see cref="SpdyException"/> where the frame is too short for its type.</summary>
    public static SpdyControlFrame Parse(SpdyFrameHeader header, ReadOnlyMemory<byte> payload)
    {
        var fin = (header.Flags & SpdyFrameHeader.Fin) != 0;
        switch (header.Type)
        {
            case SpdyFrameType.SynStream:
                Require(header, 10);
                return new SynStream(
                    IdAt(payload, 0), IdAt(payload, 4), (byte)(payload.Span[8] >> 5), fin, (header.Flags & SpdyFrameHeader.Unidirectional) != 0, payload[10..]);
            case SpdyFrameType.SynReply:
                Require(header, 4);
                return new SynReply(IdAt(payload, 0), fin, payload[4..]);
            case SpdyFrameType.RstStream:
                Require(header, 8);
                return new RstStream(IdAt(payload, 0), (SpdyStatus)WordAt(payload, 4));
            case SpdyFrameType.Settings:
                return ParseSettings(header, payload);
            case SpdyFrameType.Ping:
                Require(header, 4);
                return new Ping(WordAt(payload, 0));
            case SpdyFrameType.GoAway:
                Require(header, 8);
                return new GoAway(IdAt(payload, 0), (SpdyStatus)WordAt(payload, 4));
            case SpdyFrameType.Headers:
                Require(header, 4);
                return new Headers(IdAt(payload, 0), fin, payload[4..]);
            case SpdyFrameType.WindowUpdate:
                Require(header, 8);
                return new WindowUpdate(IdAt(payload, 0), IdAt(payload, 4));
            default:
                return new Unknown();
        }
    }

    /// <summary>The whole frame, its first eight bytes included. <see cref="Unknown"/> has no form.</summary>
    public void Write(IBufferWriter<byte> output)
    {
        switch (this)
        {
            case SynStream f:
                var flags = (f.Fin ? SpdyFrameHeader.Fin : 0) | (f.Unidirectional ? SpdyFrameHeader.Unidirectional : 0);
                var start = Begin(output, SpdyFrameType.SynStream, (byte)flags, 10, f.HeaderBlock);
                BinaryPrimitives.WriteInt32BigEndian(start, f.StreamId);
                BinaryPrimitives.WriteInt32BigEndian(start[4..], f.AssociatedId);
                start[8] = (byte)(f.Priority << 5);
                break;
            case SynReply f:
                BinaryPrimitives.WriteInt32BigEndian(Begin(output, SpdyFrameType.SynReply, f.Fin ? SpdyFrameHeader.Fin : (byte)0, 4, f.HeaderBlock), f.StreamId);
                break;
            case Headers f:
                BinaryPrimitives.WriteInt32BigEndian(Begin(output, SpdyFrameType.Headers, f.Fin ? SpdyFrameHeader.Fin : (byte)0, 4, f.HeaderBlock), f.StreamId);
                break;
            case RstStream f:
                Words(output, SpdyFrameType.RstStream, (uint)f.StreamId, (uint)f.Status);
                break;
            case GoAway f:
                Words(output, SpdyFrameType.GoAway, (uint)f.LastGoodStreamId, (uint)f.Status);
                break;
            case WindowUpdate f:
                Words(output, SpdyFrameType.WindowUpdate, (uint)f.StreamId, (uint)f.Delta);
                break;
            case Ping f:
                Words(output, SpdyFrameType.Ping, f.Id);
                break;
            case Settings { InitialWindow: { } window }:
                Words(output, SpdyFrameType.Settings, 1, SettingInitialWindow, (uint)window);
                break;
            case Settings:
                Words(output, SpdyFrameType.Settings, 0);
                break;
            default:
                throw new NotSupportedException($"{GetType().Name} has no form on the wire");
        }
    }

    private const uint SettingInitialWindow = 7;
    private const uint SettingIdMask = 0xFFFFFF;

    private static Settings ParseSettings(SpdyFrameHeader header, ReadOnlyMemory<byte> payload)
    {
        Require(header, 4);
        var count = WordAt(payload, 0);
        if (count > (uint)(payload.Length - 4) / 8) throw new SpdyException($"a SETTINGS frame of {header.Length} bytes is too short for {count} entries");
        int? window = null;
        for (var at = 4; at < 4 + (int)count * 8; at += 8)
            if ((WordAt(payload, at) & SettingIdMask) == SettingInitialWindow) window = IdAt(payload, at + 4);
        return new(window);
    }

    private static Span<byte> Begin(IBufferWriter<byte> output, SpdyFrameType type, byte flags, int fixedBytes, ReadOnlyMemory<byte> block)
    {
        var total = SpdyFrameHeader.Bytes + fixedBytes + block.Length;
        var frame = output.GetSpan(total)[..total];
        frame[..(SpdyFrameHeader.Bytes + fixedBytes)].Clear();
        new SpdyFrameHeader(type, 0, flags, fixedBytes + block.Length).Write(frame);
        block.Span.CopyTo(frame[(SpdyFrameHeader.Bytes + fixedBytes)..]);
        output.Advance(total);
        return frame[SpdyFrameHeader.Bytes..];
    }

    private static void Words(IBufferWriter<byte> output, SpdyFrameType type, params ReadOnlySpan<uint> words)
    {
        var payload = Begin(output, type, 0, words.Length * 4, default);
        for (var i = 0; i < words.Length; i++) BinaryPrimitives.WriteUInt32BigEndian(payload[(i * 4)..], words[i]);
    }

    private static void Require(SpdyFrameHeader header, int bytes)
    {
        if (header.Length < bytes) throw new SpdyException($"a {header.Type} frame of {header.Length} bytes, expected at least {bytes}");
    }

    private static uint WordAt(ReadOnlyMemory<byte> payload, int at) => BinaryPrimitives.ReadUInt32BigEndian(payload.Span[at..]);

    private static int IdAt(ReadOnlyMemory<byte> payload, int at) => (int)(WordAt(payload, at) & IdMask);
}

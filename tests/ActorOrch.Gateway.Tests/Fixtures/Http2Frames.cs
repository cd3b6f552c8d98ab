using System.Buffers.Binary;
using System.Text;

namespace ActorOrch.Gateway.Tests.Fixtures;

/// <summary>Frames of HTTP/2 (RFC 9113) as a client writes them that means no good.</summary>
internal static class Http2Frames
{
    private const byte Headers = 1;
    private const byte Settings = 4;
    private const byte EndOfStreamAndHeaders = 0x05;

    /// <summary>The start of a connection on which the server may send nothing but heads.</summary>
    public static byte[] StartWithoutWindow()
    {
        Span<byte> setting = stackalloc byte[6];
        BinaryPrimitives.WriteUInt16BigEndian(setting, 4);
        return [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Frame(Settings, 0, 0, setting)];
    }

    /// <param name="stream">Odd, and larger than those before it.</param>
    public static byte[] Get(int stream, string path)
    {
        // :method GET and :scheme https by their index in the static table, the others by their names' and as they are.
        byte[] block = [0x82, 0x87, 0x04, .. Literal(path), 0x01, .. Literal("localhost")];
        return Frame(Headers, EndOfStreamAndHeaders, stream, block);
    }

    private static byte[] Literal(string text) => text.Length < 127
        ? [(byte)text.Length, .. Encoding.ASCII.GetBytes(text)]
        : throw new ArgumentException("too long for one byte of length", nameof(text));

    private static byte[] Frame(byte type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        var frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        frame[3] = type;
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame.AsSpan(9));
        return frame;
    }
}

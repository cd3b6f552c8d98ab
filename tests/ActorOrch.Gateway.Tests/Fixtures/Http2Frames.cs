using System.Buffers.Binary;
using System.Text;

namespace ActorOrch.Gateway.Tests.Fixtures;

/// <summary>Frames of HTTP/2 (RFC 9113) as a client writes them that means no good.</summary>
internal static class Http2Frames
{
    public const byte Headers = 1;
    private const byte Reset = 3;
    private const byte Settings = 4;
    private const byte GoAway = 7;
    private const byte EndOfStreamAndHeaders = 0x05;

    /// <summary>In a head's first byte, 200 and 400.</summary>
    public const byte Ok = 0x88, BadRequest = 0x8c;

    /// <summary>The start of a connection.</summary>
    public static byte[] Start() => [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Frame(Settings, 0, 0, [])];

    /// <summary>The start of a connection on which the server may send nothing but heads.</summary>
    public static byte[] StartWithoutWindow()
    {
        Span<byte> setting = stackalloc byte[6];
        BinaryPrimitives.WriteUInt16BigEndian(setting, 4);
        return [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Frame(Settings, 0, 0, setting)];
    }

    /// <summary>A GET with headers of any make: a name as it is, or where it is a number the one at that place of HPACK's static table.</summary>
    /// <param name="stream">Odd, and larger than those before it.</param>
    public static byte[] Get(int stream, string path, params IEnumerable<(string Name, string Value)> headers)
    {
        // :method GET and :scheme https by their index in the static table, the others by their names' and as they are.
        byte[] block = [0x82, 0x87, 0x04, .. Literal(path), 0x01, .. Literal("localhost"), .. headers.SelectMany(h => Header(h.Name, h.Value))];
        return Frame(Headers, EndOfStreamAndHeaders, stream, block);
    }

    /// <summary>The first frame that answers: its type, and where it is a head the byte of its status (the index of one in HPACK's static table).</summary>
    public static async Task<(byte Type, byte Status)> AnswerAsync(Stream stream)
    {
        while (true)
        {
            var head = new byte[9];
            if (await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false) < head.Length) return (GoAway, 0);
            var payload = new byte[BinaryPrimitives.ReadInt32BigEndian(head) >> 8];
            await stream.ReadExactlyAsync(payload);
            if (head[3] is Headers or Reset or GoAway) return (head[3], head[3] == Headers ? payload[0] : (byte)0);
        }
    }

    // Without a place in the table of those that were sent before.
    private static byte[] Header(string name, string value) => int.TryParse(name, out var index)
        ? [0x0f, (byte)(index - 15), .. Literal(value)]
        : [0x00, .. Literal(name), .. Literal(value)];

    private static byte[] Literal(string text) => text.Length < 127
        ? [(byte)text.Length, .. Encoding.Latin1.GetBytes(text)]
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

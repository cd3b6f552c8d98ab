using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace ActorOrch.Gateway.Streaming.Spdy;

/// <summary>
/// The names and values of a stream, uncompressed (SPDY/3.1 §2.6.10): a count, then each name and value behind its length; several values of
/// a name are one value with NUL between them. Names are in lower case on the wire.
/// </summary>
internal static class SpdyHeaderBlock
{
    private const char Separator = '\0';

    /// <summary>Throws <see cref="SpdyException"/> for lengths that do not fit, an empty name, and a name that comes twice.</summary>
    public static IReadOnlyDictionary<string, string> Decode(ReadOnlySpan<byte> block)
    {
        var count = Word(ref block);
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0u; i < count; i++)
        {
            var name = Text(ref block);
            if (name.Length == 0) throw new SpdyException("a header without a name");
            if (!headers.TryAdd(name, Text(ref block))) throw new SpdyException($"header {name} comes twice");
        }
        return headers;
    }

    public static void Encode(IReadOnlyDictionary<string, string> headers, IBufferWriter<byte> output)
    {
        Write(output, headers.Count);
        foreach (var (name, value) in headers)
        {
            Write(output, name.ToLowerInvariant());
            Write(output, value);
        }
    }

    /// <summary>The first of a header's values; empty where it is absent.</summary>
    public static string First(this IReadOnlyDictionary<string, string> headers, string name)
    {
        var value = headers.GetValueOrDefault(name, "");
        var end = value.IndexOf(Separator, StringComparison.Ordinal);
        return end < 0 ? value : value[..end];
    }

    private static uint Word(ref ReadOnlySpan<byte> block)
    {
        if (block.Length < sizeof(uint)) throw new SpdyException("a header block is cut short");
        var word = BinaryPrimitives.ReadUInt32BigEndian(block);
        block = block[sizeof(uint)..];
        return word;
    }

    private static string Text(ref ReadOnlySpan<byte> block)
    {
        var length = Word(ref block);
        if (length > (uint)block.Length) throw new SpdyException("a header block is cut short");
        var text = Encoding.UTF8.GetString(block[..(int)length]);
        block = block[(int)length..];
        return text;
    }

    private static void Write(IBufferWriter<byte> output, int word)
    {
        BinaryPrimitives.WriteInt32BigEndian(output.GetSpan(sizeof(int)), word);
        output.Advance(sizeof(int));
    }

    private static void Write(IBufferWriter<byte> output, string text)
    {
        Write(output, Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, output);
    }
}

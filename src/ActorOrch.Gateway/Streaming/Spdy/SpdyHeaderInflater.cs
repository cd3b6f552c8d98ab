using System.Buffers.Binary;
using System.IO.Compression;

namespace ActorOrch.Gateway.Streaming.Spdy;

/// <summary>
/// Inflates a connection's header blocks: they are one zlib stream (RFC 1950), flushed after each block. The class library's inflater takes no
/// dictionary, but a dictionary is nothing other than bytes that came before: it is given to a raw inflater (RFC 1951) as a stored block
/// ahead of what the peer sends.
/// </summary>
internal sealed class SpdyHeaderInflater : IDisposable
{
    /// <summary>More than any client's headers need; a small block cannot make us fill the memory.</summary>
    public const int MaxBlockBytes = 16 * 1024;

    private const int ZlibHeaderBytes = 2;
    private const int DictionaryIdBytes = 4;
    private const byte HasDictionary = 0x20;

    private readonly Fed _compressed = new();
    private readonly DeflateStream _inflater;
    private readonly byte[] _buffer = new byte[MaxBlockBytes];
    private bool _begun;

    public SpdyHeaderInflater() => _inflater = new(_compressed, CompressionMode.Decompress);

    /// <summary>The block's bytes, until the next call. Throws <see cref="SpdyException"/> where they are not such a stream, or too many.</summary>
    public ReadOnlySpan<byte> Inflate(ReadOnlyMemory<byte> block)
    {
        try
        {
            _compressed.Next = _begun ? block : Begin(block);
            var count = _inflater.ReadAtLeast(_buffer, _buffer.Length, throwOnEndOfStream: false);
            if (count == _buffer.Length) throw new SpdyException($"a header block of more than {MaxBlockBytes - 1} bytes");
            return _buffer.AsSpan(0, count);
        }
        catch (InvalidDataException malformed)
        {
            throw new SpdyException($"a header block that is not compressed as it should be: {malformed.Message}");
        }
    }

    private ReadOnlyMemory<byte> Begin(ReadOnlyMemory<byte> block)
    {
        if (block.Length < ZlibHeaderBytes) throw new SpdyException("a header block is cut short");
        _begun = true;
        if ((block.Span[1] & HasDictionary) == 0) return block[ZlibHeaderBytes..];
        if (block.Length < ZlibHeaderBytes + DictionaryIdBytes) throw new SpdyException("a header block is cut short");
        _compressed.Next = Stored(SpdyDictionary.Bytes);
        _inflater.ReadExactly(_buffer, 0, SpdyDictionary.Bytes.Length);
        return block[(ZlibHeaderBytes + DictionaryIdBytes)..];
    }

    /// <summary>As a stored block that is not the last (RFC 1951 §3.2.4).</summary>
    private static byte[] Stored(byte[] bytes)
    {
        var block = new byte[5 + bytes.Length];
        BinaryPrimitives.WriteUInt16LittleEndian(block.AsSpan(1), (ushort)bytes.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(block.AsSpan(3), (ushort)~bytes.Length);
        bytes.CopyTo(block, 5);
        return block;
    }

    public void Dispose() => _inflater.Dispose();

    /// <summary>Ends after what it was last given, and goes on when it is given more.</summary>
    private sealed class Fed : MemoryStream
    {
        public ReadOnlyMemory<byte> Next { get; set; }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var count = Math.Min(buffer.Length, Next.Length);
            Next.Span[..count].CopyTo(buffer);
            Next = Next[count..];
            return count;
        }
    }
}

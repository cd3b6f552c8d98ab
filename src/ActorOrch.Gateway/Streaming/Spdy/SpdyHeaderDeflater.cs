using System.Buffers;
using System.IO.Compression;

namespace ActorOrch.Gateway.Streaming.Spdy;

/// <summary>
/// Deflates a connection's header blocks as one zlib stream, flushed after each. It makes no use of the dictionary, which a zlib stream says of
/// itself: what a server sends is a count of zero.
/// </summary>
internal sealed class SpdyHeaderDeflater : IDisposable
{
    private readonly MemoryStream _compressed = new();
    private readonly ZLibStream _deflater;

    public SpdyHeaderDeflater() => _deflater = new(_compressed, CompressionLevel.Fastest);

    /// <summary>The block as it goes on the wire.</summary>
    public ReadOnlyMemory<byte> Deflate(IReadOnlyDictionary<string, string> headers)
    {
        var block = new ArrayBufferWriter<byte>();
        SpdyHeaderBlock.Encode(headers, block);
        _compressed.SetLength(0);
        _deflater.Write(block.WrittenSpan);
        _deflater.Flush();
        return _compressed.ToArray();
    }

    public void Dispose() => _deflater.Dispose();
}

using System.Buffers;
using System.Buffers.Text;

namespace ActorOrch.Gateway.Streaming.WebSockets;

/// <summary>Takes the messages of a client apart as their pieces come. No message is gathered, however long it is.</summary>
internal sealed class ChannelMessage(ChannelProtocol protocol)
{
    private const int QuadBytes = 4;

    private readonly byte[] _carried = new byte[QuadBytes];
    private int _carriedCount;
    private bool _inside;

    /// <summary>Of the piece read last; null while that is not known.</summary>
    public int? Channel { get; private set; }

    /// <summary>The channel that the piece read last has ended.</summary>
    public int? Ends { get; private set; }

    /// <summary>The data in a piece of a message, decoded in place. Throws <see cref="IOException"/> for what is not base64.</summary>
    /// <param name="last">The message ends with it.</param>
    public ReadOnlyMemory<byte> Read(Memory<byte> piece, bool last)
    {
        Ends = null;
        if (!_inside)
        {
            Channel = null;
            if (piece.Length == 0) return default;
            Channel = protocol.Base64 ? piece.Span[0] - '0' : piece.Span[0];
            piece = piece[1..];
        }
        _inside = !last;
        if (protocol.HalfCloses && Channel == ChannelProtocol.CloseChannel)
        {
            if (piece.Length > 0) Ends = piece.Span[0];
            return default;
        }
        return protocol.Base64 ? Decode(piece, last) : piece;
    }

    private ReadOnlyMemory<byte> Decode(Memory<byte> piece, bool last)
    {
        var text = new byte[_carriedCount + piece.Length];
        _carried.AsSpan(0, _carriedCount).CopyTo(text);
        piece.Span.CopyTo(text.AsSpan(_carriedCount));
        var whole = last ? text.Length : text.Length / QuadBytes * QuadBytes;
        _carriedCount = text.Length - whole;
        text.AsSpan(whole).CopyTo(_carried);
        if (Base64.DecodeFromUtf8InPlace(text.AsSpan(0, whole), out var count) != OperationStatus.Done) throw new IOException("a message that is not base64");
        return text.AsMemory(0, count);
    }
}

using System.Buffers;
using System.IO.Pipelines;
using ActorOrch.Gateway.Routing;

namespace ActorOrch.Gateway.Answers;

/// <summary>
/// Writes to a body through large pieces of memory. A pipe's own are of 4 KB, and each becomes a TLS record and a write of its own; a long
/// list would spend most of its time on those.
/// </summary>
/// <param name="firstBytes">The size of the first piece of what is flushed together; the next are larger, up to <see cref="PieceBytes"/>.</param>
/// <param name="answered">The request that this answers, where a client that does not read is to be cut.</param>
internal sealed class LargePieces(PipeWriter body, int firstBytes = LargePieces.PieceBytes, ApiRequest? answered = null) : IBufferWriter<byte>
{
    public const int PieceBytes = 64 * 1024;

    private Memory<byte> _piece;
    private int _used;
    private int _unflushed;
    private int _expected;

    /// <summary>Whether enough has gathered to be sent.</summary>
    public bool IsFull => _unflushed >= PieceBytes;

    public bool IsEmpty => _unflushed == 0;

    /// <summary>Announces about how many bytes will be written before the next flush: they go into as few pieces as they fit.</summary>
    public void Expect(int bytes) => _expected = Math.Min(_unflushed + bytes, PieceBytes);

    public void Advance(int count)
    {
        _used += count;
        _unflushed += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_piece.Length - _used < Math.Max(sizeHint, 1)) Renew(sizeHint);
        return _piece[_used..];
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public ValueTask<FlushResult> FlushAsync(CancellationToken cancel)
    {
        Commit();
        _piece = default;
        _unflushed = 0;
        _expected = 0;
        var flush = body.FlushAsync(cancel);
        return flush.IsCompleted || answered?.Unread is not { } unread ? flush : unread.AwaitAsync(answered.Http, answered.Room?.Unread, flush);
    }

    private void Renew(int sizeHint)
    {
        Commit();
        // One small event does not take a large piece: thousands may be on their way at once.
        _piece = body.GetMemory(Math.Max(sizeHint, Math.Clamp(Math.Max(_unflushed, _expected - _unflushed), firstBytes, PieceBytes)));
    }

    private void Commit()
    {
        // A body that has given no memory yet takes no Advance, not even by nothing.
        if (_used > 0) body.Advance(_used);
        _used = 0;
    }
}

using System.Buffers;
using System.IO.Pipelines;
using ActorOrch.Gateway.Streaming.Spdy;

namespace ActorOrch.Gateway.Tests.Streaming.Spdy;

/// <summary>What a client got: a control frame, or data of a stream.</summary>
public sealed record SpdyReceived(string Kind, int StreamId, byte[] Data, bool Fin)
{
    public override string ToString() => $"{Kind} {StreamId}{(Data.Length > 0 ? $" {Data.Length} bytes" : "")}{(Fin ? " fin" : "")}";
}

/// <summary>The client's end of a SPDY connection, frame by frame.</summary>
internal sealed class SpdyTestClient(Stream transport) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly PipeReader _input = PipeReader.Create(transport);
    private readonly SpdyHeaderDeflater _deflater = new();
    private readonly SpdyHeaderInflater _inflater = new();
    private int _nextId = -1;

    /// <summary>Opens a stream; its id.</summary>
    public async Task<int> OpenAsync(params (string Name, string Value)[] headers)
    {
        var id = _nextId += 2;
        await SendAsync(new SpdyControlFrame.SynStream(id, 0, 0, Fin: false, Unidirectional: false, _deflater.Deflate(headers.ToDictionary(h => h.Name, h => h.Value))));
        return id;
    }

    public async Task SendAsync(SpdyControlFrame frame)
    {
        var output = new ArrayBufferWriter<byte>();
        frame.Write(output);
        await transport.WriteAsync(output.WrittenMemory);
        await transport.FlushAsync();
    }

    public async Task SendAsync(int streamId, ReadOnlyMemory<byte> data, bool fin = false)
    {
        var frame = new byte[SpdyFrameHeader.Bytes + data.Length];
        new SpdyFrameHeader(null, streamId, fin ? SpdyFrameHeader.Fin : (byte)0, data.Length).Write(frame);
        data.CopyTo(frame.AsMemory(SpdyFrameHeader.Bytes));
        await transport.WriteAsync(frame);
        await transport.FlushAsync();
    }

    /// <summary>The next frame but for grants of flow control; null at the end of the connection.</summary>
    public async Task<SpdyReceived?> ReceiveAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            if (await TakeAsync(SpdyFrameHeader.Bytes, patience.Token) is not { } first) return null;
            var header = SpdyFrameHeader.Parse(first);
            var payload = await TakeAsync(header.Length, patience.Token) ?? throw new EndOfStreamException("half a frame");
            if (header.Type is null) return new("data", header.StreamId, payload, (header.Flags & SpdyFrameHeader.Fin) != 0);
            switch (SpdyControlFrame.Parse(header, payload))
            {
                case SpdyControlFrame.WindowUpdate:
                    continue;
                case SpdyControlFrame.SynReply reply:
                    return new("reply", reply.StreamId, [], reply.Fin && SpdyHeaderBlock.Decode(_inflater.Inflate(reply.HeaderBlock)).Count >= 0);
                case SpdyControlFrame.RstStream reset:
                    return new($"reset {reset.Status}", reset.StreamId, [], false);
                case SpdyControlFrame.Ping ping:
                    return new("ping", (int)ping.Id, [], false);
                case SpdyControlFrame.GoAway away:
                    return new($"go away {(int)away.Status}", away.LastGoodStreamId, [], false);
                case var other:
                    return new(other.GetType().Name, 0, [], false);
            }
        }
    }

    /// <summary>All frames until the connection ends, data of a stream joined.</summary>
    public async Task<Dictionary<int, byte[]>> ReceiveDataAsync()
    {
        var data = new Dictionary<int, byte[]>();
        while (await ReceiveAsync() is { } frame)
            if (frame.Kind == "data") data[frame.StreamId] = [.. data.GetValueOrDefault(frame.StreamId, []), .. frame.Data];
        return data;
    }

    private async Task<byte[]?> TakeAsync(int count, CancellationToken cancel)
    {
        // A read of nothing would wait for something.
        if (count == 0) return [];
        var read = await _input.ReadAtLeastAsync(count, cancel);
        if (read.Buffer.Length < count) return null;
        var bytes = read.Buffer.Slice(0, count).ToArray();
        _input.AdvanceTo(read.Buffer.GetPosition(count));
        return bytes;
    }

    public void Dispose()
    {
        _deflater.Dispose();
        _inflater.Dispose();
    }
}

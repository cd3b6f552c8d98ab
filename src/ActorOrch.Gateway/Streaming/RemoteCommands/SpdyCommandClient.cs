using System.Text.Json.Nodes;
using ActorOrch.Contracts.Streams;
using ActorOrch.Gateway.Streaming.Spdy;

namespace ActorOrch.Gateway.Streaming.RemoteCommands;

/// <summary>Speaks <c>exec</c> and <c>attach</c> over SPDY: the client opens a stream for each of the process's, and one for the outcome.</summary>
internal sealed class SpdyCommandClient : IRemoteCommandClient
{
    private const string TypeHeader = "streamType";
    private const string Error = "error";

    private readonly SpdyConnection _connection;
    private readonly SpdyCommandProtocol _protocol;
    private readonly Dictionary<string, SpdyStream> _streams;

    private SpdyCommandClient(SpdyConnection connection, SpdyCommandProtocol protocol, bool tty, Dictionary<string, SpdyStream> streams, Task gone)
    {
        _connection = connection;
        _protocol = protocol;
        _streams = streams;
        Gone = gone;
        Streams = new(
            streams.GetValueOrDefault("stdin")?.Input,
            streams.GetValueOrDefault("stdout")?.Output,
            streams.GetValueOrDefault("stderr")?.Output,
            tty,
            streams.GetValueOrDefault("resize") is { } resize ? TerminalSizes.ReadAsync(resize.Input) : null);
    }

    public CommandStreams Streams { get; }

    public Task Gone { get; }

    /// <summary>Waits for the streams that the options ask for. Throws <see cref="IOException"/> where the client disconnects before it has opened them.</summary>
    public static async Task<IRemoteCommandClient> OpenAsync(
        SpdyConnection connection, SpdyCommandProtocol protocol, RemoteCommandOptions options, CancellationToken opening, CancellationToken cancel)
    {
        var gone = connection.RunAsync(cancel);
        try
        {
            var streams = await AcceptAsync(connection, Wanted(protocol, options).ToHashSet(), opening).ConfigureAwait(false);
            return new SpdyCommandClient(connection, protocol, options.Tty, streams, gone);
        }
        catch (Exception)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async Task FinishAsync(JsonObject status, CancellationToken cancel)
    {
        foreach (var (type, stream) in _streams)
        {
            if (type == Error) continue;
            await stream.Input.DisposeAsync().ConfigureAwait(false);
            await stream.Output.DisposeAsync().ConfigureAwait(false);
        }
        var error = _streams[Error].Output;
        var outcome = RemoteCommandStatus.Encode(status, _protocol.StructuredStatus);
        if (outcome.Length > 0) await error.WriteAsync(outcome, cancel).ConfigureAwait(false);
        await error.DisposeAsync().ConfigureAwait(false);
        await Gone.WaitAsync(cancel).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var stream in _streams.Values) await stream.Input.DisposeAsync().ConfigureAwait(false);
        await _connection.GoAwayAsync().ConfigureAwait(false);
        await _connection.DisposeAsync().ConfigureAwait(false);
    }

    private static async Task<Dictionary<string, SpdyStream>> AcceptAsync(SpdyConnection connection, HashSet<string> wanted, CancellationToken cancel)
    {
        var streams = new Dictionary<string, SpdyStream>();
        while (wanted.Count > 0)
        {
            if (!await connection.Opened.WaitToReadAsync(cancel).ConfigureAwait(false)) throw new IOException("the client has disconnected");
            while (wanted.Count > 0 && connection.Opened.TryRead(out var stream))
            {
                var type = stream.Headers.First(TypeHeader);
                if (wanted.Remove(type))
                {
                    streams[type] = stream;
                    await stream.AcceptAsync(cancel).ConfigureAwait(false);
                }
                else
                {
                    await stream.ResetAsync(SpdyStatus.RefusedStream, cancel).ConfigureAwait(false);
                }
            }
        }
        connection.Complete();
        while (connection.Opened.TryRead(out var surplus)) await surplus.ResetAsync(SpdyStatus.RefusedStream, cancel).ConfigureAwait(false);
        return streams;
    }

    private static IEnumerable<string> Wanted(SpdyCommandProtocol protocol, RemoteCommandOptions options)
    {
        yield return Error;
        if (options.Stdin) yield return "stdin";
        if (options.Stdout) yield return "stdout";
        if (options.Stderr) yield return "stderr";
        if (options.Tty && protocol.Resizes) yield return "resize";
    }
}

using System.Net.Sockets;

namespace ActorOrch.Registry.Tests.Persistence.Failures;

/// <summary>Stands between clients and a PostgreSQL server on Unix sockets, and can lose the answer to a commit together with its connection.</summary>
internal sealed class PostgreSqlProxy : IAsyncDisposable
{
    // By PostgreSQL's convention: the name of a server's socket in its directory.
    private const string SocketName = ".s.PGSQL.5432";

    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource _end = new();
    private readonly TemporaryDirectory _directory = new();
    private readonly string _server;
    private readonly Task _accepting;
    private int _answersToLose;

    /// <param name="serverDirectory">Where the server's socket is.</param>
    public PostgreSqlProxy(string serverDirectory)
    {
        _server = Path.Combine(serverDirectory, SocketName);
        _listener.Bind(new UnixDomainSocketEndPoint(Path.Combine(_directory.Path, SocketName)));
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    /// <summary>The host that clients connect to.</summary>
    public string Host => _directory.Path;

    /// <summary>The next answer to a COMMIT does not arrive: its connection breaks instead. The server has committed by then.</summary>
    public void LoseNextCommitAnswer() => Interlocked.Exchange(ref _answersToLose, 1);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _directory.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var client = await _listener.AcceptAsync(_end.Token);
            _ = ServeAsync(client);
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var server = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        using (client)
        {
            try
            {
                await server.ConnectAsync(new UnixDomainSocketEndPoint(_server), _end.Token);
                await Task.WhenAny(CopyAsync(client, server, losing: false), CopyAsync(server, client, losing: true));
            }
            catch (Exception broken) when (broken is SocketException or OperationCanceledException)
            {
                // Either side has gone; so does the other.
            }
        }
    }

    private async Task CopyAsync(Socket from, Socket to, bool losing)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReceiveAsync(buffer, _end.Token) is > 0 and var count)
        {
            // CommandComplete carries the command's name.
            if (losing && buffer.AsSpan(0, count).IndexOf("COMMIT\0"u8) >= 0 && Interlocked.Exchange(ref _answersToLose, 0) == 1) return;
            for (var sent = 0; sent < count;) sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), _end.Token);
        }
    }
}

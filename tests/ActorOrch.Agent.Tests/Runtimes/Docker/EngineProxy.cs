using System.Collections.Concurrent;
using System.Net.Sockets;

namespace ActorOrch.Agent.Tests.Runtimes.Docker;

/// <summary>A socket in front of the machine's engine that can stop to pass anything on, in either direction, and can cut what is open.</summary>
internal sealed class EngineProxy : IAsyncDisposable
{
    private static readonly UnixDomainSocketEndPoint Engine = new("/var/run/docker.sock");

    private readonly string _directory = Directory.CreateTempSubdirectory("engine-proxy-").FullName;
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly ConcurrentDictionary<Socket, bool> _open = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private TaskCompletionSource _passes = new();

    public EngineProxy()
    {
        _passes.SetResult();
        _listener.Bind(new UnixDomainSocketEndPoint(Path.Combine(_directory, "docker.sock")));
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"unix://{_directory}/docker.sock");

    public void Stall() => _passes = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Resume() => _passes.TrySetResult();

    public void Cut()
    {
        foreach (var socket in _open.Keys) socket.Close();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Resume();
        Cut();
        await _accepting;
        _listener.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptAsync(_stop.Token);
                var engine = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await engine.ConnectAsync(Engine, _stop.Token);
                _open[client] = _open[engine] = true;
                _ = Task.WhenAll(PassAsync(client, engine), PassAsync(engine, client));
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task PassAsync(Socket from, Socket to)
    {
        var buffer = new byte[32 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and var count)
            {
                await _passes.Task;
                for (var sent = 0; sent < count;) sent += await to.SendAsync(buffer.AsMemory(sent, count - sent));
            }
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception over) when (over is SocketException or ObjectDisposedException)
        {
            // Either side has gone, and the other with it.
            from.Close();
            to.Close();
        }
    }
}

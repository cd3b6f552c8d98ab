using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ActorOrch.Networking.Tests.Machines;

/// <summary>A server that says its name and the caller's address, and hangs up. Told to end, it first serves whoever has reached it.</summary>
internal sealed class TcpEcho : IDisposable
{
    private readonly TcpListener _listener;
    private readonly string _name;
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _loop;

    public TcpEcho(TcpListener listener, string name)
    {
        _listener = listener;
        _name = name;
        listener.Start(512);
        _loop = Task.Run(ServeAsync);
    }

    private async Task ServeAsync()
    {
        while (!_ending.IsCancellationRequested)
        {
            try
            {
                await AnswerAsync(await _listener.AcceptSocketAsync(_ending.Token));
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }
        while (_listener.Pending()) await AnswerAsync(await _listener.AcceptSocketAsync());
    }

    private async Task AnswerAsync(Socket socket)
    {
        using (socket)
        {
            var caller = ((IPEndPoint)socket.RemoteEndPoint!).Address;
            await socket.SendAsync(Encoding.ASCII.GetBytes($"{_name} {(caller.IsIPv4MappedToIPv6 ? caller.MapToIPv4() : caller)}"));
            socket.Shutdown(SocketShutdown.Both);
        }
    }

    public void Dispose()
    {
        if (_loop.IsCompleted) return;
        _ending.Cancel();
        _loop.GetAwaiter().GetResult();
        _listener.Stop();
        _ending.Dispose();
    }
}

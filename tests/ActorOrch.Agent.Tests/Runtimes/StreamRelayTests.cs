using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ActorOrch.Agent.Runtimes;
using ActorOrch.Testing;

namespace ActorOrch.Agent.Tests.Runtimes;

public sealed class StreamRelayTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_client_that_never_ends_its_half_sees_the_end_after_the_pod_has_closed()
    {
        using var ends = await ConnectAsync();
        var (fromClient, toClient) = (new Pipe(), new Pipe());
        var relay = StreamRelay.RunAsync(ends.Here, fromClient.Reader.AsStream(), toClient.Writer.AsStream(), CancellationToken.None);

        await ends.Pod.SendAsync(Encoding.ASCII.GetBytes("goodbye"));
        ends.Pod.Close();

        Assert.Equal("goodbye", await ReadToEndAsync(toClient));
        await relay.WaitAsync(Patience);
    }

    [Fact]
    public async Task What_a_client_still_sends_in_the_moment_after_the_pods_last_word_arrives()
    {
        var time = new ManualTime();
        using var ends = await ConnectAsync();
        var (fromClient, toClient) = (new Pipe(), new Pipe());
        var relay = StreamRelay.RunAsync(ends.Here, fromClient.Reader.AsStream(), toClient.Writer.AsStream(), CancellationToken.None, time);

        ends.Pod.Shutdown(SocketShutdown.Send);
        Assert.Equal("", await ReadToEndAsync(toClient));
        await fromClient.Writer.WriteAsync(Encoding.ASCII.GetBytes("last words"));
        await fromClient.Writer.CompleteAsync();

        var received = new StringBuilder();
        var buffer = new byte[100];
        while (await ends.Pod.ReceiveAsync(buffer).WaitAsync(Patience) is > 0 and var count) received.Append(Encoding.ASCII.GetString(buffer, 0, count));
        Assert.Equal("last words", received.ToString());
        await relay.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_client_that_has_ended_its_half_still_gets_all_that_the_pod_sends()
    {
        using var ends = await ConnectAsync();
        var (fromClient, toClient) = (new Pipe(), new Pipe());
        await fromClient.Writer.CompleteAsync();
        var relay = StreamRelay.RunAsync(ends.Here, fromClient.Reader.AsStream(), toClient.Writer.AsStream(), CancellationToken.None);

        Assert.Equal(0, await ends.Pod.ReceiveAsync(new byte[1]).WaitAsync(Patience));
        await ends.Pod.SendAsync(Encoding.ASCII.GetBytes("all of it"));
        ends.Pod.Close();

        Assert.Equal("all of it", await ReadToEndAsync(toClient));
        await relay.WaitAsync(Patience);
    }

    private static async Task<string> ReadToEndAsync(Pipe pipe)
    {
        using var reader = new StreamReader(pipe.Reader.AsStream(), Encoding.ASCII);
        return await reader.ReadToEndAsync().WaitAsync(Patience);
    }

    private static async Task<Ends> ConnectAsync()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var here = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await here.ConnectAsync(listener.LocalEndpoint);
        return new(here, await listener.AcceptSocketAsync());
    }

    private sealed record Ends(Socket Here, Socket Pod) : IDisposable
    {
        public void Dispose()
        {
            Here.Dispose();
            Pod.Dispose();
        }
    }
}

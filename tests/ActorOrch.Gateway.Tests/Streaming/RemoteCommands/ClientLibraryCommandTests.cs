using System.Text;
using ActorOrch.Gateway.Pki;
using k8s;

namespace ActorOrch.Gateway.Tests.Streaming.RemoteCommands;

/// <summary>The official C# client's exec, which speaks <c>v4.channel.k8s.io</c>.</summary>
public sealed class ClientLibraryCommandTests : StreamingTest
{
    [Fact]
    public async Task Output_is_read_and_the_exit_code_returned()
    {
        using var client = Connect();
        var output = "";

        var exitCode = await client.NamespacedPodExecAsync("p", "default", "a", ["say", "hello there"], tty: false, async (_, stdout, _) =>
        {
            output = await new StreamReader(stdout).ReadToEndAsync().WaitAsync(Patience);
        }, CancellationToken.None).WaitAsync(Patience);

        Assert.Equal((0, "hello there"), (exitCode, output));
        Assert.Equal(42, await client.NamespacedPodExecAsync("p", "default", "a", ["exit", "42"], tty: false, (_, _, _) => Task.CompletedTask, CancellationToken.None)
            .WaitAsync(Patience));
    }

    [Fact]
    public async Task Streams_are_written_and_read()
    {
        using var client = Connect();
        using var socket = await client.WebSocketNamespacedPodExecAsync("p", "default", ["copy"], "a", stdin: true, tty: false);
        using var streams = new StreamDemuxer(socket);
        streams.Start();
        using var stream = streams.GetStream(ChannelIndex.StdOut, ChannelIndex.StdIn);

        await stream.WriteAsync("hello"u8.ToArray().AsMemory());
        var answer = new byte[5];
        await stream.ReadExactlyAsync(answer).AsTask().WaitAsync(Patience);

        Assert.Equal("hello", Encoding.UTF8.GetString(answer));
    }

    private Kubernetes Connect()
    {
        var path = KubeconfigWriter.Write(Gateway.Scratch.Path, Gateway.Server.Address, Gateway.Pki);
        return new(KubernetesClientConfiguration.BuildConfigFromConfigFile(path));
    }
}

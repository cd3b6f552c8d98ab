using System.Diagnostics;
using System.Net.Sockets;
using ActorOrch.Agent.Runtimes.Docker;
using ActorOrch.Agent.Tests.Files;

namespace ActorOrch.Agent.Tests.Runtimes.Docker;

public sealed class EnginePeerTests : IDisposable
{
    private readonly TempTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Fact]
    public async Task Who_listens_in_the_same_mounts_shares_them()
    {
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(_tree.At("socket")));
        listener.Listen();

        Assert.True(await EnginePeer.SharesMountsAsync(new($"unix://{_tree.At("socket")}"), CancellationToken.None));
        Assert.False(await EnginePeer.SharesMountsAsync(new("http://127.0.0.1:2375"), CancellationToken.None));
    }

    [Fact]
    public async Task A_process_with_mounts_of_its_own_does_not_share_them()
    {
        using var other = Process.Start(new ProcessStartInfo("unshare", ["-m", "sh", "-c", "echo ready; read line"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        Assert.Equal("ready", await other.StandardOutput.ReadLineAsync());

        Assert.False(EnginePeer.SharesMounts(other.Id));
        Assert.False(EnginePeer.SharesMounts(0));
        Assert.True(EnginePeer.SharesMounts(Environment.ProcessId));

        other.StandardInput.Close();
        await other.WaitForExitAsync();
    }
}

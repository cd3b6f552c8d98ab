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

        Assert.True(await EnginePeer.SharesMountsAsync(new($"unix://{_tree.At("socket")}"), null, CancellationToken.None));
        Assert.False(await EnginePeer.SharesMountsAsync(new("http://127.0.0.1:2375"), null, CancellationToken.None));
    }

    [Fact]
    public async Task A_process_with_mounts_of_its_own_does_not_share_them()
    {
        using var other = Process.Start(new ProcessStartInfo("unshare", ["-m", "sh", "-c", "echo ready; read line"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        Assert.Equal("ready", await other.StandardOutput.ReadLineAsync());

        Assert.False(EnginePeer.SharesMounts(other.Id, _tree.Root));
        Assert.False(EnginePeer.SharesMounts(0, _tree.Root));
        Assert.True(EnginePeer.SharesMounts(Environment.ProcessId, null));

        other.StandardInput.Close();
        await other.WaitForExitAsync();
    }

    [Fact]
    public async Task A_directory_in_a_mount_that_both_share_is_shared_though_the_namespaces_are_two()
    {
        TempTree.Shell($"mkdir {_tree.At("data")} && mount --bind {_tree.At("data")} {_tree.At("data")} && mount --make-shared {_tree.At("data")} && mkdir {_tree.At("data/pods")}");
        try
        {
            using var other = Process.Start(new ProcessStartInfo("unshare", ["-m", "--propagation", "unchanged", "sh", "-c", "echo ready; read line"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            })!;
            Assert.Equal("ready", await other.StandardOutput.ReadLineAsync());

            Assert.True(EnginePeer.SharesMounts(other.Id, _tree.At("data/pods")));
            Assert.False(EnginePeer.SharesMounts(other.Id, null));

            other.StandardInput.Close();
            await other.WaitForExitAsync();
        }
        finally
        {
            TempTree.Shell($"umount {_tree.At("data")}");
        }
    }

    [Fact]
    public async Task A_mount_that_is_private_on_either_side_is_not_shared()
    {
        TempTree.Shell($"mkdir {_tree.At("data")} && mount --bind {_tree.At("data")} {_tree.At("data")} && mount --make-private {_tree.At("data")}");
        try
        {
            using var other = Process.Start(new ProcessStartInfo("unshare", ["-m", "--propagation", "unchanged", "sh", "-c", "echo ready; read line"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            })!;
            Assert.Equal("ready", await other.StandardOutput.ReadLineAsync());

            Assert.False(EnginePeer.SharesMounts(other.Id, _tree.At("data")));

            other.StandardInput.Close();
            await other.WaitForExitAsync();
        }
        finally
        {
            TempTree.Shell($"umount {_tree.At("data")}");
        }
    }
}

using System.Text;
using ActorOrch.Agent.Files;

namespace ActorOrch.Agent.Tests.Files;

public sealed class TreeRemovalTests : IDisposable
{
    private readonly TempTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void A_tree_goes_with_all_that_is_in_it()
    {
        foreach (var path in (string[])["a/b/c/file", "a/b/file", "a/file", "a/.removed-0/x", "a/b/.removed-0/y", "a/b/c/.removed-1"]) _tree.Write(path);

        TreeRemoval.Remove(_tree.At("a"));

        Assert.Empty(Directory.EnumerateFileSystemEntries(_tree.Root));
    }

    [Fact]
    public void Nothing_there_is_no_error()
    {
        TreeRemoval.Remove(_tree.At("missing"));
        TreeRemoval.Remove(_tree.At("missing/below"));
    }

    [Fact]
    public void Links_go_and_what_they_point_at_stays()
    {
        _tree.Write("a/file");
        foreach (var (path, target) in ((string, string)[])[("a/dir", _tree.Victim), ("a/b/up", "../../../victim"), ("a/b/file", Path.Combine(_tree.Victim, "file")), ("a/b/loop", ".")])
            _tree.Link(path, target);
        _tree.Link("top", _tree.Victim);

        TreeRemoval.Remove(_tree.At("a"));
        TreeRemoval.Remove(_tree.At("top"));

        _tree.AssertVictimIsWhole();
        Assert.Empty(Directory.EnumerateFileSystemEntries(_tree.Root));
    }

    [Fact]
    public void Depth_costs_neither_stack_nor_descriptors()
    {
        const int levels = 20_000;
        var at = _tree.Open();
        for (var i = 0; i < levels; i++)
        {
            using var parent = at;
            at = parent.EnsureDirectory("d", (UnixFileMode)0b111_000_000);
        }
        at.CreateFile("file", "x"u8, UnixFileMode.UserRead);
        at.Dispose();

        TreeRemoval.Remove(_tree.At("d"));

        Assert.Empty(Directory.EnumerateFileSystemEntries(_tree.Root));
    }

    [Fact]
    public void Names_need_not_be_text()
    {
        TempTree.Shell($"cd {_tree.Root} && mkdir -p \"$(printf 'a/\\377\\376/\\200')\" && touch \"$(printf 'a/\\377\\376/\\201')\" \"$(printf 'a/\\302\\n')\" && mkfifo a/pipe");
        using (var root = _tree.Open()) TreeRemoval.Remove(root, FileName.Of([.. Encoding.UTF8.GetBytes("a"), 0]));

        Assert.Empty(Directory.EnumerateFileSystemEntries(_tree.Root));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("a/b")]
    [InlineData("a/b/c/d")]
    public void Nothing_is_deleted_through_a_mount(string place)
    {
        Directory.CreateDirectory(_tree.At(place));
        TempTree.Shell($"mount --bind {_tree.Victim} {_tree.At(place)}");

        var refused = Assert.ThrowsAny<IOException>(() => TreeRemoval.Remove(_tree.At("a")));

        Assert.Contains("is a mount: it is not deleted", refused.Message, StringComparison.Ordinal);
        _tree.AssertVictimIsWhole();
    }

    [Fact]
    public void A_file_that_is_mounted_is_not_deleted()
    {
        _tree.Write("a/file");
        TempTree.Shell($"mount --bind {_tree.Victim}/file {_tree.At("a/file")}");

        Assert.ThrowsAny<IOException>(() => TreeRemoval.Remove(_tree.At("a")));

        _tree.AssertVictimIsWhole();
    }

    [Fact]
    public async Task A_directory_that_is_exchanged_for_a_link_leads_nowhere()
    {
        using var stop = new CancellationTokenSource();
        var attacker = Task.Run(() =>
        {
            // As a process would that was let into the volume: again and again a directory, then a link in its place.
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    Directory.CreateDirectory(_tree.At("a/d"));
                    Directory.Move(_tree.At("a/d"), _tree.At("a/old"));
                    File.CreateSymbolicLink(_tree.At("a/d"), _tree.Victim);
                    File.Delete(_tree.At("a/d"));
                    Directory.Delete(_tree.At("a/old"));
                }
                catch (IOException)
                {
                    // The other side was faster.
                }
            }
        });
        for (var i = 0; i < 500; i++)
        {
            for (var j = 0; j < 8; j++) _tree.Write($"a/d{j}/file");
            try
            {
                TreeRemoval.Remove(_tree.At("a"));
            }
            catch (IOException)
            {
                // It may give up; it may not go astray.
            }
        }
        await stop.CancelAsync();
        await attacker;

        _tree.AssertVictimIsWhole();
    }
}

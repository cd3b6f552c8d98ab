using ActorOrch.Agent.Files;

namespace ActorOrch.Agent.Tests.Files;

public sealed class MountTableTests : IDisposable
{
    private readonly TempTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Theory]
    [InlineData("36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue", 36, "/mnt2", "/mnt1", null, "ext3", "/dev/root")]
    [InlineData("36 35 98:0 / /a rw shared:17 master:1 - ext3 shared:3 rw", 36, "/a", "/", "17", "ext3", "shared:3")]
    [InlineData(@"41 2 0:35 / /with\040blank/tab\011/back\134slash rw - tmpfs a\040name rw", 41, "/with blank/tab\t/back\\slash", "/", null, "tmpfs", "a name")]
    public void A_line_is_read_as_the_kernel_writes_it(string line, ulong id, string point, string root, string? group, string system, string source) =>
        Assert.Equal(new MountTable.Mount(id, point, root, group, system, source), MountTable.Parse(line));

    [Theory]
    [InlineData("/a/b/c", 3ul)]
    [InlineData("/a/b", 3ul)]
    [InlineData("/a/bc", 1ul)]
    [InlineData("/x", 0ul)]
    public void A_path_leads_into_the_last_of_the_nearest_mounts(string path, ulong id)
    {
        MountTable.Mount[] mounts = [At(0, "/"), At(1, "/a"), At(2, "/a/b"), At(3, "/a/b"), At(4, "/a/b/c/d")];

        Assert.Equal(id, MountTable.Covering(mounts, path)?.Id);

        static MountTable.Mount At(ulong id, string point) => new(id, point, "/", null, "tmpfs", "none");
    }

    [Theory]
    [InlineData("CapEff:\t000001ffffffffff", true)]
    [InlineData("CapEff:\t0000000000200000", true)]
    [InlineData("CapEff:\t00000000a80425fb", false)]
    [InlineData("CapPrm:\t000001ffffffffff", false)]
    public void Who_may_mount_is_told_by_the_effective_capabilities(string line, bool may) => Assert.Equal(may, Mounting.ReadCapabilities(["Name:\tx", line]));

    [Fact]
    public void All_that_is_mounted_below_goes_and_nothing_else()
    {
        Directory.CreateDirectory(_tree.At("pod/a b/c"));
        Directory.CreateDirectory(_tree.At("pod-2"));
        var odd = _tree.At("pod") + "/\"$(printf '\\377')\"";
        TempTree.Shell($"mkdir {odd}; for at in '{_tree.At("pod/a b")}' {odd} '{_tree.At("pod")}' '{_tree.At("pod-2")}'; do mount -t tmpfs none \"$at\" || exit 1; done");
        TempTree.Shell($"mkdir -p {_tree.At("pod")}/x && mount --bind {_tree.Victim} {_tree.At("pod")}/x && mount --bind {_tree.Victim} {_tree.At("pod")}/x");

        // The uppermost mount covers the others: it is of the directory itself.
        using (var covered = Descriptor.OpenPath(_tree.Root)) MountTable.UnmountBelow(covered);

        Assert.DoesNotContain(MountTable.Read(), m => m.Point.StartsWith(_tree.Root + "/", StringComparison.Ordinal));
        _tree.AssertVictimIsWhole();
    }

    [Fact]
    public void A_mount_elsewhere_is_safe_behind_a_link()
    {
        Directory.CreateDirectory(_tree.At("pod/a/b"));
        TempTree.Shell($"mkdir -p {_tree.Victim}/b && mount --bind {_tree.Victim} {_tree.Victim}/b && mount --bind {_tree.Victim} {_tree.At("pod/a/b")}");
        // The directory with the mount is moved away, and a link to a directory with another mount of that name stands there.
        TempTree.Shell($"mv {_tree.At("pod/a")} {_tree.At("pod/z")} && ln -s {_tree.Victim} {_tree.At("pod/a")}");

        using (var pod = Descriptor.OpenPath(_tree.At("pod"))) MountTable.UnmountBelow(pod);

        Assert.DoesNotContain(MountTable.Read(), m => m.Point.StartsWith(_tree.At("pod"), StringComparison.Ordinal));
        Assert.Contains(MountTable.Read(), m => m.Point == $"{_tree.Victim}/b");
        TempTree.Shell($"umount {_tree.Victim}/b && rmdir {_tree.Victim}/b");
        _tree.AssertVictimIsWhole();
    }

    [Fact]
    public void What_is_bound_is_seen_and_leaves_the_source_alone_when_it_goes()
    {
        Directory.CreateDirectory(_tree.At("place"));
        _tree.Write("file-place");
        using var root = _tree.Open();
        using (var directory = Descriptor.OpenPath(_tree.Victim)) Mounting.Bind(directory, root, "place", shared: false);
        using (var file = Descriptor.OpenPath(Path.Combine(_tree.Victim, "file"))) Mounting.Bind(file, root, "file-place", shared: false);
        Assert.Equal("precious", File.ReadAllText(_tree.At("place/file")));
        Assert.Equal("precious", File.ReadAllText(_tree.At("file-place")));

        Mounting.UnmountAll(root, "place");
        Mounting.UnmountAll(root, "file-place");
        Mounting.UnmountAll(root, "missing");

        Assert.Empty(Directory.EnumerateFileSystemEntries(_tree.At("place")));
        _tree.AssertVictimIsWhole();
    }
}

using ActorOrch.Agent.Tests.Files;
using ActorOrch.Agent.Volumes;

namespace ActorOrch.Agent.Tests.Volumes;

public sealed class HostPathsTests : IDisposable
{
    private readonly TempTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Theory]
    [InlineData("dir", "Directory", null)]
    [InlineData("dir-link", "Directory", null)]
    [InlineData("dir", "DirectoryOrCreate", null)]
    [InlineData("dir", "File", "a file")]
    [InlineData("file", "File", null)]
    [InlineData("file-link", "File", null)]
    [InlineData("file", "FileOrCreate", null)]
    [InlineData("file", "Directory", "a directory")]
    [InlineData("file", "Socket", "a socket file")]
    [InlineData("pipe", "File", "a file")]
    [InlineData("pipe", "Socket", "a socket file")]
    [InlineData("null", "CharDevice", null)]
    [InlineData("null", "BlockDevice", "a block device")]
    [InlineData("null", "Socket", "a socket file")]
    [InlineData("null", "File", "a file")]
    [InlineData("missing", "Directory", "a directory")]
    [InlineData("missing", "File", "a file")]
    [InlineData("pipe", "", null)]
    public void What_is_there_has_to_be_of_the_type(string path, string type, string? refused)
    {
        _tree.Write("file");
        Directory.CreateDirectory(_tree.At("dir"));
        _tree.Link("dir-link", "dir");
        _tree.Link("file-link", "file");
        TempTree.Shell($"mkfifo {_tree.At("pipe")}; mknod {_tree.At("null")} c 1 3");

        if (refused is null) Assert.Equal(_tree.At(path), Prepare(path, type));
        else Assert.Equal($"hostPath type check failed: {_tree.At(path)} is not {refused}", Assert.Throws<VolumeException>(() => Prepare(path, type)).Message);
    }

    [Theory]
    [InlineData("", "a/b", "755 directory")]
    [InlineData("DirectoryOrCreate", "a/b", "755 directory")]
    [InlineData("FileOrCreate", "file", "644 regular empty file")]
    public void What_is_missing_is_made_for_all_to_read(string type, string path, string expected)
    {
        Prepare(path, type);

        Assert.Equal(expected + "\n", TempTree.Shell($"stat -c '%a %F' {_tree.At(path)}"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("DirectoryOrCreate")]
    [InlineData("FileOrCreate")]
    public void Nothing_is_made_where_a_link_leads_to(string type)
    {
        _tree.Link("link", Path.Combine(_tree.Victim, "new"));

        Assert.ThrowsAny<IOException>(() => Prepare("link", type));

        _tree.AssertVictimIsWhole();
    }

    [Theory]
    [InlineData("", "relative-host-path/a")]
    [InlineData("DirectoryOrCreate", "relative-host-path/a")]
    [InlineData("FileOrCreate", "relative-host-path")]
    [InlineData("Directory", ".")]
    [InlineData("", "")]
    public void What_is_not_absolute_is_refused_before_anything_is_made(string type, string path)
    {
        var refused = Assert.Throws<VolumeException>(() => HostPaths.Prepare(new() { Path = path, Type = type }));

        Assert.Equal($"hostPath \"{path}\" must be an absolute path", refused.Message);
        Assert.False(Path.Exists("relative-host-path"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("FileOrCreate")]
    [InlineData("Directory")]
    public void A_zero_byte_is_refused(string type) => Assert.Throws<VolumeException>(() => Prepare("a\0b", type));

    private string Prepare(string path, string type) => HostPaths.Prepare(new() { Path = _tree.At(path), Type = type });
}

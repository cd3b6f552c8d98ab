using System.Text;
using ActorOrch.Agent.Volumes;

namespace ActorOrch.Agent.Tests.Volumes;

public sealed class AtomicWriterTests : IDisposable
{
    private static readonly DateTimeOffset Time = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly string _directory = Directory.CreateTempSubdirectory("agent-test").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Files_appear_through_the_data_link_with_their_mode()
    {
        AtomicWriter.Write(_directory, [File("a", "1"), File("dir/b", "2", UnixFileMode.UserRead)], Time);

        Assert.Equal("..data/a", new FileInfo(Path.Combine(_directory, "a")).LinkTarget);
        Assert.Equal("2", System.IO.File.ReadAllText(Path.Combine(_directory, "dir/b")));
        Assert.Equal(UnixFileMode.UserRead, System.IO.File.GetUnixFileMode(Path.Combine(_directory, "dir/b")));
    }

    [Fact]
    public void The_same_content_is_not_written_again() =>
        Assert.Equal((true, false), (AtomicWriter.Write(_directory, [File("a", "1")], Time), AtomicWriter.Write(_directory, [File("a", "1")], Time)));

    [Fact]
    public void A_change_replaces_all_files_and_leaves_nothing_of_the_old_ones()
    {
        AtomicWriter.Write(_directory, [File("a", "1"), File("b", "1")], Time);
        AtomicWriter.Write(_directory, [File("a", "2"), File("c", "2")], Time);

        Assert.Equal("2", System.IO.File.ReadAllText(Path.Combine(_directory, "a")));
        Assert.Equal(["a", "c"], Directory.EnumerateFileSystemEntries(_directory).Select(Path.GetFileName).Where(n => !n!.StartsWith("..", StringComparison.Ordinal)).Order());
        Assert.Single(Directory.EnumerateDirectories(_directory), d => !d.EndsWith("..data", StringComparison.Ordinal));
    }

    private static ProjectedFile File(string path, string content, UnixFileMode mode = (UnixFileMode)0b110_100_100) => new(path, Encoding.UTF8.GetBytes(content), mode);
}

using System.Text;
using ActorOrch.Agent.Tests.Files;
using ActorOrch.Agent.Volumes;

namespace ActorOrch.Agent.Tests.Volumes;

public sealed class AtomicWriterTests : IDisposable
{
    private static readonly DateTimeOffset Time = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly TempTree _tree = new();
    private string _directory => _tree.Root;

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void Files_appear_through_the_data_link_with_their_mode()
    {
        Write([File("a", "1"), File("dir/b", "2", UnixFileMode.UserRead)], Time);

        Assert.Equal("..data/a", new FileInfo(Path.Combine(_directory, "a")).LinkTarget);
        Assert.Equal("2", System.IO.File.ReadAllText(Path.Combine(_directory, "dir/b")));
        Assert.Equal(UnixFileMode.UserRead, System.IO.File.GetUnixFileMode(Path.Combine(_directory, "dir/b")));
    }

    [Fact]
    public void The_same_content_is_not_written_again() =>
        Assert.Equal((true, false), (Write([File("a", "1")], Time), Write([File("a", "1")], Time)));

    [Fact]
    public void A_change_replaces_all_files_and_leaves_nothing_of_the_old_ones()
    {
        Write([File("a", "1"), File("b", "1")], Time);
        Write([File("a", "2"), File("c", "2")], Time);

        Assert.Equal("2", System.IO.File.ReadAllText(Path.Combine(_directory, "a")));
        Assert.Equal(["a", "c"], Directory.EnumerateFileSystemEntries(_directory).Select(Path.GetFileName).Where(n => !n!.StartsWith("..", StringComparison.Ordinal)).Order());
        Assert.Single(Directory.EnumerateDirectories(_directory), d => !d.EndsWith("..data", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{victim}")]
    [InlineData("../victim")]
    [InlineData("./../victim")]
    [InlineData("..2026_01_01_00_00_00.0000000/../../victim")]
    [InlineData("..2026_01_01_00_00_00.0000000\n")]
    [InlineData("/")]
    [InlineData(".")]
    [InlineData("..")]
    public void A_data_link_of_somebody_elses_is_replaced_and_its_target_left_alone(string target)
    {
        Write([File("a", "1")], Time);
        System.IO.File.Delete(Path.Combine(_directory, "..data"));
        _tree.Link("..data", target.Replace("{victim}", _tree.Victim, StringComparison.Ordinal));

        Assert.True(Write([File("a", "2")], Time.AddSeconds(1)));

        Assert.Equal("2", System.IO.File.ReadAllText(Path.Combine(_directory, "a")));
        _tree.AssertVictimIsWhole();
    }

    [Fact]
    public void Links_of_somebody_elses_are_replaced_wherever_they_stand()
    {
        Write([File("a", "1"), File("dir/b", "1")], Time);
        var current = new FileInfo(Path.Combine(_directory, "..data")).LinkTarget!;
        TempTree.Shell($"cd {_directory} && rm a dir && ln -s {_tree.Victim} a && ln -s {_tree.Victim} dir && ln -s {_tree.Victim} stray && ln -s {_tree.Victim} ..data_tmp");
        TempTree.Shell($"cd {_directory}/{current} && rm -r dir && ln -s {_tree.Victim} dir && ln -s {_tree.Victim} ../..2025_01_01_00_00_00.0000000");

        Assert.True(Write([File("a", "2"), File("dir/b", "2")], Time.AddSeconds(1)));

        Assert.Equal(("2", "2"), (System.IO.File.ReadAllText(Path.Combine(_directory, "a")), System.IO.File.ReadAllText(Path.Combine(_directory, "dir/b"))));
        Assert.Equal(["a", "dir"], Directory.EnumerateFileSystemEntries(_directory).Select(Path.GetFileName).Where(n => !n!.StartsWith("..", StringComparison.Ordinal)).Order());
        _tree.AssertVictimIsWhole();
    }

    [Fact]
    public void The_current_directory_may_be_a_link_of_somebody_elses()
    {
        Write([File("file", "precious")], Time);
        var current = Path.Combine(_directory, new FileInfo(Path.Combine(_directory, "..data")).LinkTarget!);
        TempTree.Shell($"rm -r {current} && ln -s {_tree.Victim} {current}");

        Assert.True(Write([File("file", "precious")], Time.AddSeconds(1)));

        Assert.False(new FileInfo(current).LinkTarget is not null);
        _tree.AssertVictimIsWhole();
    }

    [Fact]
    public void What_a_writer_that_was_cut_off_left_goes_with_the_next_change()
    {
        TempTree.Shell($"mkdir {_directory}/..2026_01_01_00_00_00.0000000 && touch {_directory}/..2026_01_01_00_00_00.0000000/x && ln -s nowhere {_directory}/..data_tmp");

        Write([File("a", "1")], Time);

        Assert.Equal(["..2026_01_01_00_00_00.0000000_1", "..data", "a"], Directory.EnumerateFileSystemEntries(_directory).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("../a")]
    [InlineData("a/../b")]
    [InlineData("..a")]
    [InlineData("/a")]
    [InlineData("a//b")]
    [InlineData("a\0b")]
    [InlineData("")]
    public void A_path_that_leads_elsewhere_is_refused(string path)
    {
        Assert.Throws<VolumeException>(() => Write([File(path, "1")], Time));

        Assert.Empty(Directory.EnumerateFileSystemEntries(_directory));
    }

    [Fact]
    public void The_pods_group_may_read_what_it_is_given()
    {
        Write([File("a/b", "1", UnixFileMode.UserRead)], Time, group: 4711);

        Assert.Equal("440 4711\n", TempTree.Shell($"stat -L -c '%a %g' {_directory}/a/b"));
        Assert.Equal("2755 4711\n", TempTree.Shell($"stat -L -c '%a %g' {_directory}/a"));
        Assert.False(Write([File("a/b", "1", UnixFileMode.UserRead)], Time, group: 4711));
        Assert.True(Write([File("a/b", "1", UnixFileMode.UserRead)], Time, group: 4712));
    }

    [Fact]
    public void The_later_of_two_sources_at_one_path_counts() =>
        Assert.Equal((true, false), (Write([File("a", "1"), File("a", "2")], Time), Write([File("a", "2")], Time)));

    private bool Write(IEnumerable<ProjectedFile> files, DateTimeOffset now, uint? group = null)
    {
        using var volume = _tree.Open();
        return AtomicWriter.Write(volume, files, now, group);
    }

    private static ProjectedFile File(string path, string content, UnixFileMode mode = (UnixFileMode)0b110_100_100) => new(path, Encoding.UTF8.GetBytes(content), mode);
}

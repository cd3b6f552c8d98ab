using ActorOrch.Registry.Files;

namespace ActorOrch.Registry.Tests.Files;

public class PathNoticesTests
{
    public static TheoryData<string> Changes => ["made", "removed", "renamed away", "renamed over", "linked", "directory removed", "directory moved", "rewritten", "cut"];

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_change_is_noticed_when_the_call_that_made_it_returns(string change)
    {
        using var outer = new TemporaryDirectory();
        var directory = Directory.CreateDirectory(Path.Combine(outer.Path, "d")).FullName;
        var (file, other) = (Path.Combine(directory, "file"), Path.Combine(outer.Path, "other"));
        File.WriteAllText(file, "content");
        File.WriteAllText(other, "other");
        using var notices = PathNotices.TryOpen()!;
        Assert.True(notices.TryWatchNames(directory));
        Assert.True(notices.TryWatchContent(file));
        Assert.False(notices.Any);

        switch (change)
        {
            case "made": File.WriteAllText(Path.Combine(directory, "new"), ""); break;
            case "removed": File.Delete(file); break;
            case "renamed away": File.Move(file, Path.Combine(outer.Path, "away")); break;
            case "renamed over": File.Move(other, file, overwrite: true); break;
            case "linked": File.CreateSymbolicLink(Path.Combine(directory, "link"), file); break;
            case "directory removed": Directory.Delete(directory, recursive: true); break;
            case "directory moved": Directory.Move(directory, Path.Combine(outer.Path, "moved")); break;
            case "rewritten": File.WriteAllText(file, "changed"); break;
            case "cut": using (var stream = File.OpenWrite(file)) stream.SetLength(0); break;
            default: throw new ArgumentOutOfRangeException(nameof(change), change, null);
        }

        Assert.True(notices.Any);
        notices.Clear();
        Assert.False(notices.Any);
    }

    [Fact]
    public void What_is_only_written_to_a_file_that_is_not_watched_is_none()
    {
        using var directory = new TemporaryDirectory();
        var file = Path.Combine(directory.Path, "log");
        File.WriteAllText(file, "");
        using var notices = PathNotices.TryOpen()!;
        Assert.True(notices.TryWatchNames(directory.Path));

        File.AppendAllText(file, "more");

        Assert.False(notices.Any);
    }

    [Fact]
    public void Nothing_is_taken_for_quiet_after_the_end()
    {
        using var directory = new TemporaryDirectory();
        var notices = PathNotices.TryOpen()!;
        notices.Dispose();

        Assert.True(notices.Any);
        Assert.False(notices.TryWatchNames(directory.Path));
        notices.Clear();
    }

    [Fact]
    public void A_path_that_is_not_there_cannot_be_watched()
    {
        using var notices = PathNotices.TryOpen()!;
        Assert.False(notices.TryWatchNames("/no/such/directory"));
    }
}

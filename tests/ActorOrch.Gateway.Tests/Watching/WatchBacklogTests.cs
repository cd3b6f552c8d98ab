using ActorOrch.Gateway.Watching;
using ActorOrch.Registry.Watching;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Gateway.Tests.Watching;

public sealed class WatchBacklogTests
{
    private static readonly StoredObject Object = new(BuiltIn.ConfigMaps, new("a", "b"), 1, []);

    [Fact]
    public void A_watcher_that_does_not_read_is_cut_once()
    {
        var cuts = 0;
        var backlog = new WatchBacklog(3, () => cuts++);
        backlog.Bound();

        for (var i = 0; i < 10; i++) backlog.Add([new(ChangeKind.Added, Object, null)]);

        Assert.Equal((1, true), (cuts, backlog.Overrun));
        Assert.Equal(3, Drain(backlog));
        Assert.True(backlog.Batches.Completion.IsCompleted);
    }

    [Fact]
    public void History_that_comes_at_once_does_not_count_as_falling_behind()
    {
        var backlog = new WatchBacklog(3, () => Assert.Fail("cut"));

        for (var i = 0; i < 10; i++) backlog.Add([new(ChangeKind.Added, Object, null)]);

        Assert.Equal(10, Drain(backlog));
    }

    [Fact]
    public void What_was_written_makes_room()
    {
        var backlog = new WatchBacklog(2, () => Assert.Fail("cut"));
        backlog.Bound();

        for (var i = 0; i < 10; i++)
        {
            IReadOnlyList<Change> changes = [new(ChangeKind.Added, Object, null)];
            backlog.Add(changes);
            backlog.Written(changes);
        }

        Assert.Equal(10, Drain(backlog));
    }

    [Fact]
    public void Few_large_changes_that_nobody_reads_are_too_many_as_well()
    {
        var cuts = 0;
        var backlog = new WatchBacklog(100, () => cuts++, mostBytes: 2500);
        backlog.Bound();

        for (var i = 0; i < 10; i++) backlog.Add([new(ChangeKind.Added, new(BuiltIn.ConfigMaps, new("a", "b"), 1, new byte[1000]), null)]);

        Assert.Equal((1, 2), (cuts, Drain(backlog)));
    }

    private static int Drain(WatchBacklog backlog)
    {
        var count = 0;
        while (backlog.Batches.TryRead(out _)) count++;
        return count;
    }
}

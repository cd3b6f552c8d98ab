using ActorOrch.Registry.Following;
using ActorOrch.Resources.Catalog;

namespace ActorOrch.Registry.Tests.Following;

public sealed class FollowerTests
{
    private readonly MirrorScript _mirror = new();
    private readonly Mailbox _mailbox = new();
    private readonly Picture _picture = new();

    [Fact]
    public void Everything_comes_first_and_then_each_commit()
    {
        _mirror.Commit(1);
        using var follower = Follower.Start(_mirror.Mirror, _mailbox, _picture.Handlers);
        _mirror.Commit(2, 3);
        _mirror.Commit(4);

        Assert.Equal(3, _mailbox.Count);
        _mailbox.Take();
        Assert.Equal((1, 2, Picture.TextOf(_mirror.Latest)), (_picture.Begun, _picture.Largest, _picture.Text));
    }

    [Fact]
    public void History_that_is_lost_gives_everything_anew()
    {
        using var follower = Follower.Start(_mirror.Mirror, _mailbox, _picture.Handlers);
        _mirror.Commit(1);
        _mirror.Lose(2, 3);
        _mirror.Commit(4);

        _mailbox.Take();
        Assert.Equal((2, Picture.TextOf(_mirror.Latest)), (_picture.Begun, _picture.Text));
    }

    [Fact]
    public void No_more_waits_for_a_slow_owner_than_may_and_it_goes_on_from_history()
    {
        using var follower = Follower.Start(_mirror.Mirror, _mailbox, _picture.Handlers, mostWaiting: 10);
        for (var i = 0; i < 1000; i++) _mirror.Commit(i % 8);
        // Everything, ten commits, and that there are more.
        Assert.Equal(12, _mailbox.Count);

        _mailbox.Take();
        Assert.Equal((1, 990, Picture.TextOf(_mirror.Latest)), (_picture.Begun, _picture.Largest, _picture.Text));
        _mirror.Commit(1);
        _mailbox.Take();
        Assert.Equal((1, Picture.TextOf(_mirror.Latest)), (_picture.Begun, _picture.Text));
    }

    [Fact]
    public void A_slow_owner_whose_history_is_gone_is_given_everything_anew()
    {
        using var follower = Follower.Start(_mirror.Mirror, _mailbox, _picture.Handlers, mostWaiting: 10);
        for (var i = 0; i < 100; i++) _mirror.Commit(i % 8);
        _mirror.Lose(3);

        _mailbox.Take();
        Assert.Equal((2, Picture.TextOf(_mirror.Latest)), (_picture.Begun, _picture.Text));
    }

    [Fact]
    public void Whoever_takes_over_is_given_everything_and_whoever_no_longer_owns_is_told()
    {
        _mirror.Commit(1);
        using var follower = Follower.WhileOwned(_mirror.Mirror, _mailbox, _picture.Handlers);
        _mailbox.Take();
        Assert.Equal((0, false), (_picture.Begun, follower.IsFollowing));

        _mirror.Move();
        _mailbox.Take();
        Assert.Equal((1, true, Picture.TextOf(_mirror.Latest)), (_picture.Begun, follower.IsFollowing, _picture.Text));

        _mirror.Commit(2);
        _mirror.Move();
        _mailbox.Take();
        Assert.Equal((1, 1, false), (_picture.Begun, _picture.Lost, follower.IsFollowing));
    }

    [Fact]
    public async Task What_is_committed_while_an_owner_begins_and_takes_is_not_missed()
    {
        const int commits = 3000;
        for (var round = 0; round < 20; round++)
        {
            var (mirror, mailbox, picture) = (new MirrorScript(), new Mailbox(), new Picture());
            var publisher = Task.Run(() =>
            {
                for (var i = 0; i < commits; i++)
                    if (i % 500 == 499) mirror.Lose(i % 8);
                    else mirror.Commit(i % 8);
            });
            using var follower = Follower.Start(mirror.Mirror, mailbox, picture.Handlers, mostWaiting: 20);
            while (!publisher.IsCompleted) mailbox.Take(10);
            await publisher;

            mailbox.Take();
            Assert.Equal(Picture.TextOf(mirror.Latest), picture.Text);
        }
    }

    [Fact]
    public void Collections_that_come_are_followed_and_those_that_go_are_not()
    {
        var started = new List<string>();
        using var set = new FollowerSet(type =>
        {
            started.Add(type.Plural);
            return Follower.Start(_mirror.Mirror, _mailbox, _picture.Handlers);
        });

        set.Follow([BuiltIn.Pods, BuiltIn.ConfigMaps]);
        set.Follow([BuiltIn.Pods, BuiltIn.ConfigMaps, BuiltIn.Secrets]);
        Assert.Equal(["pods", "configmaps", "secrets"], started);

        set.Follow([BuiltIn.Secrets]);
        Assert.Equal(["secrets"], set.Collections);
        _mailbox.Take();
        Assert.Equal(1, _picture.Begun);

        set.Follow([]);
        _mirror.Commit(1);
        Assert.Equal(0, _mailbox.Count);
    }
}

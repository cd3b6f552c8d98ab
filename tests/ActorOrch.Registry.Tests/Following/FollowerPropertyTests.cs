using ActorOrch.Registry.Following;
using ActorOrch.Registry.Watching;
using CsCheck;
using static ActorOrch.Registry.Tests.Samples;

namespace ActorOrch.Registry.Tests.Following;

/// <summary>Whatever happens to the mirror and to the owner: in the end the owner has what the collection is.</summary>
public sealed class FollowerPropertyTests
{
    private enum Kind
    {
        Commit,
        Lose,
        Take,
        TakeAll,
        Restart,
        Move,
    }

    private static readonly Gen<(Kind Kind, int[] Numbers)[]> Script = Gen.Select(
        OneOf(Kind.Commit, Kind.Commit, Kind.Commit, Kind.Commit, Kind.Lose, Kind.Take, Kind.Take, Kind.TakeAll, Kind.Restart, Kind.Move), Gen.Int[0, 7].Array[1, 4]).Array[0, 40];

    [Fact]
    public void An_actor_has_the_collection_in_the_end_however_slow_it_is() => Gen.Select(Script, Gen.Int[1, 6]).Sample((script, mostWaiting) =>
        Run(script, (mirror, mailbox, picture) => Follower.Start(mirror, mailbox, picture.Handlers, mostWaiting), onlyOwned: false));

    [Fact]
    public void An_owner_of_the_collection_has_it_in_the_end_and_nobody_else_has() => Script.Sample(script =>
        Run(script, (mirror, mailbox, picture) => Follower.WhileOwned(mirror, mailbox, picture.Handlers), onlyOwned: true));

    [Fact]
    public void An_owner_that_is_called_has_the_collection_at_every_moment() => Script.Sample(script =>
        Run(script, (mirror, _, picture) => Follower.Call(mirror, picture.Handlers), onlyOwned: false, always: true));

    private static void Run((Kind Kind, int[] Numbers)[] script, Func<Mirror, Mailbox, Picture, Follower> start, bool onlyOwned, bool always = false)
    {
        var mirror = new MirrorScript();
        mirror.Commit(1, 2);
        var mailbox = new Mailbox();
        var picture = new Picture();
        var follower = start(mirror.Mirror, mailbox, picture);
        foreach (var (kind, numbers) in script)
        {
            switch (kind)
            {
                case Kind.Commit:
                    mirror.Commit(numbers);
                    break;
                case Kind.Lose:
                    mirror.Lose(numbers);
                    break;
                case Kind.Take:
                    mailbox.Take(numbers[0]);
                    break;
                case Kind.TakeAll:
                    mailbox.Take();
                    break;
                case Kind.Move:
                    mirror.Move();
                    break;
                default:
                    // What waits in the mailbox is from before: the next owner must not take it for its own.
                    follower.Dispose();
                    picture = new();
                    follower = start(mirror.Mirror, mailbox, picture);
                    break;
            }
            if (always) Assert.Equal(Picture.TextOf(mirror.Latest), picture.Text);
        }
        mailbox.Take();
        Assert.Equal(!onlyOwned || mirror.Mirror.IsOwner ? Picture.TextOf(mirror.Latest) : "", picture.Text);

        follower.Dispose();
        var before = picture.Text;
        mirror.Commit(0, 1, 2, 3);
        mirror.Lose(4, 5);
        mailbox.Take();
        Assert.Equal(before, picture.Text);
    }
}

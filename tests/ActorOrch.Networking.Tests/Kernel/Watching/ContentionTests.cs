using ActorOrch.Networking.Kernel.Watching;
using ActorOrch.Testing;

namespace ActorOrch.Networking.Tests.Kernel.Watching;

public class ContentionTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void The_first_round_is_at_once_and_each_further_one_later_up_to_a_bound()
    {
        var contention = new Contention(_time);

        Assert.Equal(TimeSpan.Zero, contention.Next());
        var before = TimeSpan.Zero;
        for (var round = 0; round < 2000; round++)
        {
            _time.Advance(before);
            var wait = contention.Next();
            Assert.InRange(wait, before == TimeSpan.Zero ? Contention.First : before, Contention.Longest);
            before = wait;
        }
        Assert.Equal(Contention.Longest, before);
    }

    [Fact]
    public void After_a_quiet_while_it_is_at_once_again()
    {
        var contention = new Contention(_time);
        for (var round = 0; round < 10; round++) contention.Next();

        _time.Advance(Contention.Quiet);

        Assert.Equal(TimeSpan.Zero, contention.Next());
        Assert.Equal(Contention.First, contention.Next());
    }
}

using System.Threading.Channels;
using ActorOrch.Registry.Guarding;
using Akka.Actor;
using Akka.TestKit.Xunit2;

namespace ActorOrch.Registry.Tests.Guarding;

public sealed class PausedRestartsTests() : TestKit($$"""
    akka.loglevel = OFF
    akka.stdout-loglevel = OFF
    akka.actor.guardian-supervisor-strategy = "{{typeof(PausedRestartsConfigurator).FullName}}, ActorOrch.Registry"
    """)
{
    [Fact]
    public void The_pause_doubles_up_to_half_a_minute()
    {
        Assert.Equal([0, 100, 200, 400, 800, 1600, 3200, 6400, 12800, 25600, 30000, 30000],
            Enumerable.Range(0, 12).Select(before => (int)PausedRestarts.PauseAfter(before).TotalMilliseconds));
        Assert.Equal(TimeSpan.FromSeconds(30), PausedRestarts.PauseAfter(int.MaxValue));
    }

    [Fact]
    public async Task One_that_fails_again_and_again_is_not_restarted_in_a_storm_and_keeps_its_messages()
    {
        const int failures = 5;
        var heard = Channel.CreateUnbounded<int>();
        var began = TimeProvider.System.GetTimestamp();
        var actor = Sys.ActorOf(Props.Create(() => new Troubled(heard, failures)), "troubled");
        for (var i = 0; i <= failures; i++) actor.Tell(i);
        Assert.Equal(failures, await heard.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20)));
        // At once, then after 100, 200, 400 and 800 ms.
        Assert.True(TimeProvider.System.GetElapsedTime(began) >= TimeSpan.FromMilliseconds(1400));
    }

    private sealed class Troubled(Channel<int> heard, int failures) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if ((int)message < failures) throw new InvalidOperationException("cannot work");
            heard.Writer.TryWrite((int)message);
        }
    }
}

using ActorOrch.Resources.Objects;
using ActorOrch.Testing;
using Akka.Actor;

namespace ActorOrch.Reconciling.Tests;

public sealed class LostWakesTests : ReconcilingTest
{
    private static readonly ObjectKey Key = new("default", "x");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private IActorRef StartRegion(Func<Reconciliation, Task<ReconcileResult>> run)
    {
        IActorRef? region = null;
        var services = new ReconcilerServices(Api, Events, Time, new Random(1), (_, message) => region.Tell(message));
        return region = Sys.ActorOf(Props.Create(() => new LocalRegion(_ => Props.Create(() => new Probe(services, run)))));
    }

    [Fact]
    public async Task What_a_reconciler_that_dies_asks_for_reaches_the_next_though_its_region_has_not_heard_of_the_death()
    {
        var never = new TaskCompletionSource<ReconcileResult>();
        var region = StartRegion(_ =>
        {
            TestActor.Tell("run");
            return never.Task;
        });
        Sys.ActorOf(LostWakes.Props([region]));
        region.Tell(new Wake(Key));
        await ExpectMsgAsync("run");
        (await Sys.ActorSelection(region.Path / "*").ResolveOne(TimeSpan.FromSeconds(5))).Tell(PoisonPill.Instance);
        await ExpectMsgAsync("run", Patience);
    }

    [Fact]
    public async Task A_wake_that_still_lay_before_it_reaches_the_next()
    {
        var region = StartRegion(_ =>
        {
            TestActor.Tell("run");
            return Task.FromResult(ReconcileResult.Settled);
        });
        Sys.ActorOf(LostWakes.Props([region]));
        region.Tell(new Wake(Key));
        await ExpectMsgAsync("run");
        var reconciler = await Sys.ActorSelection(region.Path / "*").ResolveOne(TimeSpan.FromSeconds(5));
        reconciler.Tell(PoisonPill.Instance);
        reconciler.Tell(new Wake(Key));
        await ExpectMsgAsync("run", Patience);
    }

    [Fact]
    public async Task One_that_dies_of_every_wake_is_not_started_in_a_circle()
    {
        var region = Sys.ActorOf(Props.Create(() => new LocalRegion(_ => Props.Create(() => new Mortal(TestActor)))));
        Sys.ActorOf(LostWakes.Props([region]));
        region.Tell(new Wake(Key));
        var first = await ExpectMsgAsync<DateTimeOffset>();
        // What comes while it lies dying is lost with it, each time anew.
        var second = await ExpectMsgAsync<DateTimeOffset>(Patience);
        var third = await ExpectMsgAsync<DateTimeOffset>(Patience);
        Assert.True(second - first >= LostWakes.Pause * 0.9 && third - second >= LostWakes.Pause * 0.9, $"it was started at {first:O}, {second:O} and {third:O}");
    }

    [Fact]
    public async Task What_was_for_others_is_left_alone()
    {
        var region = CreateTestProbe();
        Sys.ActorOf(LostWakes.Props([region.Ref]));
        var stranger = Sys.ActorOf(Props.Empty);
        await WatchAsync(stranger);
        Sys.Stop(stranger);
        await ExpectTerminatedAsync(stranger);
        stranger.Tell(new Wake(Key));
        await region.ExpectNoMsgAsync(TimeSpan.FromMilliseconds(50));
    }

    /// <summary>Dies of a wake, and leaves another like it behind.</summary>
    private sealed class Mortal(IActorRef observer) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            observer.Tell(DateTimeOffset.UtcNow);
            Self.Tell(message);
            Context.Stop(Self);
        }
    }

    private sealed class Probe(ReconcilerServices services, Func<Reconciliation, Task<ReconcileResult>> run) : ReconcilerActor("probe", LostWakesTests.Key, services)
    {
        protected override Task<ReconcileResult> ReconcileAsync(Reconciliation reconciliation) => run(reconciliation);
    }
}

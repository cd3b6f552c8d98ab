using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;
using ActorOrch.Testing;
using Akka.Actor;

namespace ActorOrch.Reconciling.Tests;

public sealed class ReconcilerActorTests : ReconcilingTest
{
    private static readonly ObjectKey Key = new("default", "x");

    private IActorRef Start(Func<Reconciliation, Task<ReconcileResult>> run)
    {
        var services = new ReconcilerServices(Api, Events, Time, new Random(1), (_, message) => TestActor.Tell(message));
        return Sys.ActorOf(Props.Create(() => new LocalRegion(_ => Props.Create(() => new Probe(Key, services, run)))));
    }

    [Fact]
    public async Task Wakes_during_a_run_are_folded_into_one_more_run()
    {
        var release = new TaskCompletionSource();
        var reconciler = Start(async _ =>
        {
            TestActor.Tell("run");
            await release.Task;
            return ReconcileResult.Settled;
        });
        reconciler.Tell(new Wake(Key));
        await ExpectMsgAsync("run");
        for (var i = 0; i < 100; i++) reconciler.Tell(new Wake(Key));
        await ExpectNoMsgAsync(TimeSpan.FromMilliseconds(50));
        release.SetResult();
        await ExpectMsgAsync("run");
        await ExpectNoMsgAsync(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public async Task A_failed_run_is_tried_again_after_a_growing_wait()
    {
        var runs = 0;
        var reconciler = Start(_ =>
        {
            TestActor.Tell(Time.GetUtcNow());
            return ++runs <= 2 ? throw ApiException.Unavailable("down") : Task.FromResult(ReconcileResult.Settled);
        });
        reconciler.Tell(new Wake(Key));
        await ExpectMsgAsync<DateTimeOffset>();
        await AwaitConditionAsync(() =>
        {
            Time.Advance(TimeSpan.FromMilliseconds(10));
            return Task.FromResult(runs == 3);
        }, TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(2));
    }

    [Fact]
    public async Task A_refusal_is_logged_in_its_own_words_and_anything_else_with_where_it_came_from()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Akka.Event.Warning));
        Start(_ => throw ApiException.BadRequest("the template is not allowed")).Tell(new Wake(Key));
        var refusal = await FishForMessageAsync<Akka.Event.Warning>(w => w.Message.ToString()!.Contains("failed 1 times", StringComparison.Ordinal));
        Assert.EndsWith(": the template is not allowed", refusal.Message.ToString(), StringComparison.Ordinal);
        Assert.Null(refusal.Cause);

        Start(_ => throw new InvalidOperationException("a fault of ours")).Tell(new Wake(Key));
        var fault = await FishForMessageAsync<Akka.Event.Warning>(w => w.Cause is InvalidOperationException);
        Assert.Contains("failed 1 times", fault.Message.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_a_namespace_that_goes_it_gives_up_without_a_word_and_looks_again_at_most_once_a_second()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Akka.Event.Warning));
        var runs = 0;
        var reconciler = Start(_ =>
        {
            TestActor.Tell(++runs);
            throw new ApiException(403, "Forbidden", "it goes") { Causes = [new("NamespaceTerminating", "metadata.namespace", "it goes")] };
        });
        reconciler.Tell(new Wake(Key));
        await ExpectMsgAsync(1);
        for (var i = 0; i < 100; i++) reconciler.Tell(new Wake(Key));
        await ExpectNoMsgAsync(TimeSpan.FromMilliseconds(50));
        Time.Advance(TimeSpan.FromSeconds(1));
        await ExpectMsgAsync(2);
        // No one wakes it: there is nothing to try again.
        Time.Advance(TimeSpan.FromHours(1));
        await ExpectNoMsgAsync(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public async Task A_run_waits_until_the_mirror_has_seen_what_woke_it()
    {
        var reconciler = Start(run =>
        {
            TestActor.Tell(run.Registry[BuiltIn.ConfigMaps].Latest.Revision);
            return Task.FromResult(ReconcileResult.Settled);
        });
        reconciler.Tell(new Wake(Key));
        await ExpectMsgAsync(1L);
        reconciler.Tell(new Wake(Key, "configmaps", 2));
        await ExpectNoMsgAsync(TimeSpan.FromMilliseconds(50));
        await Registry.PutAsync(BuiltIn.ConfigMaps, System.Text.Json.Nodes.JsonNode.Parse("""{"metadata":{"name":"a","namespace":"b"}}""")!.AsObject());
        await ExpectMsgAsync(2L);
    }

    [Fact]
    public async Task One_that_is_moved_away_with_a_timer_running_asks_to_be_started_again()
    {
        var services = new ReconcilerServices(Api, Events, Time, new Random(1), (_, message) => TestActor.Tell(message));
        Func<Reconciliation, Task<ReconcileResult>> run = _ =>
        {
            TestActor.Tell("run");
            return Task.FromResult(ReconcileResult.After(TimeSpan.FromHours(1)));
        };
        var reconciler = Sys.ActorOf(Props.Create(() => new Probe(Key, services, run)));
        await ExpectMsgAsync("run");
        await WatchAsync(reconciler);
        reconciler.Tell(PoisonPill.Instance);
        await FishForMessageAsync<Wake>(wake => wake.Key == Key);
    }

    [Fact]
    public async Task One_whose_object_is_gone_passivates_and_comes_back_when_woken()
    {
        var reconciler = Start(_ =>
        {
            TestActor.Tell("run");
            return Task.FromResult(ReconcileResult.Gone);
        });
        reconciler.Tell(new Wake(Key));
        await ExpectMsgAsync("run");
        reconciler.Tell(new Wake(Key));
        await ExpectMsgAsync("run");
    }

    [Fact]
    public async Task One_that_always_fails_and_is_always_woken_does_not_run_in_a_storm()
    {
        var runs = 0;
        var reconciler = Start(async _ =>
        {
            Interlocked.Increment(ref runs);
            await Task.Yield();
            throw new InvalidOperationException("cannot work");
        });
        using var waker = new CancellationTokenSource();
        var waking = Task.Run(async () =>
        {
            while (!waker.IsCancellationRequested)
            {
                reconciler.Tell(new Wake(Key));
                await Task.Yield();
            }
        });
        await AwaitConditionAsync(() => Task.FromResult(Volatile.Read(ref runs) >= 5), TimeSpan.FromSeconds(20));
        // Behind a thousand more wakes: each of them has been looked at when this is answered.
        for (var i = 0; i < 1000; i++) reconciler.Tell(new Wake(Key));
        await reconciler.Ask<ActorIdentity>(new Identify(null), TimeSpan.FromSeconds(20));
        var before = Volatile.Read(ref runs);
        Assert.True(before <= 6, $"{before} runs while no time has passed");
        Time.Advance(TimeSpan.FromSeconds(1));
        await AwaitConditionAsync(() => Task.FromResult(Volatile.Read(ref runs) > before), TimeSpan.FromSeconds(20));
        await waker.CancelAsync();
        await waking;
    }

    [Fact]
    public async Task One_that_fails_after_its_run_is_not_restarted_but_tried_again_after_a_wait()
    {
        var services = new ReconcilerServices(Api, Events, Time, new Random(1), (_, message) => TestActor.Tell(message));
        Func<Reconciliation, Task<ReconcileResult>> run = _ =>
        {
            TestActor.Tell("run");
            return Task.FromResult(ReconcileResult.Settled);
        };
        var reconciler = Sys.ActorOf(Props.Create(() => new Broken(Key, services, run)));
        await ExpectMsgAsync("run");
        await ExpectNoMsgAsync(TimeSpan.FromMilliseconds(200));
        await AwaitConditionAsync(() =>
        {
            Time.Advance(TimeSpan.FromMilliseconds(50));
            return Task.FromResult(HasMessages);
        }, TimeSpan.FromSeconds(20), TimeSpan.FromMilliseconds(5));
        await ExpectMsgAsync("run");
        await WatchAsync(reconciler);
        Sys.Stop(reconciler);
    }

    private sealed class Broken(ObjectKey key, ReconcilerServices services, Func<Reconciliation, Task<ReconcileResult>> run)
        : ReconcilerActor("probe", key, services)
    {
        protected override Task<ReconcileResult> ReconcileAsync(Reconciliation reconciliation) => run(reconciliation);

        protected override void Ended(ReconcileResult result, Action proceed) => throw new ArgumentOutOfRangeException(nameof(result));
    }

    private sealed class Probe(ObjectKey key, ReconcilerServices services, Func<Reconciliation, Task<ReconcileResult>> run)
        : ReconcilerActor("probe", key, services)
    {
        protected override Task<ReconcileResult> ReconcileAsync(Reconciliation reconciliation) => run(reconciliation);
    }
}

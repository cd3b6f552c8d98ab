using ActorOrch.Resources.Objects;
using ActorOrch.Scheduling.Scheduler;
using ActorOrch.Testing;
using Akka.Actor;
using Akka.TestKit.Xunit2;

namespace ActorOrch.Scheduling.Tests.Scheduler;

public class SchedulerHealthCheckTests : TestKit
{
    public SchedulerHealthCheckTests() : base(SchedulerHost.DefaultConfig)
    {
    }

    [Fact]
    public async Task A_scheduler_that_answers_is_well_and_one_that_died_is_not()
    {
        var check = new SchedulerHealthCheck(Sys);
        Assert.Equal("the scheduler does not answer", await AskAsync(TimeSpan.FromMilliseconds(200)));
        var scheduler = Sys.ActorOf(
            SchedulerActor.Props(new InMemoryRegistry(), new Silent(), new SchedulerSettings(), TimeProvider.System),
            SchedulerHost.ProxyPath["/user/".Length..]);

        Assert.Null(await AskAsync(TimeSpan.FromSeconds(20)));
        await scheduler.GracefulStop(TimeSpan.FromSeconds(20));

        Assert.Equal("the scheduler does not answer", await AskAsync(TimeSpan.FromMilliseconds(200)));

        async Task<string?> AskAsync(TimeSpan atMost)
        {
            using var patience = new CancellationTokenSource(atMost);
            return await check.CheckAsync(patience.Token);
        }
    }

    private sealed class Silent : ISchedulingEvents
    {
        public void Scheduled(StoredObject pod, string node)
        {
        }

        public void FailedScheduling(StoredObject pod, string message)
        {
        }
    }
}

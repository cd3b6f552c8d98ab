using ActorOrch.Registry.Health;
using Akka.Actor;

namespace ActorOrch.Scheduling.Scheduler;

/// <summary>Whether the cluster's one scheduler, in whatever process it lives, answers: not while it recovers or waits for a commit.</summary>
public sealed class SchedulerHealthCheck(ActorSystem system) : IHealthCheck
{
    // No pod has a name like this: all that matters is that it answers.
    private static readonly WhyPending Question = new(new("", ""));

    public string Name => "scheduler";

    public async ValueTask<string?> CheckAsync(CancellationToken cancel)
    {
        try
        {
            await system.ActorSelection(SchedulerHost.ProxyPath).Ask<PodDecision>(Question, Timeout.InfiniteTimeSpan, cancel).ConfigureAwait(false);
            return null;
        }
        catch (OperationCanceledException)
        {
            return "the scheduler does not answer";
        }
    }
}

using System.Collections.Immutable;
using ActorOrch.Agent.Pods;
using CsCheck;

namespace ActorOrch.Agent.Tests.Pods;

/// <summary>What the decisions about a pod promise, whatever happens to it.</summary>
public sealed class PodPlanTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Gen<ContainerInstance> GenInstance =
        Gen.Select(Gen.Int[0, 3], Gen.Bool, Gen.Int[0, 2], Gen.Int[0, 600], (attempt, running, exit, ago) => new ContainerInstance(
            Guid.NewGuid().ToString("N"), attempt, "hash", "image", "id", Start.AddHours(-1),
            running ? null : new Termination(exit, exit == 0 ? "Completed" : "Error", null, Start.AddSeconds(-ago))));

    private static readonly Gen<ContainerSituation> GenContainer =
        Gen.Select(Gen.Enum<ContainerKind>(), GenInstance, Gen.Bool, Gen.Enum<Busy>(), Gen.Bool, (kind, instance, exists, busy, started) => new ContainerSituation
        {
            Name = Guid.NewGuid().ToString("N"),
            Kind = kind,
            SpecHash = "hash",
            Current = exists ? instance : null,
            Busy = exists && instance.Running && busy == Busy.Starting ? Busy.No : !exists && busy == Busy.Stopping ? Busy.No : busy,
            Started = started,
            ProbedReady = started,
        });

    private static readonly Gen<PodSituation> GenPod =
        Gen.Select(Gen.Enum<RestartPolicy>(), GenContainer.Array[1, 5], Gen.Enum<VolumesSituation>(), Gen.Bool, Gen.Bool, (policy, containers, volumes, going, sandbox) =>
            new PodSituation
            {
                RestartPolicy = policy,
                Containers = [.. containers.OrderBy(c => c.Kind == ContainerKind.Main).Append(containers[0] with { Name = "last", Kind = ContainerKind.Main })],
                Volumes = volumes,
                Going = going,
                Sandbox = sandbox ? new() { Id = "sandbox", Running = true, NextAttempt = 1 } : null,
            });

    [Fact]
    public void A_pod_that_is_going_starts_nothing() => GenPod.Where(p => p.Going).Sample(pod =>
        Assert.DoesNotContain(PodPlan.Decide(pod, Start).Actions, a => a is PodAction.StartContainer or PodAction.StartSandbox or PodAction.PrepareVolumes));

    [Fact]
    public void It_is_cleaned_up_only_when_nothing_runs() => GenPod.Sample(pod =>
    {
        if (PodPlan.Decide(pod, Start).Actions.Any(a => a is PodAction.CleanUp))
            Assert.True(pod.Going && !pod.AnythingBusy && !pod.Containers.Any(c => c.Running));
    });

    [Fact]
    public void A_container_with_an_operation_under_way_is_left_alone() => GenPod.Sample(pod =>
    {
        foreach (var action in PodPlan.Decide(pod, Start).Actions)
        {
            if (action is PodAction.StartContainer start) Assert.Equal(Busy.No, pod[start.Name].Busy);
            if (action is PodAction.StopContainer { Graceful: true } stop) Assert.Equal(Busy.No, pod[stop.Name].Busy);
        }
    });

    [Fact]
    public void Nothing_that_runs_is_started_and_nothing_before_its_volumes() => GenPod.Sample(pod =>
    {
        foreach (var start in PodPlan.Decide(pod, Start).Actions.OfType<PodAction.StartContainer>())
        {
            Assert.False(pod[start.Name].Running);
            Assert.Equal(VolumesSituation.Ready, pod.Volumes);
            Assert.Equal(pod[start.Name].NextAttempt, start.Attempt);
        }
    });

    [Fact]
    public void A_main_container_waits_for_every_init_container() => GenPod.Sample(pod =>
    {
        var neverRan = pod.Containers.All(c => c.Kind != ContainerKind.Main || c.Current is null);
        var initialized = pod.Containers.All(c => c.Kind == ContainerKind.Main || (c.Kind == ContainerKind.Init ? c.Succeeded : c.Running && c.Started));
        if (neverRan && !initialized)
            Assert.DoesNotContain(PodPlan.Decide(pod, Start).Actions, a => a is PodAction.StartContainer s && pod[s.Name].Kind == ContainerKind.Main);
    });

    /// <summary>The world does what it is told, and containers end as they like: the pod always gets to rest.</summary>
    [Fact]
    public void A_pod_that_is_deleted_at_any_moment_comes_to_its_end() => Gen.Select(GenPod, Gen.Int[0, 20]).Sample((start, deleteAt) =>
    {
        var (pod, now) = (start with { Volumes = VolumesSituation.Missing }, Start);
        for (var step = 0; step < 200; step++)
        {
            if (step >= deleteAt) pod = pod with { Going = true, KillBy = pod.KillBy ?? now.AddSeconds(5) };
            var decision = PodPlan.Decide(pod, now);
            if (decision.Actions.Any(a => a is PodAction.CleanUp)) return;
            foreach (var action in decision.Actions) pod = Apply(pod, action, now);
            pod = Finish(pod, now);
            now = now.AddSeconds(1);
        }
        Assert.Fail("the pod never ended");
    });

    [Fact]
    public void The_first_crash_is_restarted_at_once_and_later_ones_after_a_growing_delay()
    {
        RestartBackOff? backOff = null;
        var now = Start;
        List<double> waits = [];
        for (var crash = 0; crash < 8; crash++)
        {
            var due = RestartBackOff.NotBefore(backOff, now);
            waits.Add((due - now).TotalSeconds);
            backOff = RestartBackOff.Next(backOff, now, due);
            now = due;
        }
        Assert.Equal([0, 10, 20, 40, 80, 160, 300, 300], waits);
        Assert.Equal(now.AddMinutes(11), RestartBackOff.NotBefore(backOff, now.AddMinutes(11)));
    }

    private static PodSituation Apply(PodSituation pod, PodAction action, DateTimeOffset now) => action switch
    {
        PodAction.PrepareVolumes => pod with { Volumes = VolumesSituation.Ready },
        PodAction.StartSandbox => pod with { Sandbox = pod.Sandbox! with { Running = true } },
        PodAction.RemoveSandbox => pod with { Sandbox = pod.Sandbox! with { Running = false, Id = null } },
        PodAction.StartContainer start => pod.With(pod[start.Name] with { Busy = Busy.Starting, BackOff = start.BackOff }),
        PodAction.StopContainer stop => pod.With(pod[stop.Name] with { Busy = Busy.Stopping, Forced = !stop.Graceful }),
        PodAction.ForgetRun forget => pod.With(pod[forget.Name] with { Last = pod[forget.Name].Current, Current = null }),
        _ => pod,
    };

    /// <summary>What was under way is done.</summary>
    private static PodSituation Finish(PodSituation pod, DateTimeOffset now) => pod with
    {
        Containers = pod.Containers.Select(c => c.Busy switch
        {
            Busy.Starting => c with { Busy = Busy.No, Last = c.Current, Current = new(c.Name, c.NextAttempt, "hash", "image", "id", now, null), Started = true },
            Busy.Stopping when c.Current is { } current => c with { Busy = Busy.No, Current = current with { End = current.End ?? new(0, "Completed", null, now) } },
            _ => c,
        }).ToImmutableArray(),
    };
}

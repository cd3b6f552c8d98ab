using ActorOrch.Agent.Pods;
using ActorOrch.Agent.Pods.Statuses;
using CsCheck;

namespace ActorOrch.Agent.Tests.Pods.Statuses;

public sealed class PodPhasesTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("running", "ended 7", RestartPolicy.Never, "Running", "Running")]
    [InlineData("ended 0", "ended 7", RestartPolicy.Never, "Running", "Failed")]
    [InlineData("ended 137", "ended 0", RestartPolicy.Never, "Running", "Succeeded")]
    [InlineData("running", "ended 0", RestartPolicy.OnFailure, "Running", "Running")]
    [InlineData("ended 137", "ended 0", RestartPolicy.OnFailure, "Running", "Succeeded")]
    [InlineData("ended 137", "ended 7", RestartPolicy.OnFailure, "Running", "Running")]
    [InlineData("ended 137", "ended 7", RestartPolicy.Always, "Running", "Running")]
    [InlineData("running", "none", RestartPolicy.Always, "Pending", "Pending")]
    [InlineData("none", "none", RestartPolicy.Always, "Pending", "Pending")]
    [InlineData("running", "running", RestartPolicy.Always, "Pending", "Running")]
    [InlineData("ended 1", "running", RestartPolicy.Always, "Running", "Running")]
    public void A_pod_with_a_sidecar_has_the_phase_of_its_containers_and_its_last_one_after_the_sidecar(
        string sidecar, string main, RestartPolicy policy, string before, string phase) =>
        Assert.Equal(phase, PodPhases.Of(Pod(policy, Container(ContainerKind.Sidecar, sidecar), Container(ContainerKind.Main, main)), before));

    [Fact]
    public void A_failed_init_container_fails_the_pod_once_its_sidecar_has_ended()
    {
        var pod = Pod(RestartPolicy.Never, Container(ContainerKind.Sidecar, "running"), Container(ContainerKind.Init, "ended 1"), Container(ContainerKind.Main, "none"));
        Assert.Equal("Pending", PodPhases.Of(pod, "Pending"));
        Assert.Equal("Failed", PodPhases.Of(pod with { Containers = pod.Containers.SetItem(0, Container(ContainerKind.Sidecar, "ended 0")) }, "Pending"));
    }

    [Fact]
    public void A_doomed_pod_has_failed_when_nothing_of_it_runs_however_it_ended()
    {
        var doomed = Pod(RestartPolicy.Always, Container(ContainerKind.Main, "running")) with { Doom = new("Evicted", "why") };
        Assert.Equal("Running", PodPhases.Of(doomed, "Running"));
        Assert.Equal("Failed", PodPhases.Of(doomed with { Containers = [Container(ContainerKind.Main, "ended 0")] }, "Running"));
    }

    [Theory]
    [InlineData("ended 0", "Succeeded")]
    [InlineData("ended 143", "Failed")]
    public void A_pod_that_is_going_ends_in_a_last_phase_whatever_its_policy(string main, string phase) =>
        Assert.Equal(phase, PodPhases.Of(Pod(RestartPolicy.Always, Container(ContainerKind.Main, main)) with { Going = true }, "Running"));

    [Fact]
    public void No_pod_is_in_a_last_phase_while_any_container_runs_and_none_leaves_one() =>
        Gen.Select(
            Gen.Enum<RestartPolicy>(), Gen.Select(Gen.Enum<ContainerKind>(), Gen.OneOf("none", "running", "ended 0", "ended 1"), Container).Array[1, 5],
            Gen.OneOf<string?>(null, "Pending", "Running"), Gen.Bool, Gen.Bool)
        .Sample((policy, containers, before, going, doomed) =>
        {
            var pod = Pod(policy, containers) with { Going = going, Doom = doomed ? new("Evicted", "") : null };
            var phase = PodPhases.Of(pod, before);
            if (pod.AnythingRuns) Assert.False(PodPhases.IsLast(phase));
            else if (PodPlan.IsFinished(pod) && pod.Containers.All(c => c.Current is not null)) Assert.True(PodPhases.IsLast(phase));
            foreach (var last in (string[])["Failed", "Succeeded"]) Assert.Equal(last, PodPhases.Of(pod, last));
        });

    [Fact]
    public void Sidecars_are_ended_after_all_others_and_the_last_of_them_first() =>
        Gen.Select(Gen.Int[1, 3], Gen.Int[1, 4], Gen.Bool).Sample((mains, sidecars, going) =>
        {
            var pod = Pod(RestartPolicy.Never,
            [
                .. Enumerable.Range(0, sidecars).Select(i => Container(ContainerKind.Sidecar, "running") with { Name = $"sidecar-{i}" }),
                .. Enumerable.Range(0, mains).Select(i => Container(ContainerKind.Main, "running") with { Name = $"main-{i}" }),
            ]) with
            { Going = going, Doom = going ? null : new("Evicted", "") };
            List<string> order = [];
            for (var step = 0; step < 20 && pod.AnythingRuns; step++)
            {
                foreach (var stop in PodPlan.Decide(pod, Now).Actions.OfType<PodAction.StopContainer>())
                {
                    order.Add(stop.Name);
                    pod = pod.With(pod[stop.Name] with { Current = pod[stop.Name].Current! with { End = new(0, "Completed", null, Now) } });
                }
            }
            Assert.Equal(Enumerable.Range(0, sidecars).Reverse().Select(i => $"sidecar-{i}"), order.Skip(mains));
        });

    private static PodSituation Pod(RestartPolicy policy, params ContainerSituation[] containers) => new()
    {
        RestartPolicy = policy,
        Containers = [.. containers.OrderBy(c => c.Kind == ContainerKind.Main)],
        Volumes = VolumesSituation.Ready,
    };

    private static ContainerSituation Container(ContainerKind kind, string state) => new()
    {
        Name = Guid.NewGuid().ToString("N"),
        Kind = kind,
        SpecHash = "hash",
        Started = state == "running",
        Current = state == "none" ? null : new("id", 0, "hash", "i", "i", Now, state == "running" ? null : new(int.Parse(state.Split(' ')[1], null), "", null, Now)),
    };
}

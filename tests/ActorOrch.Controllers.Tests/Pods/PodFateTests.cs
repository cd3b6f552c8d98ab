using ActorOrch.Controllers.Pods;
using ActorOrch.Resources.Kinds.Nodes;
using CsCheck;

namespace ActorOrch.Controllers.Tests.Pods;

public class PodFateTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan OrphanGrace = TimeSpan.FromSeconds(40);
    private static readonly Taint Unreachable = new("node.kubernetes.io/unreachable", "", Taint.NoExecute, Start);

    [Fact]
    public void A_pod_on_a_healthy_node_is_left_alone() => Assert.IsType<PodAction.None>(Decide(Pod("a"), new(true, []), Start));

    [Fact]
    public void A_toleration_runs_out_to_the_second()
    {
        var pod = Pod("a", new Toleration("node.kubernetes.io/unreachable", "Exists", "", Taint.NoExecute, 5));
        var wait = Assert.IsType<PodAction.Wait>(Decide(pod, new(false, [Unreachable]), Start + TimeSpan.FromSeconds(2)));
        Assert.Equal(TimeSpan.FromSeconds(3), wait.For);
        Assert.IsType<PodAction.Evict>(Decide(pod, new(false, [Unreachable]), Start + TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public void Without_a_toleration_it_goes_at_once_and_with_one_for_ever_never()
    {
        Assert.IsType<PodAction.Evict>(Decide(Pod("a"), new(false, [Unreachable]), Start));
        Assert.IsType<PodAction.None>(Decide(Pod("a", new Toleration("", "Exists", "", "", null)), new(false, [Unreachable]), Start.AddYears(1)));
    }

    [Fact]
    public void A_control_plane_that_has_just_started_looks_afresh()
    {
        var pod = Pod("a", new Toleration("", "Exists", "", "", 5));
        var fresh = Start.AddHours(1);
        var wait = Assert.IsType<PodAction.Wait>(Decide(pod, new(false, [Unreachable]), fresh, freshSince: fresh + TimeSpan.FromSeconds(8)));
        Assert.Equal(TimeSpan.FromSeconds(13), wait.For);
    }

    [Fact]
    public void Pods_of_a_node_that_is_gone_wait_for_it_a_while()
    {
        Assert.Equal(OrphanGrace, Assert.IsType<PodAction.Wait>(Decide(Pod("a"), null, Start)).For);
        Assert.Equal(new PodAction.Collect(NodeGone: true), Decide(Pod("a"), null, Start + OrphanGrace));
    }

    [Fact]
    public void A_terminating_pod_without_a_node_is_removed_but_only_once()
    {
        Assert.Equal(new PodAction.Collect(NodeGone: false), Decide(Pod("") with { Terminating = true, DeletionGraceSeconds = 30 }, null, Start));
        Assert.IsType<PodAction.None>(Decide(Pod("") with { Terminating = true, DeletionGraceSeconds = 0 }, null, Start));
        Assert.IsType<PodAction.None>(Decide(Pod(""), null, Start));
    }

    [Fact]
    public void A_terminating_pod_is_taken_from_an_unreachable_machine_only_when_that_is_declared_out_of_service()
    {
        var pod = Pod("a") with { Terminating = true, DeletionGraceSeconds = 30 };
        Assert.IsType<PodAction.None>(Decide(pod, new(false, [Unreachable]), Start.AddHours(1)));
        Assert.IsType<PodAction.Collect>(Decide(pod, new(false, [new("node.kubernetes.io/out-of-service", "", Taint.NoExecute)]), Start));
    }

    [Fact]
    public void No_pod_goes_before_the_shortest_of_its_tolerations_has_run_out() =>
        Gen.Select(Gen.Int[0, 100].Array[1, 4], Gen.Int[0, 200]).Sample((seconds, after) =>
        {
            var pod = Pod("a", [.. seconds.Select(s => new Toleration("", "Exists", "", "", s))]);
            var action = Decide(pod, new(false, [Unreachable]), Start + TimeSpan.FromSeconds(after));
            if (after >= seconds.Min()) Assert.IsType<PodAction.Evict>(action);
            else Assert.Equal(TimeSpan.FromSeconds(seconds.Min() - after), Assert.IsType<PodAction.Wait>(action).For);
        });

    private static PodFacts Pod(string node, params Toleration[] tolerations) => new(node, Start.AddDays(-1), false, null, tolerations);

    private static PodAction Decide(PodFacts pod, NodeFacts? node, DateTimeOffset now, DateTimeOffset? freshSince = null) =>
        PodFate.Decide(pod, node, now, missingSince: Start, toleratedSince: Start, freshSince ?? Start.AddDays(-1), OrphanGrace);
}

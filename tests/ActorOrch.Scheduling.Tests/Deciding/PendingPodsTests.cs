using ActorOrch.Scheduling.Deciding;
using ActorOrch.Scheduling.Modelling;

namespace ActorOrch.Scheduling.Tests.Deciding;

public class PendingPodsTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;
    private static readonly TimeSpan Retell = TimeSpan.FromSeconds(10);
    private readonly ClusterModel _cluster = Samples.Cluster(Samples.Node("a", cpu: "1"));
    private readonly PodShapes _shapes = new();
    private readonly PendingPods _pending = new();

    [Fact]
    public void A_verdict_is_told_once_and_to_late_comers_too()
    {
        Put("p1", "2");
        Assert.Equal(["p1"], Refused(Start));
        Assert.Empty(Refused(Start));
        Put("p2", "2");
        Assert.Equal(["p2"], Refused(Start));
        Put("p2", "2");
        Assert.Empty(Refused(Start));
    }

    [Fact]
    public void A_changed_verdict_is_told_again_but_not_too_soon()
    {
        Put("p1", "2");
        Assert.Equal(["p1"], Refused(Start));
        _cluster.PutNode(NodeDescription.Read(Samples.Node("b", cpu: "1")));
        var soon = Decide(Start + TimeSpan.FromSeconds(1));
        Assert.Empty(soon.Refusals);
        Assert.True(soon.Outdated);
        var later = Decide(Start + Retell);
        Assert.StartsWith("0/2 nodes are available: 2 Insufficient cpu.", Assert.Single(later.Refusals).Verdict.Message, StringComparison.Ordinal);
        Assert.False(later.Outdated);
    }

    [Fact]
    public void A_pod_that_fits_after_all_is_placed_without_delay()
    {
        Put("p1", "2");
        Assert.Equal(["p1"], Refused(Start));
        _cluster.PutNode(NodeDescription.Read(Samples.Node("b", cpu: "3")));
        Assert.Equal("b", Assert.Single(Decide(Start).Placements).Node);
        Assert.Equal(0, _pending.Count);
    }

    [Fact]
    public void A_pod_that_fits_nowhere_does_not_hold_up_those_behind_it()
    {
        Put("big", "2", priority: 10);
        Put("small", "100m");
        var decision = Decide(Start);
        Assert.Equal("small", Assert.Single(decision.Placements).Pod.Key.Name);
        Assert.Equal("big", Assert.Single(decision.Refusals).Pod.Key.Name);
    }

    private void Put(string name, string cpu, int priority = 0) => _pending.Put(new(Samples.Pod(name), _shapes.Of(Samples.Asking(cpu)), priority));

    private Decision Decide(DateTimeOffset now) => _pending.Decide(_cluster, new Placer(_cluster, SchedulingProfile.Default), 100, now, Retell);

    private IEnumerable<string> Refused(DateTimeOffset now) => Decide(now).Refusals.Select(r => r.Pod.Key.Name);
}

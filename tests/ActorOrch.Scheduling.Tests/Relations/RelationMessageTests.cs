using ActorOrch.Scheduling.Deciding;
using ActorOrch.Scheduling.Modelling;
using ActorOrch.Scheduling.Relations;

namespace ActorOrch.Scheduling.Tests.Relations;

/// <summary>What a pod is told that other pods keep from every node.</summary>
public class RelationMessageTests
{
    private const string NoVictims = " preemption: 0/2 nodes are available: 2 No preemption victims found for incoming pod.";
    private const string NotHelpful = " preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.";
    private static readonly PodIdentity Web = new("default", new Dictionary<string, string> { ["app"] = "web" });
    private static readonly PodIdentity Db = new("default", new Dictionary<string, string> { ["app"] = "db" });

    private readonly ClusterModel _cluster = Samples.Cluster(
        Samples.Node("a", labels: """{"zone":"1","kubernetes.io/hostname":"a"}"""), Samples.Node("b", labels: """{"zone":"1","kubernetes.io/hostname":"b"}"""));

    private readonly PodShapes _shapes;
    private readonly Placer _placer;

    public RelationMessageTests()
    {
        _shapes = new(_cluster.Context);
        _placer = new(_cluster, SchedulingProfile.Default);
    }

    [Fact]
    public void A_pod_without_the_friends_that_it_needs_is_told_so() => Assert.Equal(
        "0/2 nodes are available: 2 node(s) didn't match pod affinity rules." + NotHelpful, Told(Required("podAffinity", "zone", "db"), Web));

    [Fact]
    public void The_first_of_pods_that_want_to_be_together_may_begin_but_not_where_the_topology_is_missing()
    {
        Assert.NotNull(Chosen(Required("podAffinity", "zone", "web"), Web));
        Assert.Equal("0/2 nodes are available: 2 node(s) didn't match pod affinity rules." + NotHelpful, Told(Required("podAffinity", "rack", "web"), Web));
    }

    [Fact]
    public void A_pod_that_keeps_away_from_others_is_told_so()
    {
        Place("1", "", Db, "a");
        Assert.Equal("b", Chosen(Required("podAntiAffinity", "kubernetes.io/hostname", "db"), Web));
        Assert.Equal("0/2 nodes are available: 2 node(s) didn't match pod anti-affinity rules." + NoVictims, Told(Required("podAntiAffinity", "zone", "db"), Web));
    }

    [Fact]
    public void A_pod_that_others_keep_away_from_them_is_told_so()
    {
        Place("1", Required("podAntiAffinity", "zone", "web"), Db, "a");
        Assert.Equal("0/2 nodes are available: 2 node(s) didn't satisfy existing pods anti-affinity rules." + NoVictims, Told("", Web));
        Assert.NotNull(Chosen("", Db));
        _cluster.RemovePod("1");
        Assert.NotNull(Chosen("", Web));
    }

    [Fact]
    public void A_pod_that_would_be_too_many_for_its_domain_is_told_so()
    {
        Place("1", "", Web, "a");
        Assert.Equal("b", Chosen(Spread("kubernetes.io/hostname"), Web));
        Assert.Equal(
            "0/2 nodes are available: 2 node(s) didn't match pod topology spread constraints." + NoVictims, Told(Spread("zone", ""","minDomains":2"""), Web));
    }

    [Fact]
    public void Nodes_without_the_topology_of_a_spread_constraint_are_none_for_it() => Assert.Equal(
        "0/2 nodes are available: 2 node(s) didn't match pod topology spread constraints (missing required label)." + NotHelpful, Told(Spread("rack"), Web));

    [Fact]
    public void Pods_that_nobody_looks_at_share_a_shape_whatever_their_labels()
    {
        Assert.Same(Shape("", Web), Shape("", Db));
        Place("1", Required("podAntiAffinity", "zone", "web"), Db, "a");
        Assert.NotSame(Shape("", Web), Shape("", Db));
        Assert.Same(Shape("", Db), Shape("", Db with { Labels = new Dictionary<string, string> { ["app"] = "other" } }));
    }

    [Fact]
    public void Selectors_that_no_pod_has_any_longer_are_forgotten_and_those_in_use_are_not()
    {
        var pending = new PendingPods();
        Place("1", Required("podAntiAffinity", "zone", "web"), Db, "a");
        for (var i = 0; i < 3_000; i++)
        {
            Place("2", Required("podAntiAffinity", "zone", $"app-{i}"), Db, "b");
            if (i % 100 == 0) pending.Settle(_cluster, _placer);
        }
        pending.Settle(_cluster, _placer);
        Assert.InRange(_cluster.Context.SelectorCount, 2, 1_200);
        Assert.Null(Chosen("", Web));
        Assert.Null(Chosen("", Web with { Labels = new Dictionary<string, string> { ["app"] = "app-2999" } }));
        Assert.NotNull(Chosen("", Web with { Labels = new Dictionary<string, string> { ["app"] = "app-2998" } }));
    }

    private static string Required(string kind, string key, string app) => $$"""
        ,"affinity":{"{{kind}}":{"requiredDuringSchedulingIgnoredDuringExecution":[{"topologyKey":"{{key}}","labelSelector":{"matchLabels":{"app":"{{app}}"} } } ] } }
        """;

    private static string Spread(string key, string more = "") => $$"""
        ,"topologySpreadConstraints":[{"topologyKey":"{{key}}","maxSkew":1,"whenUnsatisfiable":"DoNotSchedule","labelSelector":{"matchLabels":{"app":"web"} }{{more}} } ]
        """;

    private PodShape Shape(string more, PodIdentity pod) => _shapes.Of(Samples.Asking(more: more), pod);

    private void Place(string uid, string more, PodIdentity pod, string node) => _cluster.PutPod(uid, Shape(more, pod), node, pod);

    private string? Chosen(string more, PodIdentity pod) => _placer.Choose(Shape(more, pod))?.Name;

    private string Told(string more, PodIdentity pod)
    {
        Assert.Null(Chosen(more, pod));
        return _placer.Explain(Shape(more, pod)).Message;
    }
}

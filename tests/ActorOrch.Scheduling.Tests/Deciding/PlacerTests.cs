using ActorOrch.Scheduling.Deciding;
using ActorOrch.Scheduling.Modelling;

namespace ActorOrch.Scheduling.Tests.Deciding;

public class PlacerTests
{
    [Fact]
    public void Pods_are_packed_onto_the_fullest_node_that_still_fits()
    {
        var cluster = Samples.Cluster(Samples.Node("a"), Samples.Node("b"), Samples.Node("c"));
        var shapes = new PodShapes();
        cluster.PutPod("1", shapes.Of(Samples.Asking("2")), "b");
        cluster.PutPod("2", shapes.Of(Samples.Asking("3500m")), "c");
        Assert.Equal("b", Samples.Chosen(cluster, Samples.Asking("1")));
        Assert.Equal("c", Samples.Chosen(cluster, Samples.Asking("500m")));
        Assert.Equal("a", Samples.Chosen(cluster, Samples.Asking("3")));
    }

    [Fact]
    public void Least_allocated_spreads_them()
    {
        var cluster = Samples.Cluster(Samples.Node("a"), Samples.Node("b"));
        var shape = new PodShapes().Of(Samples.Asking("1"));
        cluster.PutPod("1", shape, "b");
        Assert.Equal("a", new Placer(cluster, SchedulingProfile.Named("LeastAllocated", 0)).Choose(shape)?.Name);
    }

    [Fact]
    public void Preferred_affinity_and_preferred_taints_outweigh_packing()
    {
        var cluster = Samples.Cluster(
            Samples.Node("a", labels: """{"zone":"1"}"""), Samples.Node("b", labels: """{"zone":"2"}"""),
            Samples.Node("c", labels: """{"zone":"1"}""", spec: """{"taints":[{"key":"k","effect":"PreferNoSchedule"}]}"""));
        cluster.PutPod("1", new PodShapes().Of(Samples.Asking("3")), "b");
        cluster.PutPod("2", new PodShapes().Of(Samples.Asking("3")), "c");
        var prefersZone1 = Samples.Asking("1", more: ""","affinity":{"nodeAffinity":{"preferredDuringSchedulingIgnoredDuringExecution":[{"weight":1,"preference":{"matchExpressions":[{"key":"zone","operator":"In","values":["1"]}]}}]}}""");
        Assert.Equal("a", Samples.Chosen(cluster, prefersZone1));
        Assert.Equal("b", Samples.Chosen(cluster, Samples.Asking("1")));
    }

    [Theory]
    [InlineData("Gt", "5", "b")]
    [InlineData("Lt", "5", "a")]
    [InlineData("NotIn", "3", "b")]
    [InlineData("In", "3", "a")]
    public void Required_affinity_chooses_by_labels(string op, string value, string expected)
    {
        var cluster = Samples.Cluster(Samples.Node("a", labels: """{"n":"3"}"""), Samples.Node("b", labels: """{"n":"10"}"""));
        Assert.Equal(expected, Samples.Chosen(cluster, Samples.Asking(more: $$""","affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"n","operator":"{{op}}","values":["{{value}}"] } ] } ] } } }""")));
    }

    [Theory]
    [InlineData("""{"key":"k","operator":"Exists"}""", true)]
    [InlineData("""{"operator":"Exists"}""", true)]
    [InlineData("""{"key":"k","operator":"Equal","value":"v","effect":"NoSchedule"}""", true)]
    [InlineData("""{"key":"k","value":"v"}""", true)]
    [InlineData("""{"key":"k","value":"w"}""", false)]
    [InlineData("""{"key":"k","operator":"Exists","effect":"NoExecute"}""", false)]
    public void Taints_must_be_tolerated(string toleration, bool tolerated)
    {
        var cluster = Samples.Cluster(Samples.Node("a", spec: """{"taints":[{"key":"k","value":"v","effect":"NoSchedule"}]}"""));
        Assert.Equal(tolerated ? "a" : null, Samples.Chosen(cluster, Samples.Asking(more: $$""","tolerations":[{{toleration}}]""")));
    }

    [Fact]
    public void A_ranking_follows_nodes_that_come_change_and_go()
    {
        var cluster = Samples.Cluster(Samples.Node("a"));
        var shape = new PodShapes().Of(Samples.Asking("3"));
        var placer = new Placer(cluster, SchedulingProfile.Default);
        Assert.Equal("a", placer.Choose(shape)?.Name);
        cluster.PutPod("1", shape, "a");
        Assert.Null(placer.Choose(shape));
        cluster.PutNode(NodeDescription.Read(Samples.Node("b")));
        Assert.Equal("b", placer.Choose(shape)?.Name);
        cluster.PutNode(NodeDescription.Read(Samples.Node("b", spec: """{"unschedulable":true}""")));
        Assert.Null(placer.Choose(shape));
        cluster.RemovePod("1");
        Assert.Equal("a", placer.Choose(shape)?.Name);
        cluster.RemoveNode("a");
        Assert.Null(placer.Choose(shape));
    }

    [Fact]
    public void Pods_of_a_node_that_is_not_known_yet_count_once_it_is()
    {
        var cluster = Samples.Cluster(Samples.Node("a"));
        var shape = new PodShapes().Of(Samples.Asking("3"));
        var placer = new Placer(cluster, SchedulingProfile.Default);
        cluster.PutPod("1", shape, "a");
        Assert.Null(placer.Choose(shape));
        cluster.PutPod("2", shape, "b");
        Assert.Null(placer.Choose(shape));
        cluster.PutNode(NodeDescription.Read(Samples.Node("b")));
        Assert.Null(placer.Choose(shape));
        cluster.RemovePod("2");
        Assert.Equal("b", placer.Choose(shape)?.Name);
    }
}

using ActorOrch.Scheduling.Modelling;

namespace ActorOrch.Scheduling.Tests.Deciding;

public class VerdictTests
{
    [Fact]
    public void Without_nodes_there_is_nothing_to_count() =>
        Assert.Equal("no nodes available to schedule pods", Samples.Message(Samples.Cluster(), Samples.Asking("1")));

    [Fact]
    public void Reasons_are_counted_and_preemption_is_said_to_help_only_where_it_could()
    {
        var cluster = Samples.Cluster(
            Samples.Node("a", cpu: "1"), Samples.Node("b", cpu: "1"),
            Samples.Node("c", spec: """{"taints":[{"key":"key","value":"value","effect":"NoSchedule"}]}"""),
            Samples.Node("d", spec: """{"unschedulable":true,"taints":[{"key":"node.kubernetes.io/unschedulable","effect":"NoSchedule"}]}"""),
            Samples.Node("e", cpu: "1", memory: "1Gi"));
        Assert.Equal(
            "0/5 nodes are available: 1 Insufficient memory, 1 node(s) had untolerated taint {key: value}, 1 node(s) were unschedulable, 3 Insufficient cpu. "
            + "preemption: 0/5 nodes are available: 2 Preemption is not helpful for scheduling, 3 No preemption victims found for incoming pod.",
            Samples.Message(cluster, Samples.Asking("2", "2Gi")));
    }

    [Fact]
    public void A_selector_that_no_node_has_is_said_so() => Assert.Equal(
        "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.",
        Samples.Message(Samples.Cluster(Samples.Node("a")), Samples.Asking(more: ""","nodeSelector":{"disk":"ssd"}""")));

    [Fact]
    public void A_full_node_has_too_many_pods()
    {
        var cluster = Samples.Cluster(Samples.Node("a", pods: 1));
        cluster.PutPod("1", new PodShapes().Of(Samples.Asking()), "a");
        Assert.StartsWith("0/1 nodes are available: 1 Too many pods. ", Samples.Message(cluster, Samples.Asking()), StringComparison.Ordinal);
    }

    [Fact]
    public void Extended_resources_are_named()
    {
        var cluster = Samples.Cluster(Samples.Node("a", more: ""","example.com/gpu":"1" """));
        var spec = Samples.Spec("""{"containers":[{"name":"c","resources":{"requests":{"example.com/gpu":"2"}}}]}""");
        Assert.StartsWith("0/1 nodes are available: 1 Insufficient example.com/gpu. ", Samples.Message(cluster, spec), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "", true)]
    [InlineData("127.0.0.1", "127.0.0.2", false)]
    [InlineData("0.0.0.0", "127.0.0.2", true)]
    public void Ports_of_the_machine_are_taken_once(string held, string wanted, bool conflict)
    {
        static string Port(string address) => $$"""{"containers":[{"name":"c","ports":[{"hostPort":80,"hostIP":"{{address}}","protocol":"TCP"}]}]}""";
        var cluster = Samples.Cluster(Samples.Node("a"));
        cluster.PutPod("1", new PodShapes().Of(Samples.Spec(Port(held))), "a");
        if (conflict)
            Assert.StartsWith(
                "0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports. ",
                Samples.Message(cluster, Samples.Spec(Port(wanted))), StringComparison.Ordinal);
        else Assert.Equal("a", Samples.Chosen(cluster, Samples.Spec(Port(wanted))));
    }

    [Fact]
    public void A_pod_for_one_node_by_name_says_nothing_of_the_others()
    {
        var cluster = Samples.Cluster(Samples.Node("a", cpu: "1"), Samples.Node("b"));
        var spec = Samples.Asking("2", more: ""","affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[{"matchFields":[{"key":"metadata.name","operator":"In","values":["a"]}]}]}}}""");
        Assert.StartsWith(
            "0/2 nodes are available: 1 Insufficient cpu, 1 node(s) didn't satisfy plugin(s) [NodeAffinity]. ",
            Samples.Message(cluster, spec), StringComparison.Ordinal);
    }

    [Fact]
    public void A_pod_that_never_preempts_is_not_eligible_to() => Assert.EndsWith(
        " preemption: not eligible due to preemptionPolicy=Never.",
        Samples.Message(Samples.Cluster(Samples.Node("a")), Samples.Asking("9", more: ""","preemptionPolicy":"Never" """)), StringComparison.Ordinal);
}

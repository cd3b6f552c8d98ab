using System.Text.Json.Nodes;
using ActorOrch.Controllers.Nodes.Health;
using ActorOrch.Controllers.Nodes.Registration;

namespace ActorOrch.Controllers.Tests.Nodes;

public class NodeDocumentTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static JsonObject Agent(string ready = "True") => JsonNode.Parse($$"""
        {"metadata":{"name":"a","labels":{"kubernetes.io/os":"linux"} },"spec":{"podCIDR":"10.244.0.0/24"},
         "status":{"capacity":{"cpu":"4"},"conditions":[{"type":"Ready","status":"{{ready}}","reason":"KubeletReady"}] } }
        """)!.AsObject();

    private static JsonObject Stored(string spec = "{}", string ready = "True") => JsonNode.Parse($$"""
        {"apiVersion":"v1","kind":"Node","metadata":{"name":"a","uid":"u","labels":{"mine":"yes"} },"spec":{{spec}},
         "status":{"conditions":[{"type":"Ready","status":"{{ready}}","lastTransitionTime":"2029-01-01T00:00:00Z"},{"type":"DiskPressure","status":"False","lastTransitionTime":"2029-01-01T00:00:00Z"}] } }
        """)!.AsObject();

    [Fact]
    public void A_hello_makes_a_node_with_the_agents_words_and_a_hostname()
    {
        var node = NodeDocument.Desired("a", null, new(Agent(), false, true), Now)!.Document;
        Assert.Equal("a", (string?)node["metadata"]!["labels"]!["kubernetes.io/hostname"]);
        Assert.Equal("linux", (string?)node["metadata"]!["labels"]!["kubernetes.io/os"]);
        Assert.Equal("10.244.0.0/24", (string?)node["spec"]!["podCIDR"]);
        Assert.Null(node["spec"]!["taints"]);
    }

    [Fact]
    public void What_users_set_stays()
    {
        var stored = Stored("""{"unschedulable":true,"taints":[{"key":"mine","effect":"NoExecute"},{"key":"node.kubernetes.io/unschedulable","effect":"NoSchedule"}]}""");
        var node = NodeDocument.Desired("a", stored, new(Agent(), false, true), Now)!.Document;
        Assert.Equal("yes", (string?)node["metadata"]!["labels"]!["mine"]);
        Assert.True((bool?)node["spec"]!["unschedulable"]);
        Assert.Equal(["mine NoExecute", "node.kubernetes.io/unschedulable NoSchedule"], Taints(node));
    }

    [Fact]
    public void The_same_words_again_change_nothing()
    {
        var once = NodeDocument.Desired("a", Stored(), new(Agent(), false, true), Now)!.Document;
        Assert.Null(NodeDocument.Desired("a", once, new(Agent(), false, true), Now.AddMinutes(1)));
        Assert.Equal("2029-01-01T00:00:00Z", (string?)Conditions.Find(once["status"]!.AsObject(), "Ready")!["lastTransitionTime"]);
    }

    [Fact]
    public void A_lost_node_is_unknown_and_tainted_and_recovers_with_a_hello()
    {
        var lost = NodeDocument.Desired("a", Stored(), new(null, true, true), Now)!;
        Assert.True(lost.BecameNotReady);
        Assert.Equal(["node.kubernetes.io/unreachable NoExecute", "node.kubernetes.io/unreachable NoSchedule"], Taints(lost.Document));
        var ready = Conditions.Find(lost.Document["status"]!.AsObject(), "Ready")!;
        Assert.Equal(("Unknown", "NodeStatusUnknown", "Kubelet stopped posting node status."), ((string?)ready["status"], (string?)ready["reason"], (string?)ready["message"]));
        Assert.Null(NodeDocument.Desired("a", lost.Document, new(null, true, true), Now.AddMinutes(1)));
        var back = NodeDocument.Desired("a", lost.Document, new(Agent(), false, true), Now.AddMinutes(1))!;
        Assert.Empty(Taints(back.Document));
        Assert.Equal(2, back.Taints.Count(t => !t.Added));
    }

    [Fact]
    public void Pods_are_not_driven_away_while_most_of_the_cluster_is_out_of_reach()
    {
        var lost = NodeDocument.Desired("a", Stored(), new(null, true, true), Now)!.Document;
        Assert.Equal(["node.kubernetes.io/unreachable NoSchedule"], Taints(NodeDocument.Desired("a", lost, new(null, true, false), Now)!.Document));
    }

    [Fact]
    public void A_node_that_says_it_is_not_ready_is_tainted_so() =>
        Assert.Equal(
            ["node.kubernetes.io/not-ready NoExecute", "node.kubernetes.io/not-ready NoSchedule"],
            Taints(NodeDocument.Desired("a", Stored(), new(Agent("False"), false, true), Now)!.Document));

    [Theory]
    [InlineData("""{"unschedulable":true}""", new[] { "node.kubernetes.io/unschedulable NoSchedule" })]
    [InlineData("""{"taints":[{"key":"node.kubernetes.io/unschedulable","effect":"NoSchedule"}]}""", new string[0])]
    public void Cordon_and_uncordon_set_and_clear_the_taint(string spec, string[] expected) =>
        Assert.Equal(expected, Taints(NodeDocument.Desired("a", Stored(spec), new(null, false, true), Now)!.Document));

    [Theory]
    [InlineData(1, 0, Disruption.None)]
    [InlineData(0, 1, Disruption.Full)]
    [InlineData(1, 1, Disruption.None)]
    [InlineData(1, 2, Disruption.None)]
    [InlineData(2, 3, Disruption.Partial)]
    [InlineData(90, 10, Disruption.None)]
    [InlineData(45, 55, Disruption.Partial)]
    public void Most_nodes_out_of_reach_is_a_disruption(int ready, int notReady, Disruption expected) => Assert.Equal(expected, Disruptions.Of(ready, notReady));

    private static IEnumerable<string> Taints(JsonObject node) =>
        (node["spec"]!["taints"] as JsonArray ?? []).Select(t => $"{t!["key"]} {t["effect"]}").Order(StringComparer.Ordinal);
}

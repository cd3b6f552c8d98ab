using ActorOrch.Agent.Pods.Specs;
using k8s.Models;

namespace ActorOrch.Agent.Tests.Pods.Specs;

public sealed class FieldPathsTests
{
    [Theory]
    [InlineData("limits.cpu", null, null, "4")]
    [InlineData("limits.cpu", null, "1m", "3500")]
    [InlineData("limits.memory", null, null, "8589934592")]
    [InlineData("limits.memory", null, "1Gi", "8")]
    [InlineData("limits.ephemeral-storage", null, "1Gi", "100")]
    [InlineData("limits.cpu", "250m", "1m", "250")]
    [InlineData("limits.cpu", "250m", null, "1")]
    [InlineData("limits.memory", "64Mi", "1Mi", "64")]
    [InlineData("limits.ephemeral-storage", "2Gi", "1Gi", "2")]
    [InlineData("limits.memory", "0", "1Gi", "8")]
    [InlineData("limits.cpu", "0", "1m", "3500")]
    [InlineData("requests.cpu", null, "1m", "0")]
    [InlineData("requests.memory", null, null, "0")]
    [InlineData("requests.ephemeral-storage", null, null, "0")]
    public void A_container_without_a_limit_is_told_what_its_node_can_give(string resource, string? limit, string? divisor, string expected)
    {
        var context = new PodContext(TestPods.Sleeping("p"), [], [], 3.5m, 8L << 30, 100L << 30);
        var container = new V1Container
        {
            Resources = limit is null ? null : new() { Limits = new Dictionary<string, ResourceQuantity> { [resource["limits.".Length..]] = new(limit) } },
        };
        Assert.Equal(expected, FieldPaths.Resource(context, container, resource, divisor is null ? null : new(divisor)));
    }
}

using ActorOrch.EndToEnd.Harness;

namespace ActorOrch.EndToEnd.Api;

/// <summary>Kinds that are served in several versions, of which one is stored.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class VersionsTests(SimulatedCluster cluster) : IClassFixture<SimulatedCluster>
{
    private readonly Kubectl _kubectl = cluster.Kubectl;

    [Fact]
    public async Task The_events_of_both_groups_are_the_same()
    {
        const string manifest = """
            apiVersion: events.k8s.io/v1
            kind: Event
            metadata: {name: both, namespace: default}
            eventTime: "2030-01-01T00:00:00.000000Z"
            reportingController: example.com/test
            reportingInstance: one
            action: Do
            reason: Tested
            type: Normal
            note: said once
            regarding: {kind: ConfigMap, namespace: default, name: c}
            """;
        (await _kubectl.RunWithInputAsync(manifest, "create", "-f", "-")).Succeeded();

        Assert.Contains("said once", await _kubectl.OutputAsync("get", "events"), StringComparison.Ordinal);
        Assert.Equal("said once", await _kubectl.OutputAsync("get", "events.v1.", "both", "-o", "jsonpath={.message}"));
        Assert.Equal("said once", await _kubectl.OutputAsync("get", "events.events.k8s.io", "both", "-o", "jsonpath={.note}"));
        Assert.Equal("both", await _kubectl.OutputAsync(
            "get", "events.events.k8s.io", "--field-selector", "reportingController=example.com/test", "-o", "jsonpath={.items[*].metadata.name}"));
        Assert.Contains("note", await _kubectl.OutputAsync("explain", "events", "--api-version", "events.k8s.io/v1"), StringComparison.Ordinal);
        await _kubectl.OutputAsync("delete", "events.events.k8s.io", "both");
        (await _kubectl.RunAsync("get", "events.v1.", "both")).Failed();
    }

    [Fact]
    public async Task An_autoscaler_is_stored_once_and_read_in_both_versions()
    {
        await _kubectl.OutputAsync("create", "deployment", "scaled", "--image", "i");
        await _kubectl.OutputAsync("autoscale", "deployment", "scaled", "--min", "1", "--max", "3", "--cpu-percent", "50");

        Assert.Matches(@"(?m)^scaled +Deployment/scaled +cpu: <unknown>/50% +1 +3 +0 +\S+$", await _kubectl.OutputAsync("get", "hpa"));
        Assert.Equal("50", await _kubectl.OutputAsync("get", "horizontalpodautoscalers.v1.autoscaling", "scaled", "-o", "jsonpath={.spec.targetCPUUtilizationPercentage}"));
        Assert.Equal("50", await _kubectl.OutputAsync("get", "horizontalpodautoscalers.v2.autoscaling", "scaled", "-o", "jsonpath={.spec.metrics[0].resource.target.averageUtilization}"));
    }
}

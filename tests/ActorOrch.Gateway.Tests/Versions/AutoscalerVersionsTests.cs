using System.Net;
using System.Text.Json.Nodes;
using ActorOrch.Gateway.Tests.Fixtures;
using ActorOrch.Resources.Catalog;

namespace ActorOrch.Gateway.Tests.Versions;

/// <summary>An autoscaler is stored as <c>autoscaling/v2</c> and served as <c>v1</c>, too.</summary>
public sealed class AutoscalerVersionsTests : GatewayTest
{
    private const string V1 = "/apis/autoscaling/v1/namespaces/default/horizontalpodautoscalers";
    private const string V2 = "/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers";
    private const string Metrics = "autoscaling.alpha.kubernetes.io/metrics";

    [Fact]
    public async Task The_first_version_is_stored_as_the_second()
    {
        var (code, created) = await Gateway.SendAsync("POST", V1,
            """{"metadata":{"name":"a"},"spec":{"maxReplicas":3,"targetCPUUtilizationPercentage":50,"scaleTargetRef":{"kind":"Deployment","name":"web","apiVersion":"apps/v1"}}}""");
        var (_, second) = await Gateway.SendAsync("GET", V2 + "/a");

        Assert.Equal(HttpStatusCode.Created, code);
        Assert.Equal("""{"maxReplicas":3,"scaleTargetRef":{"kind":"Deployment","name":"web","apiVersion":"apps/v1"},"minReplicas":1,"targetCPUUtilizationPercentage":50}""",
            created["spec"]!.ToJsonString());
        Assert.Equal("""[{"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":50}}}]""", second["spec"]!["metrics"]!.ToJsonString());
        Assert.Equal(("autoscaling/v1", "autoscaling/v2"), ((string)created["apiVersion"]!, (string)second["apiVersion"]!));
        Assert.Contains("autoscaling/v2", System.Text.Encoding.UTF8.GetString(Gateway.Registry[BuiltIn.HorizontalPodAutoscalersV1].Latest.Get(new("default", "a"))!.Json), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_writer_of_the_first_version_loses_nothing_of_the_second()
    {
        await Gateway.SendAsync("POST", V2, """
            {"metadata":{"name":"a"},"spec":{"maxReplicas":3,"scaleTargetRef":{"kind":"Deployment","name":"web"},
             "metrics":[{"type":"Resource","resource":{"name":"cpu","target":{"type":"AverageValue","averageValue":"500m"}}},
                        {"type":"Pods","pods":{"metric":{"name":"hits"},"target":{"type":"AverageValue","averageValue":"5"}}}],
             "behavior":{"scaleDown":{"stabilizationWindowSeconds":60}}}}
            """);
        var (_, before) = await Gateway.SendAsync("GET", V2 + "/a");
        var (_, first) = await Gateway.SendAsync("GET", V1 + "/a");
        first["spec"]!["maxReplicas"] = 7;
        var (put, _) = await Gateway.SendAsync("PUT", V1 + "/a", first.ToJsonString());
        var (patched, shown) = await Gateway.SendAsync("PATCH", V1 + "/a", """{"spec":{"minReplicas":2},"metadata":{"annotations":{"mine":"1"}}}""", "application/strategic-merge-patch+json");
        var (_, after) = await Gateway.SendAsync("GET", V2 + "/a");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (put, patched));
        Assert.Contains("hits", (string)shown["metadata"]!["annotations"]![Metrics]!, StringComparison.Ordinal);
        Assert.True(JsonNode.DeepEquals(before["spec"]!["metrics"], after["spec"]!["metrics"]));
        Assert.True(JsonNode.DeepEquals(before["spec"]!["behavior"], after["spec"]!["behavior"]));
        Assert.Equal((2, 7, """{"mine":"1"}"""), ((int)after["spec"]!["minReplicas"]!, (int)after["spec"]!["maxReplicas"]!, after["metadata"]!["annotations"]!.ToJsonString()));
    }

    [Fact]
    public async Task The_status_is_written_and_read_in_both()
    {
        await Gateway.SendAsync("POST", V1, """{"metadata":{"name":"a"},"spec":{"maxReplicas":3,"scaleTargetRef":{"kind":"Deployment","name":"web"}}}""");
        await Gateway.SendAsync("PATCH", V2 + "/a/status", """
            {"status":{"currentReplicas":1,"desiredReplicas":2,"conditions":[{"type":"AbleToScale","status":"True"}],
             "currentMetrics":[{"type":"Resource","resource":{"name":"cpu","current":{"averageUtilization":40,"averageValue":"100m"}}}]}}
            """, "application/merge-patch+json");
        var (code, first) = await Gateway.SendAsync("PATCH", V1 + "/a/status", """{"status":{"currentReplicas":2}}""", "application/merge-patch+json");
        var (_, second) = await Gateway.SendAsync("GET", V2 + "/a/status");

        Assert.Equal(HttpStatusCode.OK, code);
        Assert.Equal((2, 40), ((int)first["status"]!["currentReplicas"]!, (int)first["status"]!["currentCPUUtilizationPercentage"]!));
        Assert.Equal(("100m", "AbleToScale", 2), (
            (string)second["status"]!["currentMetrics"]![0]!["resource"]!["current"]!["averageValue"]!, (string)second["status"]!["conditions"]![0]!["type"]!,
            (int)second["status"]!["currentReplicas"]!));
    }

    [Theory]
    [InlineData("""{"maxReplicas":0}""", "spec.maxReplicas: Invalid value: 0: must be greater than 0")]
    [InlineData("""{"minReplicas":0,"maxReplicas":1}""", "spec.minReplicas: Invalid value: 0: must be greater than or equal to 1")]
    [InlineData("""{"minReplicas":3,"maxReplicas":2}""", "spec.maxReplicas: Invalid value: 2: must be greater than or equal to `minReplicas`")]
    [InlineData("""{"maxReplicas":1,"scaleTargetRef":{"kind":"a/b"}}""", "spec.scaleTargetRef.kind: Invalid value: \"a/b\": may not contain '/'")]
    [InlineData("""{"maxReplicas":1}""", "spec.scaleTargetRef.name: Required value")]
    [InlineData("""{"metrics":[{"type":"Resource"}]}""", "spec.metrics[0].resource: Required value: must populate information for the given metric source")]
    [InlineData("""{"metrics":[{"type":"Rate"}]}""",
        "spec.metrics[0].type: Unsupported value: \"Rate\": supported values: \"ContainerResource\", \"External\", \"Object\", \"Pods\", \"Resource\"")]
    [InlineData("""{"metrics":[{"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization"}}}]}""",
        "spec.metrics[0].resource.target.averageUtilization: Required value: must set either a target raw value or a target utilization")]
    [InlineData("""{"metrics":[{"type":"Pods","pods":{"metric":{"name":"x"},"target":{"type":"AverageValue","averageValue":"-1"}}}]}""",
        "spec.metrics[0].pods.target.averageValue: Required value: must specify a positive target averageValue")]
    [InlineData("""{"metrics":[{"type":"Pods","pods":{"metric":{"name":"x"},"target":{"type":"AverageValue","averageValue":"1"}},"resource":{}}]}""",
        "spec.metrics[0].resource: Forbidden: must populate the given metric source only")]
    [InlineData("""{"behavior":{"scaleUp":{"stabilizationWindowSeconds":3601}}}""", "spec.behavior.scaleUp.stabilizationWindowSeconds: Invalid value: 3601: must be less than or equal to 3600")]
    [InlineData("""{"behavior":{"scaleDown":{"policies":[{"type":"All","value":0,"periodSeconds":1801}]}}}""",
        "spec.behavior.scaleDown.policies[0].periodSeconds: Invalid value: 1801: must be less than or equal to 1800")]
    public async Task What_makes_no_sense_is_refused(string spec, string error)
    {
        var (code, status) = await Gateway.SendAsync("POST", V2, $$"""{"metadata":{"name":"a"},"spec":{{spec}}}""");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, code);
        Assert.StartsWith("HorizontalPodAutoscaler.autoscaling \"a\" is invalid: ", (string)status["message"]!, StringComparison.Ordinal);
        Assert.True(((string)status["message"]!).Contains(error, StringComparison.Ordinal), (string)status["message"]!);
    }

    [Fact]
    public async Task An_annotation_that_cannot_be_read_is_refused_and_no_value_of_it_lost()
    {
        var (code, status) = await Gateway.SendAsync("POST", V1,
            """{"metadata":{"name":"a","annotations":{"autoscaling.alpha.kubernetes.io/metrics":"["}},"spec":{"maxReplicas":1,"scaleTargetRef":{"kind":"Deployment","name":"web"}}}""");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, code);
        Assert.Contains("metadata.annotations[autoscaling.alpha.kubernetes.io/metrics]: Invalid value: \"[\": must be a list of objects in JSON", (string)status["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_second_is_preferred_and_both_are_described()
    {
        var (_, group) = await Gateway.SendAsync("GET", "/apis/autoscaling");
        var (_, first) = await Gateway.SendAsync("GET", "/openapi/v3/apis/autoscaling/v1");
        var (_, second) = await Gateway.SendAsync("GET", "/openapi/v3/apis/autoscaling/v2");

        Assert.Equal(("autoscaling/v2", """["v2","v1"]"""),
            ((string)group["preferredVersion"]!["groupVersion"]!, new JsonArray([.. group["versions"]!.AsArray().Select(v => v!["version"]!.DeepClone())]).ToJsonString()));
        Assert.NotNull(first["components"]!["schemas"]!["io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerSpec"]!["properties"]!["targetCPUUtilizationPercentage"]);
        Assert.NotNull(second["components"]!["schemas"]!["io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerSpec"]!["properties"]!["behavior"]);
    }
}

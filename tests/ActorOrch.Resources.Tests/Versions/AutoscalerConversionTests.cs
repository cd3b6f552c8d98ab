using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Tests.Kinds;
using ActorOrch.Resources.Versions;

namespace ActorOrch.Resources.Tests.Versions;

public class AutoscalerConversionTests
{
    private const string Prefix = "autoscaling.alpha.kubernetes.io/";

    private static readonly ResourceType V1 = BuiltIn.HorizontalPodAutoscalersV1;

    [Fact]
    public void The_first_version_has_a_field_for_the_cpu_and_annotations_as_upstream_for_the_rest()
    {
        var v1 = V1.FromStorage(Documents.Parse("""
            {"metadata":{"name":"a"},"spec":{"minReplicas":1,"maxReplicas":3,"scaleTargetRef":{"kind":"Deployment","name":"web","apiVersion":"apps/v1"},
              "metrics":[
                {"type":"Resource","resource":{"name":"memory","target":{"type":"AverageValue","averageValue":"1Gi"}}},
                {"type":"Pods","pods":{"metric":{"name":"hits","selector":{"matchLabels":{"a":"b"}}},"target":{"type":"AverageValue","averageValue":"5"}}},
                {"type":"Object","object":{"describedObject":{"kind":"Service","name":"s"},"metric":{"name":"rps"},"target":{"type":"Value","value":"2k"}}},
                {"type":"External","external":{"metric":{"name":"q"},"target":{"type":"AverageValue","averageValue":"30"}}},
                {"type":"ContainerResource","containerResource":{"name":"cpu","container":"c","target":{"type":"Utilization","averageUtilization":60}}},
                {"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":70}}}],
              "behavior":{"scaleDown":{"stabilizationWindowSeconds":60,"selectPolicy":"Max","policies":[{"type":"Pods","value":1,"periodSeconds":15}]}}},
             "status":{"currentReplicas":1,"desiredReplicas":2,
              "currentMetrics":[{"type":"Resource","resource":{"name":"cpu","current":{"averageUtilization":50,"averageValue":"100m"}}}],
              "conditions":[{"type":"AbleToScale","status":"True"}]}}
            """));

        Assert.Equal(
            """{"minReplicas":1,"maxReplicas":3,"scaleTargetRef":{"kind":"Deployment","name":"web","apiVersion":"apps/v1"},"targetCPUUtilizationPercentage":70}""",
            v1["spec"]!.ToJsonString());
        Assert.Equal("""{"currentReplicas":1,"desiredReplicas":2,"currentCPUUtilizationPercentage":50}""", v1["status"]!.ToJsonString());
        var annotations = v1["metadata"]!["annotations"]!.AsObject();
        Assert.Equal([Prefix + "metrics", Prefix + "current-metrics", Prefix + "behavior", Prefix + "conditions"], annotations.Select(a => a.Key));
        Assert.Equal(
            """[{"type":"Resource","resource":{"name":"memory","targetAverageValue":"1Gi"}},{"type":"Pods","pods":{"metricName":"hits","selector":{"matchLabels":{"a":"b"}},"targetAverageValue":"5"}},"""
            + """{"type":"Object","object":{"target":{"kind":"Service","name":"s"},"metricName":"rps","targetValue":"2k"}},{"type":"External","external":{"metricName":"q","targetAverageValue":"30"}},"""
            + """{"type":"ContainerResource","containerResource":{"name":"cpu","container":"c","targetAverageUtilization":60}}]""",
            (string)annotations[Prefix + "metrics"]!);
        Assert.Equal("""[{"type":"Resource","resource":{"name":"cpu","currentAverageUtilization":50,"currentAverageValue":"100m"}}]""", (string)annotations[Prefix + "current-metrics"]!);
        Assert.Equal("""{"ScaleDown":{"StabilizationWindowSeconds":60,"SelectPolicy":"Max","Policies":[{"Type":"Pods","Value":1,"PeriodSeconds":15}]}}""", (string)annotations[Prefix + "behavior"]!);
    }

    [Fact]
    public void A_change_in_the_first_version_counts_whatever_the_annotations_kept()
    {
        var stored = Documents.Parse("""
            {"metadata":{"name":"a"},"spec":{"metrics":[
              {"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":70}}},
              {"type":"Resource","resource":{"name":"memory","target":{"type":"AverageValue","averageValue":"1Gi"}}}]}}
            """);
        var v1 = V1.FromStorage((JsonObject)stored.DeepClone());
        Assert.True(JsonNode.DeepEquals(stored["spec"], V1.ToStorage((JsonObject)v1.DeepClone())["spec"]));

        v1["spec"]!["targetCPUUtilizationPercentage"] = 10;
        var changed = V1.ToStorage(v1);

        Assert.Equal(["memory", "cpu"], changed["spec"]!["metrics"]!.AsArray().Select(m => (string)m!["resource"]!["name"]!));
        Assert.Equal("10", changed["spec"]!["metrics"]![1]!["resource"]!["target"]!["averageUtilization"]!.ToJsonString());
        Assert.Null(changed["metadata"]!["annotations"]);
    }

    [Theory]
    [InlineData("metrics", "x", "must be a list of objects in JSON: invalid character 'x' looking for beginning of value")]
    [InlineData("metrics", "{}", "must be a list of objects in JSON")]
    [InlineData("metrics", "[1]", "must be a list of objects in JSON")]
    [InlineData("behavior", "[]", "must be an object in JSON")]
    [InlineData("metrics", """[{"type":"Resource","resource":{"name":"cpu","targetAverageUtilization":"x"}}]""", "cannot unmarshal")]
    [InlineData("conditions", """[{"type":1}]""", "cannot unmarshal")]
    public void An_annotation_that_says_nothing_is_refused_by_name(string name, string value, string reason)
    {
        var document = new JsonObject { ["metadata"] = new JsonObject { ["name"] = "a", ["annotations"] = new JsonObject { [Prefix + name] = value } } };

        var refusal = Assert.Throws<ApiException>(() => V1.ToStorage(document));

        Assert.Equal(422, refusal.Code);
        Assert.Contains($"metadata.annotations[{Prefix}{name}]: Invalid value: ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_amount_in_an_annotation_is_stored_in_its_canonical_form()
    {
        var document = Documents.Parse("""
            {"metadata":{"annotations":{"autoscaling.alpha.kubernetes.io/metrics":"[{\"type\":\"Pods\",\"pods\":{\"metricName\":\"m\",\"targetAverageValue\":\"1000m\",\"unknown\":1}}]"}}}
            """);

        Assert.Equal("""[{"type":"Pods","pods":{"metric":{"name":"m"},"target":{"averageValue":"1","type":"AverageValue"}}}]""", V1.ToStorage(document)["spec"]!["metrics"]!.ToJsonString());
    }
}

using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog;

namespace ActorOrch.Resources.Tests.Kinds.Pods;

public class PodDefaultsTests
{
    [Fact]
    public void The_smallest_pod_gets_upstreams_defaults()
    {
        var pod = Documents.Created(BuiltIn.Pods, """{"spec":{"containers":[{"name":"web","image":"nginx","ports":[{"containerPort":80}]}]},"status":{"phase":"Running"}}""");

        AssertJson(
            """
            {"containers":[{"name":"web","image":"nginx","ports":[{"containerPort":80,"protocol":"TCP"}],"resources":{},
              "terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File","imagePullPolicy":"Always"}],
             "restartPolicy":"Always","terminationGracePeriodSeconds":30,"dnsPolicy":"ClusterFirst","securityContext":{},
             "schedulerName":"default-scheduler","enableServiceLinks":true}
            """, pod["spec"]);
        AssertJson("""{"phase":"Pending","qosClass":"BestEffort"}""", pod["status"]);
    }

    [Fact]
    public void Probes_hooks_env_and_volumes_get_theirs()
    {
        var pod = Documents.Created(BuiltIn.Pods, """
            {"spec":{
              "containers":[{"name":"web","image":"nginx:1.27",
                "livenessProbe":{"httpGet":{"port":80},"timeoutSeconds":0},
                "lifecycle":{"preStop":{"httpGet":{"port":80}}},
                "env":[{"name":"IP","valueFrom":{"fieldRef":{"fieldPath":"status.podIP"}}},{"name":"CPU","valueFrom":{"resourceFieldRef":{"resource":"limits.cpu"}}}]}],
              "volumes":[{"name":"none"},{"name":"config","configMap":{"name":"c"}},{"name":"host","hostPath":{"path":"/tmp"}},
                {"name":"all","projected":{"sources":[{"serviceAccountToken":{"path":"token"}}]}}]}}
            """);
        var spec = pod["spec"]!;

        AssertJson(
            """{"httpGet":{"port":80,"path":"/","scheme":"HTTP"},"timeoutSeconds":1,"periodSeconds":10,"successThreshold":1,"failureThreshold":3}""",
            spec["containers"]![0]!["livenessProbe"]);
        AssertJson("""{"preStop":{"httpGet":{"port":80,"path":"/","scheme":"HTTP"}}}""", spec["containers"]![0]!["lifecycle"]);
        AssertJson("""[{"name":"IP","valueFrom":{"fieldRef":{"fieldPath":"status.podIP","apiVersion":"v1"}}},{"name":"CPU","valueFrom":{"resourceFieldRef":{"resource":"limits.cpu","divisor":"0"}}}]""",
            spec["containers"]![0]!["env"]);
        AssertJson(
            """
            [{"name":"none","emptyDir":{}},{"name":"config","configMap":{"name":"c","defaultMode":420}},{"name":"host","hostPath":{"path":"/tmp","type":""}},
             {"name":"all","projected":{"sources":[{"serviceAccountToken":{"path":"token","expirationSeconds":3600}}],"defaultMode":420}}]
            """, spec["volumes"]);
    }

    [Theory]
    [InlineData("nginx", "Always")]
    [InlineData("nginx:latest", "Always")]
    [InlineData("nginx:1.27", "IfNotPresent")]
    [InlineData("registry:5000/nginx", "Always")]
    [InlineData("registry:5000/nginx:v1", "IfNotPresent")]
    [InlineData("nginx@sha256:abc", "IfNotPresent")]
    public void The_pull_policy_follows_the_tag(string image, string policy)
    {
        var pod = Documents.Created(BuiltIn.Pods, $$$"""{"spec":{"containers":[{"name":"c","image":"{{{image}}}"}]}}""");

        Assert.Equal(policy, (string?)pod["spec"]!["containers"]![0]!["imagePullPolicy"]);
    }

    [Fact]
    public void A_pod_requests_what_it_is_limited_to_but_a_template_is_left_alone()
    {
        const string Containers = """[{"name":"c","image":"i:1","resources":{"limits":{"cpu":"0.5","memory":"1024Mi"},"requests":{"cpu":"100m"}}}]""";
        var pod = Documents.Created(BuiltIn.Pods, $$$"""{"spec":{"containers":{{{Containers}}}}}""");
        var deployment = Documents.Created(BuiltIn.Deployments, """{"spec":{"template":{"spec":{"containers":CONTAINERS}}}}""".Replace("CONTAINERS", Containers));

        AssertJson("""{"limits":{"cpu":"500m","memory":"1Gi"},"requests":{"cpu":"100m","memory":"1Gi"}}""", pod["spec"]!["containers"]![0]!["resources"]);
        AssertJson("""{"limits":{"cpu":"500m","memory":"1Gi"},"requests":{"cpu":"100m"}}""",
            deployment["spec"]!["template"]!["spec"]!["containers"]![0]!["resources"]);
    }

    [Fact]
    public void On_the_hosts_network_a_pod_takes_host_ports()
    {
        var pod = Documents.Created(BuiltIn.Pods, """{"spec":{"hostNetwork":true,"containers":[{"name":"c","image":"i","ports":[{"containerPort":80}]}]}}""");

        Assert.Equal(80, (int?)pod["spec"]!["containers"]![0]!["ports"]![0]!["hostPort"]);
    }

    [Theory]
    [InlineData("{}", "BestEffort")]
    [InlineData("""{"limits":{"nvidia.com/gpu":"1"}}""", "BestEffort")]
    [InlineData("""{"requests":{"cpu":"1"}}""", "Burstable")]
    [InlineData("""{"limits":{"cpu":"1"}}""", "Burstable")]
    [InlineData("""{"limits":{"cpu":"1","memory":"1Gi"}}""", "Guaranteed")]
    [InlineData("""{"limits":{"cpu":"1","memory":"1Gi"},"requests":{"cpu":"1000m","memory":"1024Mi"}}""", "Guaranteed")]
    [InlineData("""{"limits":{"cpu":"1","memory":"1Gi"},"requests":{"cpu":"500m"}}""", "Burstable")]
    public void The_quality_of_service_follows_from_requests_and_limits(string resources, string expected)
    {
        var pod = Documents.Created(BuiltIn.Pods, $$$"""{"spec":{"containers":[{"name":"c","image":"i","resources":{{{resources}}}}]}}""");

        Assert.Equal(expected, (string?)pod["status"]!["qosClass"]);
    }

    [Fact]
    public void Defaulting_twice_changes_nothing()
    {
        var pod = Documents.Created(BuiltIn.Pods, """{"spec":{"serviceAccount":"bot","containers":[{"name":"c","image":"i","readinessProbe":{"grpc":{"port":1}}}],"volumes":[{"name":"v"}]}}""");
        var again = pod.DeepClone().AsObject();
        BuiltIn.Pods.Rules.Default(again);

        Assert.True(JsonNode.DeepEquals(pod, again));
        Assert.Equal("bot", (string?)pod["spec"]!["serviceAccountName"]);
    }

    private static void AssertJson(string expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"expected {expected}\nbut was {actual?.ToJsonString()}");
}

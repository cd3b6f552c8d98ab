using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Patches;

namespace ActorOrch.Resources.Tests.Patches;

public class StrategicMergePatchTests
{
    private const string Web = """
        {"metadata":{"name":"web","labels":{"a":"1"},"annotations":{"x":"y"}},
         "spec":{"replicas":1,"strategy":{"type":"RollingUpdate","rollingUpdate":{"maxSurge":1}},
          "template":{"spec":{"containers":[{"name":"c","image":"a","env":[{"name":"A","value":"x"},{"name":"B","value":"u"}],"ports":[{"containerPort":80}]}],
           "tolerations":[{"key":"k"}]}}}}
        """;

    // What kubectl 1.32 sends for apply, set image, set env, set resources, rollout restart, pause, resume, and edit.
    [Theory]
    [InlineData(
        """{"spec":{"template":{"spec":{"$setElementOrder/containers":[{"name":"c"}],"containers":[{"$setElementOrder/env":[{"name":"A"},{"name":"C"}],"env":[{"name":"C","value":"z"},{"$patch":"delete","name":"B"}],"image":"b","name":"c"}]}}}}""",
        "spec.template.spec.containers",
        """[{"name":"c","image":"b","env":[{"name":"A","value":"x"},{"name":"C","value":"z"}],"ports":[{"containerPort":80}]}]""")]
    [InlineData(
        """{"spec":{"template":{"spec":{"$setElementOrder/containers":[{"name":"c"}],"containers":[{"image":"new","name":"c"}]}}}}""",
        "spec.template.spec.containers",
        """[{"name":"c","image":"new","env":[{"name":"A","value":"x"},{"name":"B","value":"u"}],"ports":[{"containerPort":80}]}]""")]
    [InlineData(
        """{"spec":{"template":{"spec":{"$setElementOrder/containers":[{"name":"c"}],"containers":[{"$setElementOrder/env":[{"name":"B"},{"name":"Q"}],"env":[{"name":"Q","value":"1"},{"$patch":"delete","name":"A"}],"name":"c"}]}}}}""",
        "spec.template.spec.containers",
        """[{"name":"c","image":"a","env":[{"name":"B","value":"u"},{"name":"Q","value":"1"}],"ports":[{"containerPort":80}]}]""")]
    [InlineData(
        """{"spec":{"template":{"spec":{"$setElementOrder/containers":[{"name":"c"}],"containers":[{"name":"c","resources":{"limits":{"cpu":"500m"}}}]}}}}""",
        "spec.template.spec.containers",
        """[{"name":"c","image":"a","env":[{"name":"A","value":"x"},{"name":"B","value":"u"}],"ports":[{"containerPort":80}],"resources":{"limits":{"cpu":"500m"}}}]""")]
    [InlineData(
        """{"spec":{"template":{"metadata":{"annotations":{"kubectl.kubernetes.io/restartedAt":"2024-05-01T12:00:00Z"}}}}}""",
        "spec.template.metadata", """{"annotations":{"kubectl.kubernetes.io/restartedAt":"2024-05-01T12:00:00Z"}}""")]
    [InlineData("""{"spec":{"paused":true}}""", "spec.paused", "true")]
    [InlineData("""{"spec":{"paused":null}}""", "spec.paused", "null")]
    [InlineData("""{"spec":{"replicas":9}}""", "spec.replicas", "9")]
    [InlineData("""{"metadata":{"labels":{"a":null,"b":"2"}}}""", "metadata.labels", """{"b":"2"}""")]
    [InlineData("""{"spec":{"strategy":{"$retainKeys":["type"],"type":"Recreate"}}}""", "spec.strategy", """{"type":"Recreate"}""")]
    [InlineData("""{"spec":{"strategy":{"$patch":"replace","type":"Recreate"}}}""", "spec.strategy", """{"type":"Recreate"}""")]
    [InlineData("""{"spec":{"strategy":{"$patch":"delete"}}}""", "spec.strategy", "{}")]
    [InlineData("""{"spec":{"template":{"spec":{"tolerations":[{"key":"l"}]}}}}""", "spec.template.spec.tolerations", """[{"key":"l"}]""")]
    public void Kubectls_patches_do_what_they_say(string patch, string path, string expected)
    {
        var current = JsonNode.Parse(Web)!.AsObject();
        var before = current.ToJsonString();

        JsonNode? found = StrategicMergePatch.Apply(current, JsonNode.Parse(patch), BuiltIn.Deployments);
        foreach (var step in path.Split('.')) found = found?[step];

        Assert.Equal(expected, found?.ToJsonString() ?? "null");
        Assert.Equal(before, current.ToJsonString());
    }

    [Theory]
    // Cordon and uncordon.
    [InlineData("""{"spec":{}}""", """{"spec":{"unschedulable":true}}""", """{"spec":{"unschedulable":true}}""")]
    [InlineData("""{"spec":{"unschedulable":true}}""", """{"spec":{"unschedulable":null}}""", """{"spec":{}}""")]
    // Taints are replaced, addresses and conditions merge.
    [InlineData("""{"spec":{"taints":[{"key":"a"}]}}""", """{"spec":{"taints":[{"key":"b"}]}}""", """{"spec":{"taints":[{"key":"b"}]}}""")]
    [InlineData(
        """{"status":{"conditions":[{"type":"Ready","status":"True"},{"type":"DiskPressure","status":"False"}]}}""",
        """{"status":{"$setElementOrder/conditions":[{"type":"Ready"},{"type":"DiskPressure"}],"conditions":[{"type":"DiskPressure","status":"True"}]}}""",
        """{"status":{"conditions":[{"type":"Ready","status":"True"},{"type":"DiskPressure","status":"True"}]}}""")]
    // Sets of scalars.
    [InlineData(
        """{"metadata":{"finalizers":["a","b"]}}""", """{"metadata":{"$deleteFromPrimitiveList/finalizers":["a"],"finalizers":["c"]}}""",
        """{"metadata":{"finalizers":["c","b"]}}""")]
    [InlineData(
        """{"metadata":{"finalizers":["a","b"]}}""", """{"metadata":{"$setElementOrder/finalizers":["b","a","c"],"finalizers":["c"]}}""",
        """{"metadata":{"finalizers":["b","a","c"]}}""")]
    [InlineData(
        """{"metadata":{"ownerReferences":[{"uid":"1","name":"x"}]}}""", """{"metadata":{"ownerReferences":[{"uid":"1","$patch":"delete"}]}}""",
        """{"metadata":{"ownerReferences":[]}}""")]
    // Nothing is there yet: directives and nulls leave no trace.
    [InlineData("""{"a":1}""", """{"metadata":{"labels":{"a":null},"finalizers":["x"],"ownerReferences":[{"uid":"1","$patch":"delete"},{"uid":"2"}]}}""",
        """{"a":1,"metadata":{"labels":{},"finalizers":["x"],"ownerReferences":[{"uid":"2"}]}}""")]
    [InlineData("""{"metadata":{"ownerReferences":[{"uid":"1"}]}}""", """{"metadata":{"ownerReferences":[{"uid":"2"},{"$patch":"replace"}]}}""",
        """{"metadata":{"ownerReferences":[{"uid":"2"}]}}""")]
    public void Lists_merge_as_their_fields_say(string current, string patch, string expected)
    {
        Assert.Equal(expected, StrategicMergePatch.Apply(JsonNode.Parse(current)!.AsObject(), JsonNode.Parse(patch), BuiltIn.Nodes).ToJsonString());
    }

    [Fact]
    public void Elements_that_the_patch_does_not_name_keep_their_place()
    {
        var current = JsonNode.Parse("""{"spec":{"containers":[{"name":"s1"},{"name":"a"},{"name":"s2"},{"name":"b"}]}}""")!.AsObject();
        var patch = JsonNode.Parse("""{"spec":{"$setElementOrder/containers":[{"name":"b"},{"name":"a"}],"containers":[{"name":"b","image":"i"}]}}""");

        var names = StrategicMergePatch.Apply(current, patch, BuiltIn.Pods)["spec"]!["containers"]!.AsArray().Select(c => (string)c!["name"]!);

        Assert.Equal(["s1", "s2", "b", "a"], names);
    }

    [Theory]
    [InlineData("""{"spec":{"containers":[{"image":"x"}]}}""", """map: {"image":"x"} does not contain declared merge key: name""")]
    [InlineData("""{"spec":{"containers":["x"]}}""", """list element types are not identical: ["x"]""")]
    [InlineData("""{"spec":{"containers":[["x"]]}}""", "lists of lists are not supported")]
    [InlineData("""{"spec":{"$patch":"explode"}}""", """unknown patch type: "explode" in map: {"$patch":"explode"}""")]
    [InlineData("""{"spec":{"$retainKeys":["a"],"b":1}}""", "invalid patch format of retainKeys")]
    [InlineData("""{"spec":{"$setElementOrder/foo":[]}}""", "unable to find api field in struct PodSpec for the json field \"foo\"")]
    [InlineData("""{"spec":{"$deleteFromPrimitiveList/containers":1}}""", "invalid patch format of primitive list")]
    [InlineData("[]", "json: cannot unmarshal array into Go value of type map[string]interface {}")]
    public void A_malformed_patch_is_a_bad_request(string patch, string error)
    {
        var current = JsonNode.Parse("""{"spec":{"containers":[{"name":"a"}]}}""")!.AsObject();

        var refused = Assert.Throws<ApiException>(() => StrategicMergePatch.Apply(current, JsonNode.Parse(patch), BuiltIn.Pods));

        Assert.Equal((400, error), (refused.Code, refused.Message));
    }
}

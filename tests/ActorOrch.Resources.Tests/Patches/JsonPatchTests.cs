using System.Text.Json.Nodes;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Patches;

namespace ActorOrch.Resources.Tests.Patches;

public class JsonPatchTests
{
    [Theory]
    [InlineData("""{"a":1}""", """[{"op":"add","path":"/b","value":{"c":[]}},{"op":"add","path":"/b/c/-","value":2},{"op":"add","path":"/b/c/0","value":1}]""", """{"a":1,"b":{"c":[1,2]}}""")]
    [InlineData("""{"a":{"x/y":1,"m~n":2}}""", """[{"op":"remove","path":"/a/x~1y"},{"op":"replace","path":"/a/m~0n","value":3}]""", """{"a":{"m~n":3}}""")]
    [InlineData("""{"a":[1,2,3]}""", """[{"op":"remove","path":"/a/1"},{"op":"test","path":"/a/1","value":3}]""", """{"a":[1,3]}""")]
    [InlineData("""{"a":{"b":1}}""", """[{"op":"move","from":"/a/b","path":"/c"},{"op":"copy","from":"/c","path":"/a/d"}]""", """{"a":{"d":1},"c":1}""")]
    [InlineData("""{"a":1}""", """[{"op":"test","path":"/a","value":1.0},{"op":"test","path":"/gone","value":null},{"op":"replace","path":"","value":{"z":1}}]""", """{"z":1}""")]
    [InlineData("""{"a":1}""", """[{"op":"add","path":"/a","value":null}]""", """{"a":null}""")]
    public void Operations_run_in_order(string current, string patch, string expected)
    {
        var before = Object(current);

        Assert.Equal(expected, JsonPatch.Apply(before, JsonNode.Parse(patch)).ToJsonString());
        Assert.Equal(current, before.ToJsonString());
    }

    [Theory]
    [InlineData("""[{"op":"test","path":"/a","value":2}]""")]
    [InlineData("""[{"op":"remove","path":"/gone"}]""")]
    [InlineData("""[{"op":"replace","path":"/gone","value":1}]""")]
    [InlineData("""[{"op":"add","path":"/l/3","value":1}]""")]
    [InlineData("""[{"op":"add","path":"/l/01","value":1}]""")]
    [InlineData("""[{"op":"add","path":"/gone/b","value":1}]""")]
    [InlineData("""[{"op":"add","path":"a","value":1}]""")]
    [InlineData("""[{"op":"move","from":"/m","path":"/m/n"}]""")]
    [InlineData("""[{"op":"frobnicate","path":"/a"}]""")]
    [InlineData("""[{"op":"replace","path":"","value":[]}]""")]
    public void What_does_not_fit_is_refused_as_upstream_does(string patch)
    {
        var refused = Assert.Throws<ApiException>(() => JsonPatch.Apply(Object("""{"a":1,"l":[1,2],"m":{}}"""), JsonNode.Parse(patch)));

        Assert.Equal((422, "Invalid", "the server rejected our request due to an error in our request"), (refused.Code, refused.Reason, refused.Message));
    }

    [Theory]
    [InlineData("""{"op":"add"}""")]
    [InlineData("""[1]""")]
    [InlineData("""[{"op":1,"path":"/a"}]""")]
    [InlineData("null")]
    public void What_is_no_patch_is_a_bad_request(string patch)
    {
        Assert.Equal(400, Assert.Throws<ApiException>(() => JsonPatch.Apply(Object("{}"), JsonNode.Parse(patch))).Code);
    }

    [Fact]
    public void A_small_patch_cannot_make_a_large_or_deep_document()
    {
        var doubling = new JsonArray([.. Enumerable.Range(0, 40).Select(i => (JsonNode)new JsonObject { ["op"] = "copy", ["from"] = "/a", ["path"] = $"/a/c{i}" })]);
        var nesting = new JsonArray([.. Enumerable.Range(0, 3000).SelectMany(_ => (JsonNode[])
        [
            new JsonObject { ["op"] = "add", ["path"] = "/b", ["value"] = new JsonObject() },
            new JsonObject { ["op"] = "move", ["from"] = "/a", ["path"] = "/b/a" },
            new JsonObject { ["op"] = "move", ["from"] = "/b", ["path"] = "/a" },
        ])]);

        Assert.Equal(422, Assert.Throws<ApiException>(() => JsonPatch.Apply(Object("""{"a":{"x":"0123456789"}}"""), doubling)).Code);
        Assert.Equal(422, Assert.Throws<ApiException>(() => JsonPatch.Apply(Object("""{"a":{}}"""), nesting)).Code);
    }

    private static JsonObject Object(string json) => JsonNode.Parse(json)!.AsObject();
}

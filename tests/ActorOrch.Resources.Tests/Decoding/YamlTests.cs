using System.Text;
using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Decoding;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Tests.Decoding;

public class YamlTests
{
    [Theory]
    [InlineData("yes", "true")]
    [InlineData("Off", "false")]
    [InlineData("y", "true")]
    [InlineData("'yes'", "\"yes\"")]
    [InlineData("~", "null")]
    [InlineData("", "null")]
    [InlineData("'1'", "\"1\"")]
    [InlineData("1", "1")]
    [InlineData("+1", "1")]
    [InlineData("0755", "493")]
    [InlineData("0o17", "15")]
    [InlineData("0x1F", "31")]
    [InlineData("0b101", "5")]
    [InlineData("08", "8")]
    [InlineData("1_000", "1000")]
    [InlineData("1e3", "1000")]
    [InlineData("1.50", "1.5")]
    [InlineData(".5", "0.5")]
    [InlineData("1.2.3", "\"1.2.3\"")]
    [InlineData("10:30", "\"10:30\"")]
    [InlineData("-", "[null]")]
    [InlineData("2024-05-01T12:00:00Z", "\"2024-05-01T12:00:00Z\"")]
    [InlineData("2024-05-01", "\"2024-05-01\"")]
    [InlineData("!!str 12", "\"12\"")]
    [InlineData("!!binary aGVsbG8=", "\"hello\"")]
    [InlineData("100m", "\"100m\"")]
    [InlineData("18446744073709551615", "18446744073709551615")]
    public void Scalars_mean_what_YAML_1_1_says(string scalar, string json)
    {
        var value = Yaml($"data: {(scalar == "-" ? "\n- " : scalar)}", BuiltIn.ControllerRevisions)["data"];

        Assert.Equal(json, value?.ToJsonString() ?? "null");
    }

    [Fact]
    public void Anchors_and_merge_keys_are_resolved()
    {
        var pod = Yaml("""
            metadata:
              name: a
              labels: &l {x: "1", z: "2"}
              annotations:
                <<: *l
                z: "3"
            """, BuiltIn.Pods);

        Assert.Equal("""{"name":"a","labels":{"x":"1","z":"2"},"annotations":{"z":"3","x":"1"}}""", pod["metadata"]!.ToJsonString());
    }

    [Fact]
    public void Only_the_first_document_counts_and_comments_do_not()
    {
        Assert.Equal("a", (string?)Yaml("# hello\n---\nmetadata:\n  name: a # it\n---\nmetadata: {name: b}\n", BuiltIn.Pods)["metadata"]!["name"]);
    }

    [Fact]
    public void A_key_given_twice_is_named()
    {
        var decoded = ObjectDecoder.Decode("metadata:\n  name: a\n  name: b\n"u8.ToArray(), "application/yaml", BuiltIn.Pods);

        Assert.Equal(["yaml: unmarshal errors:\n  line 3: key \"name\" already set in map"], decoded.StrictErrors);
    }

    [Theory]
    [InlineData("a: b: c", "mapping values are not allowed in this context")]
    [InlineData("a: [1, 2", "yaml: line")]
    [InlineData("a: *gone", "unknown anchor 'gone' referenced")]
    [InlineData("a: &x [*x]", "anchor 'x' value contains itself")]
    [InlineData("a: .nan", "json: unsupported value: NaN")]
    [InlineData("? [a]\n: 1", "invalid map key")]
    [InlineData("{}: 1", "invalid map key")]
    [InlineData("<<: 1", "map merge requires map or sequence of maps as the value")]
    [InlineData("- 1", "json: cannot unmarshal array into Go value of type struct")]
    public void Malformed_YAML_is_a_bad_request(string yaml, string error)
    {
        var refused = Assert.Throws<ApiException>(() => Yaml(yaml, BuiltIn.Pods));

        Assert.Equal(400, refused.Code);
        Assert.StartsWith("the object provided is unrecognized (must be of type Pod): ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(error, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_small_text_does_not_grow_into_a_large_document()
    {
        var bomb = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for (var i = 1; i < 12; i++) bomb.Append($"a{i}: &a{i} [").AppendJoin(',', Enumerable.Repeat($"*a{i - 1}", 10)).Append("]\n");

        var refused = Assert.Throws<ApiException>(() => Yaml(bomb.ToString(), BuiltIn.Pods));

        Assert.Contains("document contains excessive aliasing", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nesting_is_bounded()
    {
        Assert.Equal(400, Assert.Throws<ApiException>(() => Yaml(new string('[', 5000), BuiltIn.Pods)).Code);
        Assert.Equal(400, Assert.Throws<ApiException>(() => Yaml(string.Concat(Enumerable.Repeat("{a: ", 5000)), BuiltIn.Pods)).Code);
    }

    private static JsonObject Yaml(string yaml, ResourceType type) =>
        ObjectDecoder.Decode(Encoding.UTF8.GetBytes(yaml), "application/yaml; charset=utf-8", type).Object;
}

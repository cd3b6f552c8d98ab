using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog.Subresources;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Tests.Catalog;

/// <summary>A scale by paths, as a kind without a model declares it.</summary>
public class ScaleTests
{
    private static readonly Scale Custom = new(".spec.size", ".status.current.size", ".status.selector");

    [Fact]
    public void It_is_read_where_the_kind_says()
    {
        var scale = Custom.Read(Parse("""{"metadata":{"name":"w","namespace":"ns","uid":"u","resourceVersion":"7","labels":{"a":"b"}},"spec":{"size":3},"status":{"current":{"size":2},"selector":"a=b,c in (d)"}}"""));
        Assert.Equal(
            """{"kind":"Scale","apiVersion":"autoscaling/v1","metadata":{"name":"w","namespace":"ns","uid":"u","resourceVersion":"7"},"spec":{"replicas":3},"status":{"replicas":2,"selector":"a=b,c in (d)"}}""",
            scale.ToJsonString());
    }

    [Fact]
    public void What_is_not_there_yet_is_none_but_what_is_wanted_has_to_be_said()
    {
        var obj = Parse("""{"metadata":{"name":"w"}}""");
        Assert.Equal("""{"kind":"Scale","apiVersion":"autoscaling/v1","metadata":{"name":"w"},"spec":{"replicas":0},"status":{"replicas":0}}""", Custom.Read(obj).ToJsonString());
        var unread = Assert.Throws<ApiException>(() => Custom.CheckReadable(obj));
        Assert.Equal((500, "Internal error occurred: the spec replicas field \".spec.size\" does not exist"), (unread.Code, unread.Message));
    }

    [Theory]
    [InlineData("""{"metadata":{"name":"w"}}""", """{"metadata":{"name":"w"},"spec":{"size":5}}""")]
    [InlineData("""{"spec":{"size":1,"other":2},"status":{}}""", """{"spec":{"size":5,"other":2},"status":{}}""")]
    public void It_is_written_where_the_kind_says(string before, string after)
    {
        var obj = Parse(before);
        Custom.Write(Parse("""{"spec":{"replicas":5}}"""), obj);
        Assert.Equal(after, obj.ToJsonString());
    }

    [Fact]
    public void What_is_in_the_way_of_a_path_is_not_overwritten()
    {
        var refused = Assert.Throws<ApiException>(() => Custom.Write(Parse("""{"spec":{"replicas":5}}"""), Parse("""{"spec":"text"}""")));
        Assert.Equal(500, refused.Code);
        Assert.Contains(".spec.size", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"matchLabels":{"a":"b"},"matchExpressions":[{"key":"c","operator":"Exists"}]}""", false, "a=b,c")]
    [InlineData("""{"a":"b"}""", true, "a=b")]
    public void Selectors_of_objects_become_text(string selector, bool isMap, string text)
    {
        var scale = new Scale(".spec.replicas", ".status.replicas", ".spec.selector", isMap);
        Assert.Equal(text, (string)scale.Read(Parse($$$"""{"spec":{"replicas":1,"selector":{{{selector}}}}}"""))["status"]!["selector"]!);
    }

    [Theory]
    [InlineData("")]
    [InlineData("..a")]
    [InlineData(".a.")]
    public void A_path_names_fields(string path) => Assert.Throws<ArgumentException>(() => new Scale(path, ".status.replicas", null));

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}

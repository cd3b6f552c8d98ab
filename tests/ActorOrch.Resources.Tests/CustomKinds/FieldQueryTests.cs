using System.Text.Json.Nodes;
using ActorOrch.Resources.CustomKinds;

namespace ActorOrch.Resources.Tests.CustomKinds;

public sealed class FieldQueryTests
{
    private static readonly JsonNode Document = JsonNode.Parse("""
        {"metadata":{"annotations":{"example.com/x":"y"}},"a":{"b c":1},"list":[{"type":"Ready","status":"True"},{"type":"Live","status":"False"}],"null":null}
        """)!;

    [Theory]
    [InlineData(@".metadata.annotations.example\.com/x", "y")]
    [InlineData(".a['b c']", "1")]
    [InlineData(".list[0].type", "Ready")]
    [InlineData(".list[-1].type", "Live")]
    [InlineData(".list[*].type", "Ready", "Live")]
    [InlineData(""".list[?(@.type=="Live")].status""", "False")]
    [InlineData(".list[?(@.type=='None')].status")]
    [InlineData(".list[7].type")]
    [InlineData(".nothing.at.all")]
    [InlineData(".null")]
    public void Values_are_found(string path, params string[] found) => Assert.Equal(found, FieldQuery.Parse(path).Find(Document).Select(v => v.ToString()));

    [Theory]
    [InlineData("")]
    [InlineData("spec")]
    [InlineData(".")]
    [InlineData(".a..b")]
    [InlineData(".a[")]
    [InlineData(".a['x]")]
    [InlineData(".a[?(@.b)]")]
    [InlineData(".a[x]")]
    public void What_is_no_path_is_refused(string path) => Assert.Throws<FormatException>(() => FieldQuery.Parse(path));
}

using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ActorOrch.Resources.FieldOwnership;
using CsCheck;

namespace ActorOrch.Resources.Tests.FieldOwnership;

public class FieldSetTests
{
    private static readonly Gen<string> Elements = Gen.OneOf(
        "f:a", "f:b", "k:{\"name\":\"x\"}", "k:{\"name\":\"y\"}", "k:{\"containerPort\":80,\"protocol\":\"TCP\"}", "v:\"s\"", "v:2", "v:true", "i:0", "i:10");

    private static readonly Gen<FieldSet> Sets = Gen.Select(Elements.Array[1, 3], Gen.Bool).List[0, 6].Select(paths => FieldSet.UnionOf([.. paths.Select(p => Path(p.Item1))]));

    [Fact]
    public void What_is_written_is_read_again()
    {
        Sets.Sample(set =>
        {
            Assert.True(set.SetEquals(FieldSet.Read(JsonNode.Parse(Text(set)))));
            Assert.Equal(Text(set), Text(FieldSet.Read(JsonNode.Parse(Text(set)))));
        });
    }

    [Fact]
    public void Sets_follow_the_laws_of_sets()
    {
        Gen.Select(Sets, Sets, Sets).Sample((a, b, c) =>
        {
            Same(a.Union(b), b.Union(a));
            Same(a.Intersect(b), b.Intersect(a));
            Same(a.Union(b.Union(c)), a.Union(b).Union(c));
            Same(a.Intersect(b.Intersect(c)), a.Intersect(b).Intersect(c));
            Same(a.Intersect(b.Union(c)), a.Intersect(b).Union(a.Intersect(c)));
            Same(a.Except(b.Union(c)), a.Except(b).Intersect(a.Except(c)));
            Same(a, a.Except(b).Union(a.Intersect(b)));
            Same(a, a.Union(a));
            Assert.True(a.Except(a).IsEmpty);
            Assert.True(a.ExceptBelow(b).Intersect(b).IsEmpty);
            Assert.Equal(a.Count + b.Count, a.Union(b).Count + a.Intersect(b).Count);
        });
    }

    [Fact]
    public void Sets_do_what_sets_of_paths_do()
    {
        Gen.Select(Sets, Sets).Sample((a, b) =>
        {
            Assert.Equal(a.Paths().Union(b.Paths()).Order(), a.Union(b).Paths().Order());
            Assert.Equal(a.Paths().Intersect(b.Paths()).Order(), a.Intersect(b).Paths().Order());
            Assert.Equal(a.Paths().Except(b.Paths()).Order(), a.Except(b).Paths().Order());
            Assert.Equal(a.Paths().Count(), a.Count);
        });
    }

    [Theory]
    [InlineData("""{"f:b":{},"f:a":{".":{},"f:c":{}}}""", """{"f:a":{".":{},"f:c":{}},"f:b":{}}""")]
    [InlineData("""{"k:{\"protocol\":\"TCP\", \"port\":80}":{}}""", """{"k:{\"port\":80,\"protocol\":\"TCP\"}":{}}""")]
    [InlineData("""{"k:{\"port\":443}":{},"k:{\"port\":80}":{}}""", """{"k:{\"port\":80}":{},"k:{\"port\":443}":{}}""")]
    [InlineData("""{"i:10":{},"v:\"x\"":{},"k:{\"n\":1}":{},"f:z":{},"i:9":{}}""", """{"f:z":{},"k:{\"n\":1}":{},"v:\"x\"":{},"i:9":{},"i:10":{}}""")]
    [InlineData("""{"x:later":{"f:a":{}},"f:a":{}}""", """{"f:a":{}}""")]
    [InlineData("{}", "{}")]
    public void What_others_wrote_is_brought_into_the_one_form(string written, string expected) => Assert.Equal(Parsed(expected), Text(FieldSet.Read(JsonNode.Parse(written))));

    [Theory]
    [InlineData("[]")]
    [InlineData("""{"f":{}}""")]
    [InlineData("""{"fa":{}}""")]
    [InlineData("""{"k:[1]":{}}""")]
    [InlineData("""{"k:{invalid json}":{"f:name":{},".":{}}}""")]
    [InlineData("""{"v:":{}}""")]
    [InlineData("""{"i:one":{}}""")]
    [InlineData("""{"f:a":1}""")]
    public void What_is_no_set_of_fields_is_refused(string written) => Assert.Throws<FormatException>(() => FieldSet.Read(JsonNode.Parse(written)));

    [Fact]
    public void Whatever_a_client_calls_a_step_is_a_step_or_refused()
    {
        var bodies = Gen.OneOf(
            Gen.OneOf("1", "-0", "1e999", "-1e-999", "9007199254740993", "00", "1.", "true", "null", "\"\"", "\"a\"", "\"\\u0000\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\ud83d\\ude00\"", "\ud800", "\"\ud800\"",
                "{}", "{\"a\":1}", "{\"a\":1,\"a\":2}", "{\"a\":{\"b\":1,\"b\":2}}", "{\"\\ud800\":1}", "{\"a\":\"\\udfff\"}", "{\"b\":1,\"a\":2}", "[{\"a\":1,\"a\":2}]", "[", "", " ", "//", "NaN"),
            Gen.String);
        var keys = Gen.Select(Gen.OneOf("f:", "k:", "v:", "i:", "x:", "", ":"), bodies).Select((kind, body) => kind + body);
        Gen.Select(keys.Array[1, 6], keys.Array[0, 3]).Sample((outer, inner) =>
        {
            var written = new JsonObject();
            foreach (var key in outer) written[key] = new JsonObject(inner.Distinct().Select(i => KeyValuePair.Create(i, (JsonNode?)new JsonObject())));
            FieldSet set;
            try
            {
                set = FieldSet.Read(written);
            }
            catch (FormatException)
            {
                // Refused: nothing is known of who owns what.
                return;
            }
            Assert.Equal(set.Count, set.Paths().Count());
            Assert.True(set.SetEquals(FieldSet.Read(JsonNode.Parse(Text(set)))), Text(set));
        });
    }

    [Fact]
    public void Conflicts_name_fields_as_people_read_them()
    {
        var set = FieldSet.Read(JsonNode.Parse("""{"f:spec":{"f:ports":{"k:{\"port\":80,\"protocol\":\"TCP\"}":{".":{},"f:name":{}}},"f:set":{"v:\"a\"":{}},"f:l":{"i:3":{}}}}"""));

        Assert.Equal([".spec.l[3]", ".spec.ports[port=80,protocol=\"TCP\"]", ".spec.ports[port=80,protocol=\"TCP\"].name", ".spec.set[=\"a\"]"], set.Paths());
    }

    private static FieldSet Path(string[] elements)
    {
        var set = FieldSet.Empty;
        for (var i = elements.Length - 1; i >= 0; i--)
        {
            var outer = new FieldSet();
            outer.Put(elements[i], set.IsEmpty, set);
            set = outer;
        }
        return set;
    }

    private static void Same(FieldSet expected, FieldSet actual) => Assert.True(expected.SetEquals(actual), $"{Text(expected)}\n{Text(actual)}");

    private static string Parsed(string json) => JsonNode.Parse(json)!.ToJsonString();

    private static string Text(FieldSet set)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer)) set.Write(writer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}

using System.Text;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Decoding;
using ActorOrch.Resources.Errors;
using Google.Protobuf;

namespace ActorOrch.Resources.Tests.Decoding;

/// <summary>No form of a document costs more than in proportion to its length, whatever stands in it.</summary>
public class DecodingCostTests
{
    private static readonly Dictionary<string, Func<int, string>> Json = new()
    {
        ["values of an unknown field"] = n => $$$$"""{"zzz":[{{{{Repeat("[],", n)}}}}[]]}""",
        ["unknown fields"] = n => $$$$"""{{{{{Members(n, i => $"\"z{i}\":1")}}}}}""",
        ["known fields that are null"] = n => $$$$"""{"data":{{{{{Members(n, i => $"\"k{i}\":null")}}}}}}""",
        ["entries"] = n => $$$$"""{"data":{{{{{Members(n, i => $"\"k{i}\":\"v\"")}}}}}}""",
        ["one field again and again"] = n => $$$$"""{{{{{Members(n, _ => "\"data\":{}")}}}}}""",
        ["one unknown field again and again"] = n => $$$$"""{{{{{Members(n, _ => "\"zzz\":1")}}}}}""",
        ["fields given twice below a long name"] = n => $$$$"""{"data":{"{{{{new string('k', n * 8)}}}}":{{{{{Members(n, _ => "\"a\":1")}}}}}}}""",
        ["unknown fields below a long name"] = n => $$$$"""{"metadata":{"managedFields":[{"{{{{new string('k', n * 8)}}}}":{}, {{{{Members(n, i => $"\"z{i}\":{{}}")}}}}}]}}""",
        ["a long text"] = n => $$$$"""{"data":{"k":"{{{{new string('x', n * 16)}}}}"}}""",
        ["a long text of escapes"] = n => $$$$"""{"data":{"k":"{{{{Repeat("\\u00e9", n)}}}}"}}""",
        ["half surrogates"] = n => $$$$"""{"data":{"k":"{{{{Repeat("\\ud800", n)}}}}"}}""",
        ["open brackets"] = n => Repeat("[", n * 8),
        ["open braces"] = n => Repeat("{\"a\":", n * 4),
        ["nested brackets"] = n => Repeat("[", n * 4) + Repeat("]", n * 4),
        ["an end that is missing"] = n => $$$$"""{"data":{{{{{Members(n, i => $"\"k{i}\":\"v\"")}}}}""",
        ["a comma too much"] = n => $$$$"""{"data":{{{{{Members(n, i => $"\"k{i}\":\"v\"")}}}},}}""",
        ["a long number"] = n => $$$$"""{"data":{"k":{{{{new string('1', n * 8)}}}}}}""",
        ["bytes that are no text"] = n => $$$$"""{"data":{"k":"{{{{Repeat("\u00ff", n)}}}}"}}""",
        ["base64 with line ends"] = n => $$$$"""{"binaryData":{"k":"{{{{Repeat("AAAA\\n", n)}}}}"}}""",
    };

    private static readonly Dictionary<string, Func<int, string>> Yaml = new()
    {
        ["open brackets"] = n => Repeat("[", n),
        ["nested brackets"] = n => Repeat("[", n) + Repeat("]", n),
        ["open braces"] = n => Repeat("{", n),
        ["nested keys in braces"] = n => Repeat("{a: ", n),
        ["dashes on a line"] = n => Repeat("- ", n) + "a",
        ["question marks on a line"] = n => Repeat("? ", n) + "a",
        ["deeper and deeper lines"] = n => string.Concat(Enumerable.Range(0, Math.Min(n, 2000)).Select(i => new string(' ', i) + "a:\n")),
        ["a flow list"] = n => $"data: [{Repeat("a, ", n)}a]",
        ["a flow list of lists"] = n => $"data: [{Repeat("[], ", n)}[]]",
        ["a flow list over lines"] = n => $"data: [\n{Repeat("a,\n", n)}a]",
        ["a flow map"] = n => $"data: {{{Members(n, i => $"k{i}: v")}}}",
        ["a block list"] = n => "data:\n" + Repeat("- a\n", n),
        ["a block map"] = n => "data:\n" + string.Concat(Enumerable.Range(0, n).Select(i => $"  k{i}: v\n")),
        ["one key again and again"] = n => "data:\n" + Repeat("  k: v\n", n),
        ["a plain text over lines"] = n => "data:\n  k: " + Repeat("word\n    ", n),
        ["a folded text"] = n => "data:\n  k: >\n" + Repeat("    word\n", n),
        ["a literal text"] = n => "data:\n  k: |\n" + Repeat("    word\n", n),
        ["a literal text of empty lines"] = n => "data:\n  k: |\n" + Repeat("\n", n) + "    a\n",
        ["a quoted text over lines"] = n => "data:\n  k: \"" + Repeat("word\n    ", n) + "\"\n",
        ["a quoted text of escapes"] = n => "data:\n  k: \"" + Repeat("\\u00e9", n) + "\"\n",
        ["a long plain word"] = n => "data:\n  k: " + new string('x', n * 8) + "\n",
        ["a long number"] = n => "data:\n  k: " + new string('1', n * 8) + "\n",
        ["a number with a tail"] = n => "data:\n  k: " + new string('1', n * 8) + "x\n",
        ["a long key"] = n => "data:\n  " + new string('x', n * 8) + ": v\n",
        ["comments"] = n => Repeat("# comment\n", n) + "data: {}\n",
        ["comments behind values"] = n => "data:\n" + string.Concat(Enumerable.Range(0, n).Select(i => $"  k{i}: v # c\n")),
        ["empty lines"] = n => Repeat("\n", n * 8) + "data: {}\n",
        ["spaces"] = n => "data:" + new string(' ', n * 8) + "{}\n",
        ["documents"] = n => "data: {}\n" + Repeat("---\na: b\n", n),
        ["document marks"] = n => Repeat("---\n", n),
        ["directives"] = n => string.Concat(Enumerable.Range(0, n).Select(i => $"%TAG !a{i}! tag:a{i},2000:\n")) + "---\ndata: {}\n",
        ["anchors"] = n => "data:\n" + string.Concat(Enumerable.Range(0, n).Select(i => $"  k{i}: &a{i} v\n")),
        ["aliases"] = n => "data:\n  a: &a v\n" + string.Concat(Enumerable.Range(0, n).Select(i => $"  k{i}: *a\n")),
        ["aliases of a long text"] = n => $"data:\n  a: &a {new string('x', n)}\n" + string.Concat(Enumerable.Range(0, n).Select(i => $"  k{i}: *a\n")),
        ["merged maps"] = n => "a: &a {x: y}\nb:\n" + string.Concat(Enumerable.Range(0, n).Select(i => $"  k{i}:\n    <<: *a\n")),
        ["merges into one map"] = n => "a: &a {x: y}\nb:\n" + Repeat("  <<: *a\n", n),
        ["tags"] = n => "data: [" + Repeat("!!str a, ", n) + "a]",
        ["long tags"] = n => $"data: !<tag:{new string('x', n * 8)}> a",
        ["colons"] = n => "data: " + Repeat("a:", n),
        ["question marks over lines"] = n => Repeat("? a\n", n),
    };

    public static TheoryData<string> JsonShapes => [.. Json.Keys];

    public static TheoryData<string> YamlShapes => [.. Yaml.Keys];

    [Theory, MemberData(nameof(JsonShapes))]
    public void Json_costs_in_proportion(string shape) => Complexity.IsNotSquare(10_000, n => Work(Json[shape](n), "application/json"));

    [Theory, MemberData(nameof(YamlShapes))]
    public void Yaml_costs_in_proportion(string shape) => Complexity.IsNotSquare(5_000, n => Work(Yaml[shape](n), "application/yaml"));

    [Theory, MemberData(nameof(JsonShapes))]
    public void Patches_cost_in_proportion_to_read(string shape) => Complexity.IsNotSquare(10_000, n =>
    {
        var body = Encoding.UTF8.GetBytes(Json[shape](n));
        return () => Refusable(() => ObjectDecoder.DecodePatch(body));
    });

    [Theory]
    [InlineData(",")]
    [InlineData(";")]
    [InlineData("; a=b")]
    [InlineData("\\\"")]
    public void A_media_type_costs_in_proportion(string part) => Complexity.IsNotSquare(20_000, n => Work("{}", "application/json" + Repeat(part, n)));

    [Fact]
    public void Protobuf_costs_in_proportion() => Complexity.IsNotSquare(10_000, n =>
    {
        var body = Envelope(message =>
        {
            for (var i = 0; i < n; i++)
            {
                message.WriteTag(2, WireFormat.WireType.LengthDelimited);
                message.WriteBytes(Message(entry =>
                {
                    entry.WriteTag(1, WireFormat.WireType.LengthDelimited);
                    entry.WriteString($"k{i}");
                    entry.WriteTag(2, WireFormat.WireType.LengthDelimited);
                    entry.WriteString("v");
                }));
            }
        });
        return () => Refusable(() => ObjectDecoder.Decode(body, "application/vnd.kubernetes.protobuf", BuiltIn.ConfigMaps));
    });

    [Fact]
    public void Documents_of_more_values_than_fit_are_refused()
    {
        var json = Encoding.UTF8.GetBytes($$$$"""{"zzz":[{{{{Repeat("[],", 990_000)}}}}[]]}""");
        Assert.Equal(413, Refused(() => ObjectDecoder.Decode(json, "application/json", BuiltIn.ConfigMaps)).Code);
        Assert.Equal(413, Refused(() => ObjectDecoder.DecodePatch(json)).Code);
        Assert.Equal(413, Refused(() => ObjectDecoder.Decode(json, "application/yaml", BuiltIn.ConfigMaps)).Code);
        var groups = Envelope(pod =>
        {
            pod.WriteTag(2, WireFormat.WireType.LengthDelimited);
            pod.WriteBytes(Message(spec =>
            {
                spec.WriteTag(14, WireFormat.WireType.LengthDelimited);
                spec.WriteBytes(Message(context =>
                {
                    context.WriteTag(4, WireFormat.WireType.LengthDelimited);
                    context.WriteBytes(ByteString.CopyFrom(new byte[2_000_000]));
                }));
            }));
        }, "Pod");
        Assert.Equal(413, Refused(() => ObjectDecoder.Decode(groups, "application/vnd.kubernetes.protobuf", BuiltIn.Pods)).Code);
    }

    [Fact]
    public void A_document_takes_no_more_memory_than_a_known_multiple_of_what_it_may_have()
    {
        var body = Encoding.UTF8.GetBytes($$$$"""{"zzz":[{{{{Repeat("[],", 990_000)}}}}[]]}""");
        Refused(() => ObjectDecoder.Decode(body, "application/json", BuiltIn.ConfigMaps));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Refused(() => ObjectDecoder.Decode(body, "application/json", BuiltIn.ConfigMaps));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 * 1024 * 1024);
    }

    [Fact]
    public void Aliases_do_not_repeat_more_than_a_body_may_be()
    {
        var yaml = $"apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec:\n  containers:\n  - name: a\n    command: [&s \"{new string('x', 20_000)}\"]\n    args: [{Repeat("*s, ", 1500)}*s]\n";
        var refused = Refused(() => ObjectDecoder.Decode(Encoding.UTF8.GetBytes(yaml), "application/yaml", BuiltIn.Pods));
        Assert.Equal((413, "RequestEntityTooLarge"), (refused.Code, refused.Reason));
        Assert.Equal("Request entity too large: aliases may repeat at most 3145728 characters", refused.Message);
        var few = $"data:\n  a: &s {new string('x', 1000)}\n  b: *s\n";
        Assert.Equal(2, ObjectDecoder.Decode(Encoding.UTF8.GetBytes(few), "application/yaml", BuiltIn.ConfigMaps).Object["data"]!.AsObject().Count);
    }

    private static Action Work(string text, string contentType)
    {
        var body = Encoding.UTF8.GetBytes(text);
        return () => Refusable(() => ObjectDecoder.Decode(body, contentType, BuiltIn.ConfigMaps));
    }

    private static ApiException Refused(Action decode) => Assert.Throws<ApiException>(decode);

    private static void Refusable(Action decode)
    {
        try
        {
            decode();
        }
        catch (ApiException refused)
        {
            Assert.InRange(refused.Code, 400, 499);
        }
    }

    private static byte[] Envelope(Action<CodedOutputStream> write, string kind = "ConfigMap") =>
    [
        .. "k8s\0"u8, .. Message(unknown =>
        {
            unknown.WriteTag(1, WireFormat.WireType.LengthDelimited);
            unknown.WriteBytes(Message(meta =>
            {
                meta.WriteTag(1, WireFormat.WireType.LengthDelimited);
                meta.WriteString("v1");
                meta.WriteTag(2, WireFormat.WireType.LengthDelimited);
                meta.WriteString(kind);
            }));
            unknown.WriteTag(2, WireFormat.WireType.LengthDelimited);
            unknown.WriteBytes(Message(write));
        }),
    ];

    private static ByteString Message(Action<CodedOutputStream> write)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true)) write(output);
        return ByteString.CopyFrom(stream.ToArray());
    }

    private static string Repeat(string text, int times) => new StringBuilder().Insert(0, text, times).ToString();

    private static string Members(int count, Func<int, string> member) => string.Join(',', Enumerable.Range(0, count).Select(member));
}

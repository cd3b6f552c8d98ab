using System.Text;
using System.Text.Json.Nodes;
using ActorOrch.Resources.Decoding;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Patches;

namespace ActorOrch.Resources.Tests.Patches;

/// <summary>The operations of a JSON patch cost in proportion to their number and to the document, or they are refused.</summary>
public class PatchCostTests
{
    private const int MostOperations = 10_000;

    private static readonly Dictionary<string, Func<int, string>> Patches = new()
    {
        ["elements put in front"] = n => Operations(n, _ => """{"op":"add","path":"/data/list/0","value":"x"}"""),
        ["elements put behind"] = n => Operations(n, _ => """{"op":"add","path":"/data/list/-","value":"x"}"""),
        ["elements taken from the front"] = n => Operations(n, _ => """{"op":"remove","path":"/data/list/0"}"""),
        ["elements replaced"] = n => Operations(n, i => $$"""{"op":"replace","path":"/data/list/{{i}}","value":"x"}"""),
        ["fields added"] = n => Operations(n, i => $$"""{"op":"add","path":"/data/new{{i}}","value":"x"}"""),
        ["fields taken away"] = n => Operations(n, i => $$"""{"op":"remove","path":"/data/map/k{{i}}"}"""),
        ["elements moved"] = n => Operations(n, _ => """{"op":"move","from":"/data/list/0","path":"/data/list/-"}"""),
        ["the whole moved about"] = n => Operations(n, i => i % 2 == 0 ? """{"op":"move","from":"/data/list","path":"/data/other"}""" : """{"op":"move","from":"/data/other","path":"/data/list"}"""),
        ["the whole tested"] = n => Operations(n, _ => """{"op":"test","path":"/data/list","value":[]}"""),
        ["elements copied"] = n => Operations(n, _ => """{"op":"copy","from":"/data/list/0","path":"/data/list/-"}"""),
        ["long pointers"] = n => Operations(Math.Min(n, 8), _ => $$"""{"op":"add","path":"{{string.Concat(Enumerable.Repeat("/a", n))}}","value":"x"}"""),
        ["pointers of escapes"] = n => Operations(Math.Min(n, 8), _ => $$"""{"op":"add","path":"/data/{{string.Concat(Enumerable.Repeat("~0~1", n))}}","value":"x"}"""),
    };

    public static TheoryData<string> Names => [.. Patches.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Operations_cost_in_proportion(string name) => Complexity.IsNotSquare(MostOperations / 4, n =>
    {
        var (document, patch) = (Document(n), ObjectDecoder.DecodePatch(Encoding.UTF8.GetBytes(Patches[name](n))).Patch);
        return () => Refusable(() => JsonPatch.Apply(document, patch));
    });

    [Fact]
    public void Operations_that_move_a_large_document_about_are_refused()
    {
        var document = Document(100_000);
        var patch = ObjectDecoder.DecodePatch(Encoding.UTF8.GetBytes(Patches["the whole moved about"](MostOperations))).Patch;
        var refused = Assert.Throws<ApiException>(() => JsonPatch.Apply(document, patch));
        Assert.Equal((413, "RequestEntityTooLarge"), (refused.Code, refused.Reason));
    }

    [Fact]
    public void Copies_of_copies_end()
    {
        var doubling = Operations(64, i => $$"""{"op":"copy","from":"/data","path":"/data/c{{i}}"}""");
        Assert.Throws<ApiException>(() => JsonPatch.Apply(Document(1000), ObjectDecoder.DecodePatch(Encoding.UTF8.GetBytes(doubling)).Patch));
    }

    private static JsonObject Document(int count) => new()
    {
        ["data"] = new JsonObject
        {
            ["list"] = new JsonArray([.. Enumerable.Range(0, count).Select(i => (JsonNode)$"e{i}")]),
            ["map"] = new JsonObject(Enumerable.Range(0, count).Select(i => KeyValuePair.Create($"k{i}", (JsonNode?)"v"))),
        },
    };

    private static string Operations(int count, Func<int, string> operation) => $"[{string.Join(',', Enumerable.Range(0, count).Select(operation))}]";

    private static void Refusable(Action work)
    {
        try
        {
            work();
        }
        catch (ApiException refused)
        {
            Assert.InRange(refused.Code, 400, 499);
        }
    }
}

using System.Net;
using System.Text.Json.Nodes;
using ActorOrch.Gateway.Tests.Fixtures;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Catalog.Subresources;
using ActorOrch.Resources.Versions;
using ActorOrch.Testing;

namespace ActorOrch.Gateway.Tests.Subresources;

/// <summary>Each subresource of each kind with each verb: it is served as discovery says, or answered with 405 in upstream's words.</summary>
public sealed class SubresourceVerbsTests : GatewayTest
{
    private const string NotAllowed = "the server does not allow this method on the requested resource";
    private const string Unknown = "the server could not find the requested resource";

    private static readonly Dictionary<string, string> Methods = new()
    {
        ["create"] = "POST",
        ["delete"] = "DELETE",
        ["get"] = "GET",
        ["patch"] = "PATCH",
        ["update"] = "PUT",
    };

    /// <summary>Upstream's, which a new subresource joins with its own line.</summary>
    private static readonly Dictionary<string, string> Upstream = new()
    {
        ["status"] = "get patch update",
        ["scale"] = "get patch update",
        ["finalize"] = "update",
        ["binding"] = "create",
        ["eviction"] = "create",
        ["log"] = "get",
        ["exec"] = "create get",
        ["attach"] = "create get",
        ["portforward"] = "create get",
        ["proxy"] = "create delete get patch update",
    };

    public static TheoryData<string, string, string> Table()
    {
        var table = new TheoryData<string, string, string>();
        foreach (var type in BuiltIn.EveryVersion)
            foreach (var subresource in type.Subresources)
                foreach (var verb in Methods.Keys) table.Add(type.ToString(), subresource.Name, verb);
        return table;
    }

    [Theory]
    [MemberData(nameof(Table))]
    public async Task A_verb_is_served_or_not_allowed(string kind, string name, string verb)
    {
        var type = BuiltIn.EveryVersion.Single(t => t.ToString() == kind);
        var subresource = type.FindSubresource(name)!;
        Assert.Equal(Upstream[name], string.Join(' ', subresource.Verbs));
        var stored = RichDocuments.Of(type.Storage);
        // Nothing here answers at any address.
        if (subresource is Connection) stored.Remove("status");
        await Gateway.Registry.PutAsync(type.Storage, stored);
        var prefix = type.Group.Length == 0 ? "/api/" : "/apis/";
        var path = $"{prefix}{type.ApiVersion}/{(type.Namespaced ? "namespaces/default/" : "")}{type.Plural}/a/{name}";

        using var answer = await Gateway.RespondAsync(
            Methods[verb], path, verb is "get" or "delete" ? null : Body(type, subresource, verb), verb == "patch" ? "application/merge-patch+json" : "application/json");
        var text = await answer.Content.ReadAsStringAsync();

        if (!subresource.Verbs.Contains(verb))
        {
            Assert.Equal((HttpStatusCode.MethodNotAllowed, NotAllowed), (answer.StatusCode, (string)JsonNode.Parse(text)!["message"]!));
            return;
        }
        Assert.True(answer.StatusCode != HttpStatusCode.MethodNotAllowed && !text.Contains(Unknown, StringComparison.Ordinal), text);
        // What is no stream does what it says; of streams nothing answers here but that nobody is there.
        if (subresource is not Connection) Assert.True(answer.IsSuccessStatusCode, text);
    }

    [Fact]
    public void There_is_a_line_for_each_subresource_and_no_other() =>
        Assert.Equal(Upstream.Keys.Order(), BuiltIn.EveryVersion.SelectMany(t => t.Subresources).Select(s => s.Name).Distinct().Order());

    private static string Body(ResourceType type, Subresource subresource, string verb)
    {
        if (verb == "patch") return """{"metadata":{"labels":{"x":"y"}}}""";
        if (subresource is ObjectPart) return type.FromStorage(RichDocuments.Of(type.Storage)).ToJsonString();
        var spoken = subresource.Kind ?? type.Document;
        return $$$"""{"apiVersion":"{{{spoken.ApiVersion}}}","kind":"{{{spoken.Kind}}}","metadata":{"name":"a","namespace":"default"},"spec":{"replicas":3},"target":{"name":"n1"}}""";
    }
}

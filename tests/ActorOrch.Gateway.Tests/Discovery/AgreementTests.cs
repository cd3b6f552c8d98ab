using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using ActorOrch.Gateway.Tests.Fixtures;

namespace ActorOrch.Gateway.Tests.Discovery;

/// <summary>The documents that say what is served say the same, and nothing that is not honoured.</summary>
public sealed class AgreementTests : GatewayTest
{
    private static readonly string[] Methods = ["get", "put", "post", "patch", "delete"];

    private static readonly Dictionary<string, string> MethodOf = new()
    {
        ["create"] = "post",
        ["list"] = "get",
        ["get"] = "get",
        ["update"] = "put",
        ["patch"] = "patch",
        ["delete"] = "delete",
        ["deletecollection"] = "delete",
    };

    // Their bodies are streams: the schemas describe none of them.
    private static readonly HashSet<string> Streams = ["attach", "exec", "log", "portforward", "proxy"];

    [Fact]
    public async Task Both_versions_of_the_schemas_have_the_same_operations()
    {
        var second = Operations((await Gateway.SendAsync("GET", "/openapi/v2")).Body);
        var third = new List<string>();
        var (_, root) = await Gateway.SendAsync("GET", "/openapi/v3");
        foreach (var (_, entry) in root["paths"]!.AsObject())
            third.AddRange(Operations((await Gateway.SendAsync("GET", (string)entry!["serverRelativeURL"]!)).Body));

        Assert.Equal(second.Order(StringComparer.Ordinal), third.Order(StringComparer.Ordinal));
        Assert.True(second.Count > 100, $"{second.Count} operations");
    }

    [Theory]
    [InlineData("v2")]
    [InlineData("v2beta1")]
    public async Task Both_forms_of_discovery_list_the_same_resources_and_verbs(string version)
    {
        var plain = (await VerbsAsync()).Order(StringComparer.Ordinal).ToList();
        var aggregated = new List<string>();
        foreach (var path in new[] { "/api", "/apis" })
        {
            using var response = await Gateway.RespondAsync("GET", path, accept: $"application/json;g=apidiscovery.k8s.io;v={version};as=APIGroupDiscoveryList");
            foreach (var group in JsonNode.Parse(await response.Content.ReadAsStringAsync())!["items"]!.AsArray())
                foreach (var served in group!["versions"]!.AsArray())
                {
                    var prefix = path == "/api" ? $"/api/{served!["version"]}" : $"/apis/{group["metadata"]!["name"]}/{served!["version"]}";
                    foreach (var resource in served["resources"]!.AsArray())
                    {
                        aggregated.AddRange(resource!["verbs"]!.AsArray().Select(v => $"{prefix} {resource["resource"]} {v}"));
                        foreach (var subresource in resource["subresources"]?.AsArray() ?? [])
                            aggregated.AddRange(subresource!["verbs"]!.AsArray().Select(v => $"{prefix} {resource["resource"]}/{subresource["subresource"]} {v}"));
                    }
                }
        }

        Assert.Equal(plain, aggregated.Order(StringComparer.Ordinal));
        Assert.True(plain.Count > 100, $"{plain.Count} verbs");
    }

    [Fact]
    public async Task Every_verb_of_discovery_has_its_operation_in_the_schemas()
    {
        var operations = Operations((await Gateway.SendAsync("GET", "/openapi/v2")).Body).ToHashSet();
        var missing = new List<string>();
        foreach (var line in await VerbsAsync())
        {
            if (line.Split(' ') is not [var prefix, var name, var verb] || verb == "watch") continue;
            var parts = name.Split('/');
            if (parts.Length > 1 && Streams.Contains(parts[1])) continue;
            var collection = new[] { $"{prefix}/{parts[0]}", $"{prefix}/namespaces/{{namespace}}/{parts[0]}" };
            var suffix = parts.Length > 1 ? $"/{{name}}/{parts[1]}" : verb is "create" or "list" or "deletecollection" ? "" : "/{name}";
            if (!collection.Any(c => operations.Contains($"{MethodOf[verb]} {c}{suffix}"))) missing.Add(line);
        }

        Assert.Empty(missing);
    }

    [Fact]
    public async Task Every_parameter_that_is_advertised_is_read()
    {
        var (_, swagger) = await Gateway.SendAsync("GET", "/openapi/v2");
        var advertised = swagger["paths"]!.AsObject().SelectMany(p => p.Value!.AsObject().Select(o => o.Value).OfType<JsonObject>().Append(p.Value!.AsObject()))
            .SelectMany(o => o["parameters"]?.AsArray() ?? [])
            .Where(p => (string)p!["in"]! == "query")
            .Select(p => (string)p!["name"]!)
            .ToHashSet();
        var sources = Directory.EnumerateFiles(Path.Combine(Top(), "src", "ActorOrch.Gateway"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText).ToList();

        Assert.DoesNotContain(advertised, name => !sources.Any(s => s.Contains($"\"{name}\"", StringComparison.Ordinal)));
        Assert.Contains("fieldManager", advertised);
    }

    private static List<string> Operations(JsonNode document) =>
        [.. document["paths"]!.AsObject().SelectMany(p => Methods.Where(m => p.Value![m] is not null).Select(m => $"{m} {p.Key}"))];

    /// <summary>Prefix, resource and verb of all that plain discovery lists.</summary>
    private async Task<List<string>> VerbsAsync()
    {
        var (_, core) = await Gateway.SendAsync("GET", "/api");
        var (_, groups) = await Gateway.SendAsync("GET", "/apis");
        var prefixes = core["versions"]!.AsArray().Select(v => $"/api/{v}")
            .Concat(groups["groups"]!.AsArray().SelectMany(g => g!["versions"]!.AsArray()).Select(v => $"/apis/{v!["groupVersion"]}"));
        var verbs = new List<string>();
        foreach (var prefix in prefixes)
            foreach (var resource in (await Gateway.SendAsync("GET", prefix)).Body["resources"]!.AsArray())
                verbs.AddRange(resource!["verbs"]!.AsArray().Select(v => $"{prefix} {resource["name"]} {v}"));
        return verbs;
    }

    private static string Top([CallerFilePath] string here = "") => here[..here.LastIndexOf("/tests/", StringComparison.Ordinal)];
}

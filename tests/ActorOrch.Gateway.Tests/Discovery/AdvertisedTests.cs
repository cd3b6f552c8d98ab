using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using ActorOrch.Gateway.Tests.Fixtures;

namespace ActorOrch.Gateway.Tests.Discovery;

/// <summary>What is advertised is served: every operation of the documents and every verb of discovery, in its simplest form.</summary>
public sealed class AdvertisedTests : GatewayTest
{
    private const string Unknown = "the server could not find the requested resource";

    private static readonly Dictionary<string, HttpMethod> Methods = new()
    {
        ["get"] = HttpMethod.Get,
        ["put"] = HttpMethod.Put,
        ["post"] = HttpMethod.Post,
        ["patch"] = HttpMethod.Patch,
        ["delete"] = HttpMethod.Delete,
        ["options"] = HttpMethod.Options,
        ["head"] = HttpMethod.Head,
    };

    [Fact]
    public async Task Every_operation_of_the_schemas_is_served_with_every_media_type_that_it_says_it_takes()
    {
        var (_, swagger) = await Gateway.SendAsync("GET", "/openapi/v2");
        var asked = 0;
        var refused = new List<string>();
        foreach (var (template, item) in swagger["paths"]!.AsObject())
            foreach (var (name, method) in Methods)
            {
                if (item![name] is not { } operation) continue;
                var types = operation["consumes"]!.AsArray().Select(t => (string)t! == "*/*" ? "application/json" : (string)t!);
                foreach (var type in types)
                {
                    asked++;
                    await AskAsync(method, PathOf(template), type, refused);
                }
            }

        Assert.Empty(refused);
        Assert.True(asked > 200, $"{asked} operations");
    }

    [Fact]
    public async Task Every_verb_of_discovery_is_served()
    {
        var asked = 0;
        var refused = new List<string>();
        foreach (var prefix in await GroupVersionsAsync())
        {
            var (_, list) = await Gateway.SendAsync("GET", prefix);
            foreach (var resource in list["resources"]!.AsArray())
            {
                var parts = ((string)resource!["name"]!).Split('/');
                var collection = (bool)resource["namespaced"]! ? $"{prefix}/namespaces/default/{parts[0]}" : $"{prefix}/{parts[0]}";
                var named = parts.Length > 1 ? $"{collection}/walk/{parts[1]}" : $"{collection}/walk";
                foreach (var verb in resource["verbs"]!.AsArray())
                {
                    asked++;
                    var (method, path) = (string)verb! switch
                    {
                        "create" => (HttpMethod.Post, parts.Length > 1 ? named : collection),
                        "list" => (HttpMethod.Get, collection),
                        "watch" => (HttpMethod.Get, collection + "?watch=1&timeoutSeconds=1"),
                        "deletecollection" => (HttpMethod.Delete, collection),
                        "get" => (HttpMethod.Get, named),
                        "update" => (HttpMethod.Put, named),
                        "patch" => (HttpMethod.Patch, named),
                        "delete" => (HttpMethod.Delete, named),
                        var other => throw new InvalidOperationException($"no such verb: {other}"),
                    };
                    await AskAsync(method, path, method == HttpMethod.Patch ? "application/merge-patch+json" : "application/json", refused);
                }
            }
        }

        Assert.Empty(refused);
        Assert.True(asked > 100, $"{asked} verbs");
    }

    private async Task<IEnumerable<string>> GroupVersionsAsync()
    {
        var (_, core) = await Gateway.SendAsync("GET", "/api");
        var (_, groups) = await Gateway.SendAsync("GET", "/apis");
        return
        [
            .. core["versions"]!.AsArray().Select(v => $"/api/{v}"),
            .. groups["groups"]!.AsArray().SelectMany(g => g!["versions"]!.AsArray()).Select(v => $"/apis/{v!["groupVersion"]}"),
        ];
    }

    /// <summary>An object that is not there or cannot be made is an answer; a path, a method or a media type that is not served is none.</summary>
    private async Task AskAsync(HttpMethod method, string path, string type, List<string> refused)
    {
        using var request = new HttpRequestMessage(method, path);
        if (method != HttpMethod.Get && method != HttpMethod.Head)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(type.Contains("json-patch", StringComparison.Ordinal) ? "[]" : method == HttpMethod.Delete ? "" : "{}"));
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        }
        using var answer = await Gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var served = answer.StatusCode switch
        {
            HttpStatusCode.MethodNotAllowed or HttpStatusCode.UnsupportedMediaType => false,
            HttpStatusCode.NotFound => method == HttpMethod.Head || (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["message"]! != Unknown,
            var code => (int)code < 500 || code == HttpStatusCode.ServiceUnavailable,
        };
        if (!served) refused.Add($"{method} {path} ({type}): {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }

    private static string PathOf(string template) =>
        template.Replace("{namespace}", "default", StringComparison.Ordinal).Replace("{name}", "walk", StringComparison.Ordinal)
            .Replace("{path}", "a/b", StringComparison.Ordinal);
}

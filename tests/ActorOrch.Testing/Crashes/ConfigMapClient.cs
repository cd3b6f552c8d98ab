using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ActorOrch.Testing.Crashes;

/// <summary>Config maps with one value each, in one namespace, told by their label from those that the orchestrator puts there. A connection that breaks shows as <see cref="HttpRequestException"/>.</summary>
internal sealed class ConfigMapClient(HttpClient http, string @namespace)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>An answer: the object's revision and value where it was given.</summary>
    public readonly record struct Reply(HttpStatusCode Code, long Revision, string Value);

    private const string Mine = "labelSelector=run%3Dcrash";

    private string Path => $"/api/v1/namespaces/{@namespace}/configmaps";

    public Task<Reply> CreateAsync(string name, string value) => SendAsync(HttpMethod.Post, Path, Document(name, value));

    public Task<Reply> ReplaceAsync(string name, string value, long revision) => SendAsync(HttpMethod.Put, $"{Path}/{name}", Document(name, value, revision));

    public Task<Reply> GetAsync(string name) => SendAsync(HttpMethod.Get, $"{Path}/{name}");

    /// <summary>Answers with the last state, at the revision of the deletion.</summary>
    public Task<Reply> DeleteAsync(string name, long revision) => SendAsync(HttpMethod.Delete, $"{Path}/{name}", new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "DeleteOptions",
        ["preconditions"] = new JsonObject { ["resourceVersion"] = $"{revision}" },
    });

    public async Task<(long Revision, Dictionary<string, (long Revision, string Value)> Objects)> ListAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        var list = await http.GetFromJsonAsync<JsonObject>($"{Path}?{Mine}", limit.Token) ?? throw new JsonException("an empty list");
        return (RevisionOf(list), list["items"]!.AsArray().ToDictionary(i => NameOf(i!), i => (RevisionOf(i!), ValueOf(i!))));
    }

    /// <summary>The changes after a revision, and then live, until the server ends it; a bookmark has no name. Throws for an ERROR event.</summary>
    public async IAsyncEnumerable<SeenChange> WatchAsync(long after, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        using var response = await http.GetAsync($"{Path}?{Mine}&watch=1&allowWatchBookmarks=true&resourceVersion={after}", HttpCompletionOption.ResponseHeadersRead, cancel);
        response.EnsureSuccessStatusCode();
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(cancel));
        while (await lines.ReadLineAsync(cancel) is { Length: > 0 } line)
        {
            // The process may have died in the middle of a line.
            if (Parse(line) is not { } change) yield break;
            var type = change["type"]!.GetValue<string>();
            if (type == "ERROR") throw new InvalidOperationException($"the watch from revision {after} failed: {line}");
            var obj = change["object"]!;
            yield return type == "BOOKMARK" ? new(RevisionOf(obj), type, "", "") : new(RevisionOf(obj), type, NameOf(obj), ValueOf(obj));
        }
    }

    private static JsonNode? Parse(string line)
    {
        try
        {
            return JsonNode.Parse(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private async Task<Reply> SendAsync(HttpMethod method, string path, JsonObject? body = null)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var response = await http.SendAsync(request, limit.Token);
        var answer = JsonNode.Parse(await response.Content.ReadAsByteArrayAsync(limit.Token));
        return answer?["kind"]?.GetValue<string>() == "ConfigMap" ? new(response.StatusCode, RevisionOf(answer), ValueOf(answer)) : new(response.StatusCode, 0, "");
    }

    private static JsonObject Document(string name, string value, long? revision = null)
    {
        var metadata = new JsonObject { ["name"] = name, ["labels"] = new JsonObject { ["run"] = "crash" } };
        if (revision is not null) metadata["resourceVersion"] = $"{revision}";
        return new() { ["apiVersion"] = "v1", ["kind"] = "ConfigMap", ["metadata"] = metadata, ["data"] = new JsonObject { ["value"] = value } };
    }

    private static string NameOf(JsonNode obj) => obj["metadata"]!["name"]!.GetValue<string>();

    private static long RevisionOf(JsonNode obj) => long.Parse(obj["metadata"]!["resourceVersion"]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture);

    private static string ValueOf(JsonNode obj) => obj["data"]?["value"]?.GetValue<string>() ?? "";
}

using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Schemas;

namespace ActorOrch.Testing.Fuzzing;

/// <summary>Requests of every kind, verb, patch type and media type, with bodies, queries and headers that are more or less right.</summary>
internal static class FuzzedRequests
{
    private static readonly string[] Methods = ["GET", "POST", "POST", "POST", "PUT", "PUT", "PATCH", "PATCH", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "BREW"];
    private static readonly string[] PatchTypes = ["application/json-patch+json", "application/merge-patch+json", "application/strategic-merge-patch+json"];
    private static readonly string[] BodyTypes = ["application/json", "application/yaml", "application/vnd.kubernetes.protobuf", "text/plain", "application/json; charset=latin1", "\u0001"];

    private static readonly string[] Parameters =
    [
        "labelSelector", "fieldSelector", "limit", "continue", "resourceVersion", "resourceVersionMatch", "watch", "timeoutSeconds", "allowWatchBookmarks", "sendInitialEvents", "dryRun", "fieldValidation",
        "fieldManager", "force", "gracePeriodSeconds", "propagationPolicy", "orphanDependents", "pretty", "tailLines", "sinceSeconds", "sinceTime", "limitBytes", "previous", "follow", "container", "command",
        "stdin", "stdout", "stderr", "tty", "ports", "path", "verbose", "exclude",
    ];

    private static readonly IReadOnlyList<ResourceType> Served = [.. BuiltIn.EveryVersion, .. ReviewTypes.All];

    private static readonly string[] Headers =
        ["Accept", "Accept-Encoding", "Audit-ID", "Impersonate-User", "Impersonate-Group", "If-Match", "X-Forwarded-For", "Origin", "Cookie", "Content-Encoding", "Expect", "User-Agent", "Range", "Connection", "Upgrade"];

    private static readonly string[] Subresources = ["", "", "", "", "", "/status", "/scale", "/log", "/exec", "/attach", "/portforward", "/binding", "/eviction", "/finalize", "/proxy", "/proxy/x", "/none", "//", "/status/x"];

    /// <summary>Sends one request; what is wrong with its answer, or null.</summary>
    public static async Task<string?> RunAsync(FuzzedServer server, Random random, CancellationToken cancel)
    {
        var type = FuzzValues.Pick(random, Served);
        var method = FuzzValues.Pick(random, Methods);
        var path = PathOf(type, method, random);
        using var request = new HttpRequestMessage(new(method), new Uri(path, UriKind.Relative));
        if (method is "POST" or "PUT" or "PATCH" || random.Next(8) == 0) request.Content = Body(type, method, random);
        for (var i = random.Next(-3, 3); i > 0; i--) request.Headers.TryAddWithoutValidation(FuzzValues.Pick(random, Headers), Printable(FuzzValues.Text(random)));
        server.Doing = $"{method} {path} [{string.Join("; ", request.Headers.Select(h => $"{h.Key}={string.Join(',', h.Value)}"))}] {request.Content?.Headers.ContentType}";
        HttpResponseMessage response;
        try
        {
            response = await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        }
        catch (HttpRequestException notSent) when (notSent.InnerException is not null || notSent.StatusCode is null)
        {
            // The client itself would not send it, or the server has cut it off.
            return null;
        }
        using (response)
        {
            if (response.StatusCode == HttpStatusCode.InternalServerError)
                return $"{server.Doing}: {await response.Content.ReadAsStringAsync(cancel)}";
            await DrainAsync(response, cancel);
        }
        return null;
    }

    private static async Task DrainAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        // A watch has no end: its beginning will do.
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        enough.CancelAfter(TimeSpan.FromMilliseconds(response.Content.Headers.ContentLength is null ? 20 : 10_000));
        try
        {
            await response.Content.CopyToAsync(Stream.Null, enough.Token);
        }
        catch (Exception over) when (over is OperationCanceledException or HttpRequestException or IOException)
        {
            cancel.ThrowIfCancellationRequested();
        }
    }

    private static string PathOf(ResourceType type, string method, Random random)
    {
        if (random.Next(40) == 0) return "/" + Uri.EscapeDataString(Printable(FuzzValues.Text(random))) + Query(random);
        if (random.Next(40) == 0) return FuzzValues.Pick(random, (string[])["/api", "/apis", "/apis/apps/v1", "/openapi/v2", "/openapi/v3", "/openapi/v3/api/v1", "/version", "/readyz", "/livez", "/healthz/ping"]) + Query(random);
        var root = type.Group.Length == 0 ? $"/api/{type.Version}" : $"/apis/{type.Group}/{type.Version}";
        var space = type.Namespaced && random.Next(10) > 0 ? "/namespaces/" + (random.Next(10) == 0 ? Uri.EscapeDataString(Printable(FuzzValues.Text(random))) : "default") : "";
        var named = method is "PUT" or "PATCH" || (method != "POST" && random.Next(2) == 0) || random.Next(8) == 0;
        var name = !named ? "" : "/" + (random.Next(10) == 0 ? Uri.EscapeDataString(Printable(FuzzValues.Text(random))) : Name(random)) + FuzzValues.Pick(random, Subresources);
        return $"{root}{space}/{type.Plural}{name}{Query(random)}";
    }

    private static string Name(Random random) => random.Next(3) == 0 ? "p" : $"x{random.Next(4)}";

    private static string Query(Random random)
    {
        var parts = new List<string>();
        for (var i = random.Next(-1, 4); i > 0; i--) parts.Add($"{FuzzValues.Pick(random, Parameters)}={Uri.EscapeDataString(FuzzValues.Text(random).Replace("\ud800", "", StringComparison.Ordinal))}");
        if (random.Next(3) == 0) parts.Add("dryRun=All");
        return parts.Count == 0 ? "" : "?" + string.Join('&', parts);
    }

    private static ByteArrayContent Body(ResourceType type, string method, Random random)
    {
        var text = method == "PATCH" && random.Next(3) == 0 ? Operations(random) : Document(type, random);
        var bytes = Encoding.UTF8.GetBytes(text);
        if (random.Next(4) == 0) bytes = FuzzValues.Mangle(bytes, random);
        var media = method == "PATCH" ? FuzzValues.Pick(random, PatchTypes) : FuzzValues.Pick(random, BodyTypes);
        if (media.EndsWith("protobuf", StringComparison.Ordinal)) bytes = Protobuf(type, random);
        if (random.Next(20) == 0) random.NextBytes(bytes);
        var content = new ByteArrayContent(bytes);
        content.Headers.TryAddWithoutValidation("Content-Type", media);
        return content;
    }

    private static string Document(ResourceType type, Random random)
    {
        var document = FuzzValues.Of(Schema.Of(type), random);
        if (document is not JsonObject obj) return document?.ToJsonString() ?? "null";
        if (random.Next(10) > 0)
        {
            obj.Remove("apiVersion");
            obj.Remove("kind");
        }
        if (random.Next(10) > 0)
        {
            if (obj["metadata"] is not JsonObject metadata) obj["metadata"] = metadata = [];
            metadata["name"] = Name(random);
            metadata.Remove("namespace");
            if (random.Next(4) > 0) metadata.Remove("resourceVersion");
        }
        return obj.ToJsonString();
    }

    private static string Operations(Random random)
    {
        var pointers = (string[])["", "/", "/metadata", "/metadata/labels", "/metadata/name", "/spec", "/spec/containers/0", "/spec/containers/-", "/data", "/data/k", "/a~1b", "/~2", "/status/-1", "x"];
        return new JsonArray([.. Enumerable.Range(0, random.Next(6)).Select(_ => (JsonNode)new JsonObject
        {
            ["op"] = FuzzValues.Pick(random, (string[])["add", "remove", "replace", "move", "copy", "test", "none"]),
            ["path"] = FuzzValues.Pick(random, pointers),
            ["from"] = FuzzValues.Pick(random, pointers),
            ["value"] = FuzzValues.Any(random),
        })]).ToJsonString();
    }

    // The envelope is right more often than what it holds.
    private static byte[] Protobuf(ResourceType type, Random random)
    {
        var raw = new byte[random.Next(200)];
        for (var i = 0; i < raw.Length; i++) raw[i] = random.Next(3) == 0 ? (byte)random.Next(256) : (byte)(random.Next(1, 20) << 3 | 2);
        byte[] meta = [.. Field(1, Encoding.UTF8.GetBytes(type.ApiVersion)), .. Field(2, Encoding.UTF8.GetBytes(type.Kind))];
        byte[] body = [.. "k8s\0"u8, .. Field(1, meta), .. Field(2, raw)];
        return random.Next(4) == 0 ? FuzzValues.Mangle(body, random) : body;
    }

    private static byte[] Field(int number, byte[] value)
    {
        var length = new List<byte>();
        for (var left = value.Length; ; left >>= 7)
        {
            length.Add((byte)(left > 127 ? left & 127 | 128 : left));
            if (left <= 127) break;
        }
        return [(byte)(number << 3 | 2), .. length, .. value];
    }

    private static string Printable(string text) => string.Concat(text.Select(c => c is < ' ' or > '\u00ff' ? '?' : c));
}

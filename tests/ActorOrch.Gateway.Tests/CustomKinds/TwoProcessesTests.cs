using System.Net;
using System.Text.Json.Nodes;
using ActorOrch.Gateway.Tests.Fixtures;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;
using ActorOrch.Testing;

namespace ActorOrch.Gateway.Tests.CustomKinds;

/// <summary>A kind that comes, changes and goes in a running cluster of two processes.</summary>
public sealed class CustomKindsInTwoProcessesTests : IAsyncLifetime
{
    private const string Widgets = "/apis/example.com/v1/namespaces/shop/widgets";
    private const string Merge = "application/merge-patch+json";
    private const string Apply = "application/apply-patch+yaml";

    private static readonly ResourceId Id = new("example.com", "widgets");

    private readonly Scratch _scratch = new();
    private readonly int _port = FreePorts.Next();
    private ClusterProcess _first = null!;
    private ClusterProcess _second = null!;

    private ClusterProcess[] Both => [_first, _second];

    public Task InitializeAsync() => StartAsync();

    public async Task DisposeAsync()
    {
        await StopAsync();
        _scratch.Dispose();
    }

    private async Task StartAsync()
    {
        _first = await ClusterProcess.StartAsync(_scratch.Path, _port, seed: _port);
        _second = await ClusterProcess.StartAsync(_scratch.Path, FreePorts.Next(), seed: _port);
    }

    private async Task StopAsync()
    {
        await _second.DisposeAsync();
        await _first.DisposeAsync();
    }

    [Fact]
    public async Task It_is_served_by_both_changes_in_both_and_is_gone_from_both_with_all_that_was_of_it()
    {
        Assert.All(await AllAsync(p => p.SendAsync("GET", "/apis/example.com/v1")), answer => Assert.Equal(HttpStatusCode.NotFound, answer.Code));
        await _first.DefineAsync(CustomDefinitions.Widgets());
        await AllAsync(p => p.UntilAsync(all => all.Find(Id) is not null));
        await CreatedListedWatchedAndPatchedAsync();
        await SeenInDiscoveryAsync();
        await DeletedWithItsOwnerAsync();
        await DeletedWithItsNamespaceAsync();
        await ChangedAsync();
        await KeptOverRestartsAsync();
        await RemovedAsync();
    }

    private async Task CreatedListedWatchedAndPatchedAsync()
    {
        await SucceedAsync(_first, "POST", "/api/v1/namespaces", """{"metadata":{"name":"shop"}}""");
        await using var watch = await WatchReader.OpenAsync(_second.Client, $"{Widgets}?watch=true");
        var created = await SucceedAsync(_second, "POST", Widgets, """
            {"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"a"},"spec":{"size":"small","nonsense":1,"parts":[{"name":"x"}]},"status":{"replicas":7}}
            """);
        Assert.Equal("""{"size":"small","parts":[{"name":"x","weight":10}],"replicas":1,"enabled":true}""", created["spec"]!.ToJsonString());
        Assert.Null(created["status"]);
        Assert.Equal("ADDED a", await watch.NextTextAsync());

        var merged = await SucceedAsync(_first, "PATCH", $"{Widgets}/a", """{"spec":{"replicas":3}}""", Merge);
        Assert.Equal((3, 2), ((int)merged["spec"]!["replicas"]!, (int)merged["metadata"]!["generation"]!));
        Assert.Equal("MODIFIED a", await watch.NextTextAsync());
        var applied = await SucceedAsync(_second, "PATCH", $"{Widgets}/a?fieldManager=builder", """
            {"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"a"},"spec":{"parts":[{"name":"y","weight":1}],"tags":["t"]}}
            """, Apply);
        Assert.Equal(["x", "y"], applied["spec"]!["parts"]!.AsArray().Select(p => p!["name"]!.ToString()));
        var again = await SucceedAsync(_first, "PATCH", $"{Widgets}/a?fieldManager=builder", """
            {"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"a"},"spec":{"tags":["t"]}}
            """, Apply);
        Assert.Equal(["x"], again["spec"]!["parts"]!.AsArray().Select(p => p!["name"]!.ToString()));
        var status = await SucceedAsync(_first, "PATCH", $"{Widgets}/a/status", """{"status":{"conditions":[{"type":"Ready","status":"True"}]},"spec":{"size":"large"}}""", Merge);
        Assert.Equal(("small", "True"), (status["spec"]!["size"]!.ToString(), status["status"]!["conditions"]![0]!["status"]!.ToString()));
        var (conflict, refusal) = await _first.SendAsync("PATCH", $"{Widgets}/a?fieldManager=other", """
            {"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"a"},"spec":{"replicas":9}}
            """, Apply);
        Assert.Equal((HttpStatusCode.Conflict, ".spec.replicas"), (conflict, refusal["details"]!["causes"]![0]!["field"]!.ToString()));
        foreach (var process in Both)
        {
            var list = await SucceedAsync(process, "GET", Widgets);
            Assert.Equal(("WidgetList", "Widget"), (list["kind"]!.ToString(), list["items"]![0]!["kind"]!.ToString()));
            var table = (await process.SendAsync("GET", Widgets, accept: "application/json;as=Table;v=v1;g=meta.k8s.io")).Body;
            Assert.Equal(["Name", "Replicas", "Ready", "Age"], table["columnDefinitions"]!.AsArray().Select(c => c!["name"]!.ToString()));
            Assert.Equal("""["a",3,"True"]""", new JsonArray([.. table["rows"]![0]!["cells"]!.AsArray().Take(3).Select(c => c!.DeepClone())]).ToJsonString());
        }
    }

    private async Task SeenInDiscoveryAsync()
    {
        foreach (var process in Both)
        {
            var resources = await SucceedAsync(process, "GET", "/apis/example.com/v1");
            var widgets = resources["resources"]!.AsArray().Single(r => r!["name"]!.ToString() == "widgets")!;
            Assert.Equal(("widget", "Widget", "wi"), (widgets["singularName"]!.ToString(), widgets["kind"]!.ToString(), widgets["shortNames"]![0]!.ToString()));
            Assert.Contains(resources["resources"]!.AsArray(), r => r!["name"]!.ToString() == "widgets/status");
            Assert.Contains((await SucceedAsync(process, "GET", "/apis"))["groups"]!.AsArray(), g => g!["name"]!.ToString() == "example.com");
            var v2 = await SucceedAsync(process, "GET", "/openapi/v2");
            Assert.Equal("How large it is.", v2["definitions"]!["com.example.v1.Widget"]!["properties"]!["spec"]!["properties"]!["size"]!["description"]!.ToString());
            var root = await SucceedAsync(process, "GET", "/openapi/v3");
            var v3 = await SucceedAsync(process, "GET", root["paths"]!["apis/example.com/v1"]!["serverRelativeURL"]!.ToString());
            var schema = v3["components"]!["schemas"]!["com.example.v1.Widget"]!;
            Assert.Equal("map", schema["properties"]!["spec"]!["properties"]!["parts"]!["x-kubernetes-list-type"]!.ToString());
            Assert.Equal("Widget", schema["x-kubernetes-group-version-kind"]![0]!["kind"]!.ToString());
        }
    }

    private async Task DeletedWithItsOwnerAsync()
    {
        var owner = await SucceedAsync(_first, "POST", Widgets, """{"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"owner"},"spec":{"size":"small"}}""");
        var reference = $$"""[{"apiVersion":"example.com/v1","kind":"Widget","name":"owner","uid":"{{owner["metadata"]!["uid"]}}"}]""";
        await SucceedAsync(_second, "POST", Widgets, $$$"""{"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"owned","ownerReferences":{{{reference}}}},"spec":{"size":"small"}}""");
        await SucceedAsync(_second, "POST", "/api/v1/namespaces/shop/configmaps", $$$"""{"metadata":{"name":"owned","ownerReferences":{{{reference}}}}}""");
        await SucceedAsync(_second, "DELETE", $"{Widgets}/owner");
        await _first.UntilAsync(Id, all => all.Get(new("shop", "owned")) is null);
        await _first.UntilAsync(BuiltIn.ConfigMaps, all => all.Get(new("shop", "owned")) is null);
    }

    private async Task DeletedWithItsNamespaceAsync()
    {
        await SucceedAsync(_first, "POST", "/api/v1/namespaces", """{"metadata":{"name":"short"}}""");
        await SucceedAsync(_second, "POST", "/apis/example.com/v1/namespaces/short/widgets", """{"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"b"},"spec":{"size":"small"}}""");
        await SucceedAsync(_second, "DELETE", "/api/v1/namespaces/short");
        await _first.UntilAsync(BuiltIn.Namespaces, all => all.Get(ObjectKey.ClusterScoped("short")) is null);
        Assert.Null(_first.Registry[Id].Latest.Get(new("short", "b")));
    }

    private async Task ChangedAsync()
    {
        await _second.RedefineAsync("widgets.example.com", document =>
        {
            var versions = document["spec"]!["versions"]!.AsArray();
            var newer = versions[0]!.DeepClone();
            newer["name"] = "v2";
            newer["schema"]!["openAPIV3Schema"]!["properties"]!["spec"]!["properties"]!["colour"] = JsonNode.Parse("""{"type":"string","default":"red"}""");
            versions[0]!["storage"] = false;
            versions.Add(newer);
        });
        await AllAsync(p => p.UntilAsync(all => all.Find(Id)?.Version == "v2"));
        foreach (var process in Both)
        {
            Assert.Equal("example.com/v2", (await SucceedAsync(process, "GET", "/apis/example.com/v2/namespaces/shop/widgets/a"))["apiVersion"]!.ToString());
            Assert.Equal("example.com/v1", (await SucceedAsync(process, "GET", $"{Widgets}/a"))["apiVersion"]!.ToString());
            Assert.Equal("v2", (await SucceedAsync(process, "GET", "/apis/example.com"))["preferredVersion"]!["version"]!.ToString());
        }
        await DefaultedOnReadAsync("/apis/example.com/v2/namespaces/shop/widgets");
        var written = await SucceedAsync(_first, "PATCH", "/apis/example.com/v2/namespaces/shop/widgets/a", """{"spec":{"replicas":4}}""", Merge);
        Assert.Equal("red", written["spec"]!["colour"]!.ToString());
    }

    // It was stored before there was the default.
    private async Task DefaultedOnReadAsync(string widgets)
    {
        var read = await SucceedAsync(_second, "GET", $"{widgets}/a");
        Assert.Equal("red", read["spec"]!["colour"]!.ToString());
        Assert.Equal("red", (await SucceedAsync(_first, "GET", widgets))["items"]![0]!["spec"]!["colour"]!.ToString());
        Assert.Null((await SucceedAsync(_first, "GET", $"{Widgets}/a"))["spec"]!["colour"]);
        // What changes nothing stores it in the version of today, with all that it shows, and is no other object for it.
        var stored = await SucceedAsync(_first, "PATCH", $"{widgets}/a", "{}", Merge);
        Assert.NotEqual(Revision(read), Revision(stored));
        Assert.Equal(read["metadata"]!["generation"]!.ToString(), stored["metadata"]!["generation"]!.ToString());
        Assert.Equal(Revision(stored), Revision(await SucceedAsync(_second, "PATCH", $"{widgets}/a", "{}", Merge)));
    }

    private static string Revision(JsonNode obj) => obj["metadata"]!["resourceVersion"]!.ToString();

    private async Task KeptOverRestartsAsync()
    {
        await StopAsync();
        await StartAsync();
        foreach (var process in Both)
            Assert.Equal(4, (int)(await SucceedAsync(process, "GET", "/apis/example.com/v2/namespaces/shop/widgets/a"))["spec"]!["replicas"]!);
    }

    private async Task RemovedAsync()
    {
        await using var watch = await WatchReader.OpenAsync(_second.Client, $"{Widgets}?watch=true");
        Assert.Equal("ADDED a", await watch.NextTextAsync());
        await _second.UndefineAsync("widgets.example.com");
        Assert.Equal("DELETED a", await watch.NextTextAsync());
        await AllAsync(p => p.UntilAsync(all => all.Find(Id) is null));
        Assert.Equal("end", await watch.NextTextAsync());
        foreach (var process in Both)
        {
            Assert.Equal(HttpStatusCode.NotFound, (await process.SendAsync("GET", Widgets)).Code);
            Assert.Equal(HttpStatusCode.NotFound, (await process.SendAsync("GET", "/apis/example.com")).Code);
            Assert.Null((await SucceedAsync(process, "GET", "/openapi/v2"))["definitions"]!["com.example.v1.Widget"]);
        }
        await StopAsync();
        await StartAsync();
        Assert.All(await AllAsync(p => p.SendAsync("GET", Widgets)), answer => Assert.Equal(HttpStatusCode.NotFound, answer.Code));
        await _first.DefineAsync(CustomDefinitions.Widgets());
        await AllAsync(p => p.UntilAsync(all => all.Find(Id) is not null));
        foreach (var process in Both) Assert.Empty((await SucceedAsync(process, "GET", Widgets))["items"]!.AsArray());
        await SucceedAsync(_second, "POST", Widgets, """{"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"a"},"spec":{"size":"small"}}""");
        Assert.Single((await SucceedAsync(_first, "GET", Widgets))["items"]!.AsArray());
    }

    private Task AllAsync(Func<ClusterProcess, Task> act) => Task.WhenAll(Both.Select(act));

    private Task<T[]> AllAsync<T>(Func<ClusterProcess, Task<T>> act) => Task.WhenAll(Both.Select(act));

    private static async Task<JsonObject> SucceedAsync(ClusterProcess process, string method, string path, string? body = null, string contentType = "application/json")
    {
        var (code, answer) = await process.SendAsync(method, path, body, contentType);
        Assert.True((int)code is 200 or 201, $"{method} {path}: {(int)code} {answer.ToJsonString()}");
        return answer;
    }
}

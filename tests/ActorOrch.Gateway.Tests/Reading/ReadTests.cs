using System.IO.Compression;
using System.Net;
using System.Text.Json.Nodes;
using ActorOrch.Gateway.Tests.Fixtures;
using ActorOrch.Resources.Catalog;

namespace ActorOrch.Gateway.Tests.Reading;

public sealed class ReadTests : GatewayTest
{
    [Fact]
    public async Task An_object_is_answered_byte_for_byte_as_it_is_stored()
    {
        await Gateway.PutConfigMapAsync("default", "a");

        var text = await Gateway.Client.GetByteArrayAsync("/api/v1/namespaces/default/configmaps/a");

        Assert.Equal([.. Gateway.Registry[BuiltIn.ConfigMaps].Latest.Get(new("default", "a"))!.Json, (byte)'\n'], text);
    }

    [Fact]
    public async Task A_list_says_what_it_holds_and_its_items_do_not()
    {
        await Gateway.PutConfigMapAsync("default", "a");

        var (_, list) = await Gateway.SendAsync("GET", "/api/v1/namespaces/default/configmaps");

        Assert.Equal(("ConfigMapList", "v1"), ((string)list["kind"]!, (string)list["apiVersion"]!));
        var item = list["items"]!.AsArray().Single()!.AsObject();
        var whole = JsonNode.Parse(Gateway.Registry[BuiltIn.ConfigMaps].Latest.Get(new("default", "a"))!.Json)!.AsObject();
        Assert.True(whole.Remove("kind") && whole.Remove("apiVersion"));
        Assert.Equal(whole.ToJsonString(), item.ToJsonString());
    }

    [Fact]
    public async Task Of_a_parameter_that_is_given_twice_the_first_counts()
    {
        await Gateway.PutConfigMapAsync("default", "a");
        await Gateway.PutConfigMapAsync("default", "b");

        var (_, list) = await Gateway.SendAsync("GET", "/api/v1/namespaces/default/configmaps?fieldSelector=metadata.name=b&fieldSelector=metadata.name=a");

        Assert.Equal(["b"], list["items"]!.AsArray().Select(i => (string)i!["metadata"]!["name"]!));
    }

    [Fact]
    public async Task What_is_not_there_gets_404_with_details()
    {
        var (code, status) = await Gateway.SendAsync("GET", "/apis/apps/v1/namespaces/default/deployments/none");

        Assert.Equal(HttpStatusCode.NotFound, code);
        Assert.Equal("deployments.apps \"none\" not found", (string)status["message"]!);
        Assert.Equal("""{"name":"none","group":"apps","kind":"deployments"}""", status["details"]!.ToJsonString());
    }

    [Theory]
    [InlineData("/api/v1/namespaces/default/gadgets")]
    [InlineData("/apis/example.com/v1/widgets")]
    [InlineData("/api/v1/namespaces/default/nodes")]
    [InlineData("/api/v1/pods/a")]
    [InlineData("/api/v1/namespaces/default/configmaps/a/status")]
    [InlineData("/nonsense")]
    public async Task An_unknown_path_gets_404(string path)
    {
        var (code, status) = await Gateway.SendAsync("GET", path);

        Assert.Equal((HttpStatusCode.NotFound, "NotFound", "the server could not find the requested resource"),
            (code, (string)status["reason"]!, (string)status["message"]!));
    }

    [Theory]
    [InlineData("PUT", "/api/v1/namespaces/default/configmaps")]
    [InlineData("POST", "/api/v1/namespaces/default/configmaps/a")]
    [InlineData("POST", "/api/v1/configmaps")]
    [InlineData("DELETE", "/api/v1/namespaces")]
    [InlineData("DELETE", "/api/v1/namespaces/default/pods/a/log")]
    [InlineData("OPTIONS", "/api/v1/pods")]
    [InlineData("POST", "/apis")]
    public async Task A_verb_that_the_resource_does_not_have_gets_405(string method, string path)
    {
        var (code, status) = await Gateway.SendAsync(method, path, method is "GET" ? null : "{}");

        Assert.Equal((HttpStatusCode.MethodNotAllowed, "the server does not allow this method on the requested resource"),
            (code, (string)status["message"]!));
    }

    [Fact]
    public async Task A_list_holds_its_namespace_alone_in_order_at_its_revision()
    {
        await Gateway.PutConfigMapAsync("b", "x");
        await Gateway.PutConfigMapAsync("a", "z");
        await Gateway.PutConfigMapAsync("a", "y");

        var (_, all) = await Gateway.SendAsync("GET", "/api/v1/configmaps");
        var (_, one) = await Gateway.SendAsync("GET", "/api/v1/namespaces/a/configmaps");

        Assert.Equal(("ConfigMapList", "v1", "4"), ((string)all["kind"]!, (string)all["apiVersion"]!, (string)all["metadata"]!["resourceVersion"]!));
        Assert.Equal(["y", "z", "x"], Names(all));
        Assert.Equal(["y", "z"], Names(one));
    }

    [Theory]
    [InlineData("labelSelector=app%3Dweb", "a,b")]
    [InlineData("labelSelector=app%20in%20(web,db),tier!%3Dback", "a")]
    [InlineData("labelSelector=!app", "d")]
    [InlineData("fieldSelector=metadata.name%3Dc", "c")]
    [InlineData("fieldSelector=metadata.namespace%3Dother", "")]
    [InlineData("labelSelector=app%3Dweb&fieldSelector=metadata.name!%3Da", "b")]
    public async Task Selectors_choose(string query, string expected)
    {
        await Gateway.PutConfigMapAsync("s", "a", """{"app":"web"}""");
        await Gateway.PutConfigMapAsync("s", "b", """{"app":"web","tier":"back"}""");
        await Gateway.PutConfigMapAsync("s", "c", """{"app":"db","tier":"back"}""");
        await Gateway.PutConfigMapAsync("s", "d");

        var (_, list) = await Gateway.SendAsync("GET", $"/api/v1/namespaces/s/configmaps?{query}");

        Assert.Equal(expected, string.Join(",", Names(list)));
    }

    [Theory]
    [InlineData("labelSelector=a%20b%20c")]
    [InlineData("fieldSelector=spec.nonsense%3D1")]
    [InlineData("limit=many")]
    [InlineData("resourceVersion=new")]
    [InlineData("continue=garbage")]
    public async Task A_parameter_that_cannot_be_read_gets_400(string query)
    {
        var (code, status) = await Gateway.SendAsync("GET", $"/api/v1/configmaps?{query}");

        Assert.Equal((HttpStatusCode.BadRequest, "BadRequest"), (code, (string)status["reason"]!));
    }

    [Theory]
    [InlineData("resourceVersionMatch=Exact", "resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided")]
    [InlineData("resourceVersion=0&resourceVersionMatch=Exact", "resourceVersionMatch: Forbidden: resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"")]
    [InlineData("sendInitialEvents=true", "sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list")]
    [InlineData("resourceVersion=1&resourceVersionMatch=Newest", "resourceVersionMatch: Unsupported value: \"Newest\": supported values: \"Exact\", \"NotOlderThan\", \"\"")]
    [InlineData("resourceVersion=1&resourceVersionMatch=Exact&continue=x", "resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden when continue is provided")]
    [InlineData("resourceVersionMatch=Exact&continue=x&sendInitialEvents=false",
        "[resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided, "
        + "resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden when continue is provided, sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list]")]
    [InlineData("watch=1&resourceVersionMatch=NotOlderThan", "resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided")]
    [InlineData("watch=1&sendInitialEvents=true", "resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan")]
    [InlineData("watch=1&sendInitialEvents=true&resourceVersionMatch=Exact",
        "[resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan, "
        + "resourceVersionMatch: Unsupported value: \"Exact\": supported values: \"NotOlderThan\"]")]
    public async Task Parameters_that_contradict_each_other_get_422(string query, string detail)
    {
        var (code, status) = await Gateway.SendAsync("GET", $"/api/v1/configmaps?{query}");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, code);
        Assert.Equal($"ListOptions.meta.k8s.io \"\" is invalid: {detail}", (string)status["message"]!);
    }

    [Fact]
    public async Task An_empty_collection_has_a_revision_that_a_watch_can_go_on_from()
    {
        var (_, empty) = await Gateway.SendAsync("GET", "/api/v1/configmaps");

        Assert.Equal("1", (string)empty["metadata"]!["resourceVersion"]!);
        Assert.Empty(Names(empty));
    }

    [Fact]
    public async Task Pages_show_one_revision_whatever_changes_meanwhile()
    {
        for (var i = 0; i < 5; i++) await Gateway.PutConfigMapAsync("p", $"c{i}");

        var (_, first) = await Gateway.SendAsync("GET", "/api/v1/namespaces/p/configmaps?limit=2");
        await Gateway.Registry.RemoveAsync(BuiltIn.ConfigMaps, new("p", "c3"));
        await Gateway.PutConfigMapAsync("p", "c22");
        var (_, second) = await Gateway.SendAsync("GET", Next(first, 2));
        var (_, third) = await Gateway.SendAsync("GET", Next(second, 2));

        Assert.Equal(["c0", "c1"], Names(first));
        Assert.Equal(3, (int)first["metadata"]!["remainingItemCount"]!);
        Assert.Equal(["c2", "c3"], Names(second));
        Assert.Equal(1, (int)second["metadata"]!["remainingItemCount"]!);
        Assert.Equal(["c4"], Names(third));
        Assert.Null(third["metadata"]!["continue"]);
        Assert.Equal("6", (string)third["metadata"]!["resourceVersion"]!);
    }

    [Fact]
    public async Task Pages_show_one_revision_under_heavy_change()
    {
        for (var i = 0; i < 200; i++) await Gateway.PutConfigMapAsync("p", $"c{i:000}");
        var expected = Gateway.Registry[BuiltIn.ConfigMaps].Latest.List("p").Select(o => $"{o.Key.Name} {o.Revision}").ToArray();
        using var enough = new CancellationTokenSource();
        var (_, page) = await Gateway.SendAsync("GET", "/api/v1/namespaces/p/configmaps?limit=15");
        var changes = Task.Run(async () =>
        {
            var random = new Random(1);
            while (!enough.IsCancellationRequested)
            {
                var name = $"c{random.Next(260):000}";
                if (random.Next(3) == 0) await Gateway.Registry.RemoveAsync(BuiltIn.ConfigMaps, new("p", name));
                else await Gateway.PutConfigMapAsync("p", name, $$"""{"n":"{{random.Next()}}"}""");
            }
        });

        var seen = new List<string>();
        while (true)
        {
            seen.AddRange(page["items"]!.AsArray().Select(i => $"{i!["metadata"]!["name"]} {i["metadata"]!["resourceVersion"]}"));
            Assert.Equal("201", (string)page["metadata"]!["resourceVersion"]!);
            Assert.Equal(expected.Length - seen.Count, (int?)page["metadata"]!["remainingItemCount"] ?? 0);
            if (page["metadata"]!["continue"] is null) break;
            (_, page) = await Gateway.SendAsync("GET", Next(page, 15));
        }
        await enough.CancelAsync();
        await changes;

        Assert.Equal(expected, seen);
    }

    [Fact]
    public async Task The_next_page_may_have_another_limit_and_other_selectors()
    {
        for (var i = 0; i < 8; i++) await Gateway.PutConfigMapAsync("p", $"c{i}", $$$"""{"odd":"{{{i % 2}}}"}""");

        var (_, first) = await Gateway.SendAsync("GET", "/api/v1/namespaces/p/configmaps?limit=2");
        var (_, second) = await Gateway.SendAsync("GET", Next(first, 3));
        var (_, odd) = await Gateway.SendAsync("GET", $"{Next(second, 1)}&labelSelector=odd%3D1");
        var (_, rest) = await Gateway.SendAsync("GET", Next(odd, 0));

        Assert.Equal(["c2", "c3", "c4"], Names(second));
        Assert.Equal(3, (int)second["metadata"]!["remainingItemCount"]!);
        Assert.Equal(["c5"], Names(odd));
        Assert.Null(odd["metadata"]!["remainingItemCount"]);
        Assert.Equal(["c6", "c7"], Names(rest));
        Assert.Null(rest["metadata"]!["continue"]);
    }

    [Fact]
    public async Task A_page_names_no_revision_of_its_own()
    {
        for (var i = 0; i < 3; i++) await Gateway.PutConfigMapAsync("p", $"c{i}");
        var (_, first) = await Gateway.SendAsync("GET", "/api/v1/namespaces/p/configmaps?limit=1");

        var (code, status) = await Gateway.SendAsync("GET", $"{Next(first, 1)}&resourceVersion=3");
        var (any, _) = await Gateway.SendAsync("GET", $"{Next(first, 1)}&resourceVersion=0");

        Assert.Equal((HttpStatusCode.BadRequest, "specifying resource version is not allowed when using continue"), (code, (string)status["message"]!));
        Assert.Equal(HttpStatusCode.OK, any);
    }

    [Fact]
    public async Task An_expired_page_gets_410_and_a_token_that_goes_on_with_the_latest()
    {
        for (var i = 0; i < 4; i++) await Gateway.PutConfigMapAsync("p", $"c{i}");
        var (_, first) = await Gateway.SendAsync("GET", "/api/v1/namespaces/p/configmaps?limit=1");
        await Gateway.PutConfigMapAsync("p", "c9");
        Gateway.Registry.Of(BuiltIn.ConfigMaps).ForgetUpTo = 5;

        var (code, status) = await Gateway.SendAsync("GET", Next(first, 1));
        var (_, second) = await Gateway.SendAsync("GET", $"/api/v1/namespaces/p/configmaps?limit=2&continue={status["metadata"]!["continue"]}");
        var (_, rest) = await Gateway.SendAsync("GET", Next(second, 2));

        Assert.Equal((HttpStatusCode.Gone, "Expired", 410), (code, (string)status["reason"]!, (int)status["code"]!));
        Assert.StartsWith("The provided continue parameter is too old to display a consistent list result.", (string)status["message"]!, StringComparison.Ordinal);
        Assert.Equal(["c1", "c2"], Names(second));
        Assert.Equal(("6", 2), ((string)second["metadata"]!["resourceVersion"]!, (int)second["metadata"]!["remainingItemCount"]!));
        Assert.Equal(["c3", "c9"], Names(rest));
    }

    [Fact]
    public async Task An_exact_revision_that_is_gone_gets_410()
    {
        for (var i = 0; i < 4; i++) await Gateway.PutConfigMapAsync("p", $"c{i}");
        Gateway.Registry.Of(BuiltIn.ConfigMaps).ForgetUpTo = 3;

        var (code, status) = await Gateway.SendAsync("GET", "/api/v1/configmaps?resourceVersion=3&resourceVersionMatch=Exact");

        Assert.Equal((HttpStatusCode.Gone, "Expired", "The resourceVersion for the provided list is too old."),
            (code, (string)status["reason"]!, (string)status["message"]!));
        Assert.Null(status["metadata"]!["continue"]);
    }

    [Theory]
    [InlineData("resourceVersion=1000&resourceVersionMatch=Exact")]
    [InlineData("resourceVersion=1000&resourceVersionMatch=NotOlderThan")]
    [InlineData("resourceVersion=1000&limit=5")]
    public async Task A_revision_that_is_still_to_come_gets_504_and_when_to_ask_again(string query)
    {
        await Gateway.PutConfigMapAsync("p", "a");

        using var response = await Gateway.RespondAsync("GET", $"/api/v1/configmaps?{query}");
        var status = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

        Assert.Equal((HttpStatusCode.GatewayTimeout, "1"), (response.StatusCode, response.Headers.GetValues("Retry-After").Single()));
        Assert.Equal(("Timeout", "Timeout: Too large resource version: 1000, current: 2"), ((string)status["reason"]!, (string)status["message"]!));
        Assert.Equal(
            """{"retryAfterSeconds":1,"causes":[{"reason":"ResourceVersionTooLarge","message":"Too large resource version"}]}""",
            status["details"]!.ToJsonString());
    }

    [Theory]
    [InlineData("""{"v":"meta.k8s.io/v1","rv":0,"start":"p/a\u0000"}""", "incorrect encoded start resourceVersion (version meta.k8s.io/v1)")]
    [InlineData("""{"v":"meta.k8s.io/v1","rv":5,"start":""}""", "encoded start key empty (version meta.k8s.io/v1)")]
    [InlineData("""{"v":"meta.k8s.io/v9","rv":5,"start":"p/a\u0000"}""", "server does not recognize this encoded version meta.k8s.io/v9")]
    public async Task A_continue_token_that_was_made_up_gets_400(string token, string detail)
    {
        var encoded = System.Buffers.Text.Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes(token));

        var (code, status) = await Gateway.SendAsync("GET", $"/api/v1/configmaps?continue={encoded}");

        Assert.Equal((HttpStatusCode.BadRequest, $"invalid continue token: continue key is not valid: {detail}"), (code, (string)status["message"]!));
    }

    [Fact]
    public async Task An_exact_revision_shows_the_past()
    {
        await Gateway.PutConfigMapAsync("p", "a");
        await Gateway.PutConfigMapAsync("p", "b");

        var (_, past) = await Gateway.SendAsync("GET", "/api/v1/configmaps?resourceVersion=2&resourceVersionMatch=Exact");
        var (_, present) = await Gateway.SendAsync("GET", "/api/v1/configmaps?resourceVersion=2&resourceVersionMatch=NotOlderThan");

        Assert.Equal(["a"], Names(past));
        Assert.Equal(["a", "b"], Names(present));
    }

    [Fact]
    public async Task A_long_list_is_compressed_for_those_who_ask()
    {
        for (var i = 0; i < 600; i++) await Gateway.PutConfigMapAsync("big", $"a-rather-long-name-so-that-the-list-grows-{i:0000}", """{"app":"a-value-that-takes-room"}""");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/configmaps");
        request.Headers.AcceptEncoding.ParseAdd("gzip");

        using var response = await Gateway.Client.SendAsync(request);
        using var plain = await Gateway.Client.GetAsync("/api/v1/configmaps?limit=5");

        Assert.Equal("gzip", response.Content.Headers.ContentEncoding.Single());
        await using var unpacked = new GZipStream(await response.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        Assert.Equal(600, Names((await JsonNode.ParseAsync(unpacked))!.AsObject()).Length);
        Assert.Empty(plain.Content.Headers.ContentEncoding);
    }

    [Fact]
    public async Task A_compressed_list_shows_what_has_changed_since_it_was_last_asked_for()
    {
        for (var i = 0; i < 600; i++) await Gateway.PutConfigMapAsync(i % 2 == 0 ? "even" : "odd", $"a-rather-long-name-so-that-the-list-grows-{i:0000}", """{"app":"a-value-that-takes-room"}""");

        var first = await UnpackAsync("/api/v1/configmaps");
        var again = await UnpackAsync("/api/v1/configmaps");
        var even = await UnpackAsync("/api/v1/namespaces/even/configmaps");
        await Gateway.PutConfigMapAsync("even", "one-more");
        var after = await UnpackAsync("/api/v1/configmaps");

        Assert.True(JsonNode.DeepEquals(first, again));
        Assert.Equal((600, 300, 601), (Names(first).Length, Names(even).Length, Names(after).Length));
        Assert.Equal(("601", "602"), ((string)again["metadata"]!["resourceVersion"]!, (string)after["metadata"]!["resourceVersion"]!));

        async Task<JsonObject> UnpackAsync(string path)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.AcceptEncoding.ParseAdd("gzip");
            using var response = await Gateway.Client.SendAsync(request);
            if (response.Content.Headers.ContentEncoding.Count == 0) return JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject();
            await using var unpacked = new GZipStream(await response.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
            return (await JsonNode.ParseAsync(unpacked))!.AsObject();
        }
    }

    [Fact]
    public async Task What_cannot_be_answered_as_asked_gets_406()
    {
        var (code, status) = await Gateway.SendAsync("GET", "/api/v1/configmaps", accept: "application/vnd.kubernetes.protobuf");

        Assert.Equal((HttpStatusCode.NotAcceptable, "only the following media types are accepted: application/json"), (code, (string)status["message"]!));
    }

    [Fact]
    public async Task An_unexpected_failure_is_500_and_tells_nothing_but_its_number()
    {
        Gateway.Registry.Of(BuiltIn.ConfigMaps).Fault = _ => throw new InvalidOperationException("a secret detail");

        var (code, status) = await Gateway.SendAsync("POST", "/api/v1/namespaces/default/configmaps", """{"metadata":{"name":"a"}}""");

        Assert.Equal((HttpStatusCode.InternalServerError, "InternalError"), (code, (string)status["reason"]!));
        Assert.DoesNotContain("secret", status.ToJsonString(), StringComparison.Ordinal);
    }

    internal static string[] Names(JsonObject list) => [.. list["items"]!.AsArray().Select(i => (string)i!["metadata"]!["name"]!)];

    private static string Next(JsonObject page, int limit) =>
        $"/api/v1/namespaces/p/configmaps?limit={limit}&continue={page["metadata"]!["continue"]}";
}

using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using ActorOrch.Gateway.Tests.Fixtures;
using ActorOrch.Resources.Catalog;

namespace ActorOrch.Gateway.Tests.Proxying;

public sealed class ProxyTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private ProxiedServer _server = null!;
    private TestGateway _gateway = null!;

    public async Task InitializeAsync()
    {
        _server = await ProxiedServer.StartAsync();
        _gateway = await TestGateway.StartAsync();
        await PutAsync(BuiltIn.Pods, $$$"""
            {"metadata":{"name":"web","namespace":"default"},"status":{"podIP":"{{{_server.Ip}}}"},
             "spec":{"containers":[{"name":"a"},{"name":"b","ports":[{"containerPort":{{{_server.Port}}}}]}]}}
            """);
        await PutAsync(BuiltIn.Services, """{"metadata":{"name":"web","namespace":"default"},"spec":{"ports":[{"name":"http","port":80},{"name":"other","port":81}]}}""");
        await PutAsync(BuiltIn.Endpoints, $$$"""
            {"metadata":{"name":"web","namespace":"default"},
             "subsets":[{"addresses":[{"ip":"{{{_server.Ip}}}","targetRef":{"kind":"Pod","name":"web","namespace":"default"}}],"ports":[{"name":"http","port":{{{_server.Port}}}}]}]}
            """);
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    public async Task Every_method_goes_on_with_its_path_as_it_was_written_its_query_and_its_body(string method)
    {
        var body = method is "GET" or "OPTIONS" ? null : "hello";

        using var response = await _gateway.RespondAsync(method, "/api/v1/namespaces/default/pods/web/proxy/some//path/a%2Fb?q=1&q=%20", body, "text/plain");
        var echo = await EchoOf(response);

        Assert.Equal(
            ((HttpStatusCode)418, method, "/some//path/a%2Fb?q=1&q=%20", body ?? ""),
            (response.StatusCode, (string)echo["method"]!, (string)echo["target"]!, (string)echo["body"]!));
    }

    [Theory]
    [InlineData("pods/web:PORT")]
    [InlineData("pods/http:web:PORT")]
    [InlineData("services/web:80")]
    [InlineData("services/web:http")]
    [InlineData("services/http:web:http")]
    public async Task Ports_are_said_in_the_name(string resource)
    {
        using var response = await _gateway.RespondAsync("GET", $"/api/v1/namespaces/default/{resource.Replace("PORT", $"{_server.Port}")}/proxy/x");

        Assert.Equal("/x", (string)(await EchoOf(response))["target"]!);
    }

    [Fact]
    public async Task The_server_learns_where_the_request_came_to_but_not_who_sent_it()
    {
        using var client = _gateway.NewClient(token: _gateway.Pki.AdministratorToken);
        using var response = await client.GetAsync("/api/v1/namespaces/default/pods/web/proxy/x");
        var headers = (await EchoOf(response))["headers"]!.AsObject();

        Assert.False(headers.ContainsKey("Authorization"));
        Assert.Equal(
            ("/api/v1/namespaces/default/pods/web/proxy/x", "https", _gateway.Server.Address.Authority),
            ((string)headers["X-Forwarded-Uri"]!, (string)headers["X-Forwarded-Proto"]!, (string)headers["X-Forwarded-Host"]!));
        Assert.Equal("max-age=60", response.Headers.CacheControl!.ToString());
        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("gzip")]
    public async Task Links_and_redirects_lead_back_through_the_proxy(string? encoding)
    {
        const string prefix = "/api/v1/namespaces/default/services/web:http/proxy";
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{prefix}/html");
        if (encoding is not null) request.Headers.AcceptEncoding.ParseAdd(encoding);
        using var page = await _gateway.Client.SendAsync(request);
        using var head = await _gateway.RespondAsync("HEAD", $"{prefix}/html");
        using var unfollowed = await WithoutRedirects(c => c.GetAsync($"{prefix}/redirect"));

        Assert.Equal($"<a href=\"{prefix}/rewriteme\">test</a>", await page.Content.ReadAsStringAsync());
        Assert.Equal((HttpStatusCode.OK, ""), (head.StatusCode, await head.Content.ReadAsStringAsync()));
        Assert.Equal($"{prefix}/elsewhere", unfollowed.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task The_root_ends_with_a_slash()
    {
        using var bare = await WithoutRedirects(c => c.GetAsync("/api/v1/namespaces/default/pods/web/proxy?a=b"));
        using var slash = await _gateway.RespondAsync("GET", "/api/v1/namespaces/default/pods/web/proxy/");
        using var posted = await _gateway.RespondAsync("POST", "/api/v1/namespaces/default/pods/web/proxy", "x", "text/plain");

        Assert.Equal(
            (HttpStatusCode.MovedPermanently, "/api/v1/namespaces/default/pods/web/proxy/?a=b"),
            (bare.StatusCode, bare.Headers.Location!.OriginalString));
        Assert.Equal("/", (string)(await EchoOf(slash))["target"]!);
        Assert.Equal("/", (string)(await EchoOf(posted))["target"]!);
    }

    [Fact]
    public async Task An_answer_streams_as_it_comes()
    {
        using var response = await _gateway.Client.GetAsync("/api/v1/namespaces/default/pods/web/proxy/slow", HttpCompletionOption.ResponseHeadersRead).WaitAsync(Patience);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());

        Assert.Equal("first", await lines.ReadLineAsync().WaitAsync(Patience));
        _server.Finish.SetResult();
        Assert.Equal("last", await lines.ReadLineAsync().WaitAsync(Patience));
    }

    [Fact]
    public async Task A_WebSocket_goes_through()
    {
        using var patience = new CancellationTokenSource(Patience);
        using var socket = new ClientWebSocket();
        socket.Options.ClientCertificates.Add(_gateway.Pki.Administrator);
        socket.Options.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        await socket.ConnectAsync(new($"wss://{_gateway.Server.Address.Authority}/api/v1/namespaces/default/pods/web/proxy/socket"), patience.Token);

        await socket.SendAsync(Encoding.UTF8.GetBytes("ping"), WebSocketMessageType.Text, endOfMessage: true, patience.Token);
        var buffer = new byte[100];
        var received = await socket.ReceiveAsync(buffer, patience.Token);

        Assert.Equal("ping", Encoding.UTF8.GetString(buffer, 0, received.Count));
    }

    [Theory]
    [InlineData("pods/none", 404, "pods \"none\" not found")]
    [InlineData("pods/ftp:web:21", 400, "invalid pod request \"ftp:web:21\"")]
    [InlineData("pods/local", 400, "address not allowed")]
    [InlineData("pods/pending", 400, "address not allowed")]
    [InlineData("pods/web:no-port", 503, "error trying to reach service: address tcp/no-port: unknown port")]
    [InlineData("services/none", 404, "services \"none\" not found")]
    [InlineData("services/web:82", 503, "no service port 82 found for service \"web\"")]
    [InlineData("services/web:81", 503, "no endpoints available for service \"web:81\"")]
    public async Task What_cannot_be_reached_is_a_status(string resource, int expected, string message)
    {
        await PutAsync(BuiltIn.Pods, """{"metadata":{"name":"local","namespace":"default"},"status":{"podIP":"127.0.0.1"},"spec":{"containers":[]}}""");
        await PutAsync(BuiltIn.Pods, """{"metadata":{"name":"pending","namespace":"default"},"spec":{"containers":[]}}""");

        using var answer = await _gateway.RespondAsync("GET", $"/api/v1/namespaces/default/{resource}/proxy/");
        var status = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;

        Assert.Equal((expected, message), ((int)answer.StatusCode, (string)status["message"]!));
        AssertNotAskedToTryAgain(answer, status);
    }

    [Theory]
    [InlineData("pods/web:80@127.0.0.1")]
    [InlineData("pods/web:@localhost")]
    [InlineData("pods/https:web:443@169.254.169.254")]
    [InlineData("pods/web:80%40127.0.0.1")]
    [InlineData("pods/web:0")]
    [InlineData("pods/web:65536")]
    [InlineData("pods/web:99999999999")]
    [InlineData("pods/web:-1")]
    [InlineData("pods/web:80%3F")]
    [InlineData("pods/web:80%23")]
    [InlineData("pods/web:80%20")]
    [InlineData("pods/web:%5B::1%5D")]
    [InlineData("pods/HTTP:web:80")]
    [InlineData("pods/:")]
    [InlineData("services/web:80@127.0.0.1")]
    [InlineData("services/web:http@localhost")]
    public async Task Nothing_but_a_port_passes_for_a_port(string resource)
    {
        var (code, status) = await _gateway.SendAsync("GET", $"/api/v1/namespaces/default/{resource}/proxy/");

        var (kind, name) = (resource[..resource.IndexOf('/')].TrimEnd('s'), Uri.UnescapeDataString(resource[(resource.IndexOf('/') + 1)..]));
        Assert.Equal((HttpStatusCode.BadRequest, $"invalid {kind} request \"{name}\""), (code, (string)status["message"]!));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.8.9.10")]
    [InlineData("0.0.0.0")]
    [InlineData("169.254.169.254")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::1")]
    [InlineData("::")]
    [InlineData("fe80::1")]
    [InlineData("ff02::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("::127.0.0.1")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("fd00:ec2::254")]
    [InlineData("fe80::1%eth0")]
    [InlineData("0177.0.0.1")]
    [InlineData("127.1")]
    [InlineData("2130706433")]
    [InlineData("localhost")]
    [InlineData("10.0.0.1@127.0.0.1")]
    public async Task An_address_that_leads_to_the_machine_itself_is_not_asked(string address)
    {
        await PutAsync(BuiltIn.Pods, $$$"""{"metadata":{"name":"w","namespace":"default"},"status":{"podIP":"{{{address}}}","podIPs":[{"ip":"{{{address}}}"}]},"spec":{"containers":[]}}""");
        await PutAsync(BuiltIn.Services, """{"metadata":{"name":"w","namespace":"default"},"spec":{"ports":[{"port":80}]}}""");
        await PutAsync(BuiltIn.Endpoints, $$$"""
            {"metadata":{"name":"w","namespace":"default"},
             "subsets":[{"addresses":[{"ip":"{{{address}}}","targetRef":{"kind":"Pod","name":"w","namespace":"default"}}],"ports":[{"port":80}]}]}
            """);

        var (pod, status) = await _gateway.SendAsync("GET", "/api/v1/namespaces/default/pods/w:80/proxy/");
        var (service, _) = await _gateway.SendAsync("GET", "/api/v1/namespaces/default/services/w:80/proxy/");

        Assert.Equal((HttpStatusCode.BadRequest, "address not allowed"), (pod, (string)status["message"]!));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, service);
    }

    [Theory]
    [InlineData("")]
    [InlineData(""", "targetRef":{"kind":"Pod","name":"web","namespace":"kube-system"}""")]
    [InlineData(""", "targetRef":{"kind":"Pod","name":"other","namespace":"default"}""")]
    public async Task An_endpoint_that_no_pod_of_the_namespace_owns_up_to_is_not_asked(string target)
    {
        await PutAsync(BuiltIn.Pods, """{"metadata":{"name":"other","namespace":"default"},"status":{"podIP":"192.0.2.1"},"spec":{"containers":[]}}""");
        await PutAsync(BuiltIn.Endpoints, $$$"""
            {"metadata":{"name":"web","namespace":"default"},
             "subsets":[{"addresses":[{"ip":"{{{_server.Ip}}}"{{{target}}}}],"ports":[{"name":"http","port":{{{_server.Port}}}}]}]}
            """);

        var (code, status) = await _gateway.SendAsync("GET", "/api/v1/namespaces/default/services/web:80/proxy/");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "no endpoints available for service \"web:80\""), (code, (string)status["message"]!));
    }

    [Fact]
    public async Task What_says_who_the_client_is_stays_here_and_what_a_browser_would_hold_for_the_APIs_word_does_not_come_back()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/namespaces/default/pods/web/proxy/x");
        foreach (var (name, value) in (IEnumerable<(string, string)>)[
            ("Authorization", $"Bearer {_gateway.Pki.AdministratorToken}"), ("Cookie", "a=b"), ("Impersonate-User", "kubernetes-admin"), ("Impersonate-Group", "system:masters"),
            ("X-Remote-User", "root"), ("Proxy-Authorization", "x"), ("X-Secret", "y"), ("X-Forwarded-Uri", "/forged"), ("X-Kept", "z"), ("Connection", "X-Secret")])
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await _gateway.Client.SendAsync(request);
        var headers = (await EchoOf(response))["headers"]!.AsObject();

        Assert.Equal(
            ["Host", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Uri", "X-Kept"],
            headers.Select(h => h.Key).Where(n => n is not ("traceparent" or "Accept-Encoding")).Order(StringComparer.Ordinal));
        Assert.Equal("/api/v1/namespaces/default/pods/web/proxy/x", (string)headers["X-Forwarded-Uri"]!);
        Assert.All(["Set-Cookie", "Strict-Transport-Security", "Access-Control-Allow-Origin"], name => Assert.False(response.Headers.Contains(name)));
        Assert.NotEqual("forged", response.Headers.GetValues("Audit-Id").Single());
        Assert.Equal("grüße", Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(response.Headers.GetValues("X-Greeting").Single())));
    }

    [Theory]
    [InlineData("/a/../b", "/a/../b")]
    [InlineData("/%2e%2e/%2e%2e/secrets", "/%2e%2e/%2e%2e/secrets")]
    [InlineData("/a%2Fb%252e", "/a%2Fb%252e")]
    [InlineData("/@127.0.0.1/", "/@127.0.0.1/")]
    [InlineData("//127.0.0.1/x", "//127.0.0.1/x")]
    [InlineData("/a\\b", "/a\\b")]
    [InlineData("/x?@127.0.0.1/?a", "/x?@127.0.0.1/?a")]
    public async Task The_path_is_the_servers_to_understand(string written, string received)
    {
        var answer = await RawRequest.SendAsync(_gateway, $"GET /api/v1/namespaces/default/pods/web/proxy{written} HTTP/1.1");

        Assert.Equal(418, answer.Code);
        Assert.Equal(received, (string)JsonNode.Parse(answer.Body)!["target"]!);
    }

    [Theory]
    [InlineData("/api/v1/namespaces/default/pods/none%2F..%2Fweb/proxy/x", 404)]
    [InlineData("/api/v1/namespaces/default/pods/none/../web/proxy/x", 404)]
    [InlineData("/api/v1/namespaces/default/pods/none/%2e%2e/web/proxy/x", 404)]
    [InlineData("/api/v1/namespaces/x/../default/pods/web/proxy/x", 404)]
    [InlineData("/api/v1/namespaces/default/pods/w%65b/proxy/x", 418)]
    [InlineData("/api/v1/namespaces/default/pods/web/prox%79/x", 418)]
    [InlineData("/api/v1/namespaces/default/pods/web%252Fproxy/proxy/x", 404)]
    [InlineData("/api/v1/namespaces/default/pods/w%ffeb/proxy/x", 400)]
    [InlineData("/api/v1/namespaces/default/pods/web%00/proxy/x", 400)]
    [InlineData("//api//v1/namespaces/default/pods/web/proxy", 301)]
    public async Task The_object_is_found_by_one_reading_of_the_path(string path, int expected)
    {
        var answer = await RawRequest.SendAsync(_gateway, $"GET {path} HTTP/1.1");

        Assert.Equal(expected, answer.Code);
        if (expected == 418) Assert.Equal("/x", (string)JsonNode.Parse(answer.Body)!["target"]!);
        if (expected == 301) Assert.Equal("/api/v1/namespaces/default/pods/web/proxy/", answer.Header("Location"));
    }

    [Fact]
    public async Task A_server_that_does_not_listen_gets_503()
    {
        using var answer = await _gateway.RespondAsync("GET", "/api/v1/namespaces/default/pods/web:1/proxy/");
        var status = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.StartsWith("error trying to reach service: ", (string)status["message"]!);
        AssertNotAskedToTryAgain(answer, status);
    }

    // Clients that are told when to try again do so by themselves, and their users wait for nothing.
    private static void AssertNotAskedToTryAgain(HttpResponseMessage answer, JsonNode status)
    {
        Assert.Null(answer.Headers.RetryAfter);
        Assert.Null(status["details"]?["retryAfterSeconds"]);
    }

    [Fact]
    public async Task Discovery_lists_both_with_their_options()
    {
        var (_, list) = await _gateway.SendAsync("GET", "/api/v1");

        var proxies = list["resources"]!.AsArray().Where(r => ((string)r!["name"]!).EndsWith("/proxy", StringComparison.Ordinal));
        Assert.Equal(
            [("pods/proxy", "PodProxyOptions"), ("services/proxy", "ServiceProxyOptions")],
            proxies.Select(r => ((string)r!["name"]!, (string)r["kind"]!)));
    }

    private static async Task<JsonObject> EchoOf(HttpResponseMessage response) => JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject();

    private async Task<HttpResponseMessage> WithoutRedirects(Func<HttpClient, Task<HttpResponseMessage>> send)
    {
        using var client = _gateway.NewClient(_gateway.Pki.Administrator, followRedirects: false);
        return await send(client);
    }

    private Task PutAsync(ResourceType type, string json) => _gateway.Registry.PutAsync(type, JsonNode.Parse(json)!.AsObject());
}

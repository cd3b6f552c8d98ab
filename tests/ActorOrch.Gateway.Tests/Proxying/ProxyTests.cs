using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using ActorOrch.Resources;

namespace ActorOrch.Gateway.Tests;

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
             "subsets":[{"addresses":[{"ip":"{{{_server.Ip}}}"}],"ports":[{"name":"http","port":{{{_server.Port}}}}]}]}
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

        var (code, status) = await _gateway.SendAsync("GET", $"/api/v1/namespaces/default/{resource}/proxy/");

        Assert.Equal((expected, message), ((int)code, (string)status["message"]!));
    }

    [Fact]
    public async Task A_server_that_does_not_listen_gets_503()
    {
        var (code, status) = await _gateway.SendAsync("GET", "/api/v1/namespaces/default/pods/web:1/proxy/");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, code);
        Assert.StartsWith("error trying to reach service: ", (string)status["message"]!);
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

using System.Net;
using System.Text.Json.Nodes;
using ActorOrch.Gateway.Tests.Fixtures;
using ActorOrch.Resources.Catalog;

namespace ActorOrch.Gateway.Tests.Proxying;

/// <summary>Hosts that are none, in the header of a request and in the name of what is proxied to.</summary>
public sealed class OddHostTests : IAsyncLifetime
{
    private ProxiedServer _server = null!;
    private TestGateway _gateway = null!;

    public async Task InitializeAsync()
    {
        _server = await ProxiedServer.StartAsync();
        _gateway = await TestGateway.StartAsync();
        await _gateway.Registry.PutAsync(BuiltIn.Pods, JsonNode.Parse($$$"""
            {"metadata":{"name":"web","namespace":"default"},"status":{"podIP":"{{{_server.Ip}}}"},
             "spec":{"containers":[{"name":"a","ports":[{"containerPort":{{{_server.Port}}}}]}]}}
            """)!.AsObject());
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData(":")]
    [InlineData("a b")]
    [InlineData("[::1")]
    [InlineData("a:99999")]
    [InlineData("xn--")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("\u00fc.example")]
    [InlineData("user@host")]
    public async Task In_the_header_of_a_request(string host)
    {
        foreach (var path in (string[])["/api/v1/namespaces/default/pods/web/proxy/html", "/api/v1/namespaces/default/pods/web/proxy/redirect", "/api/v1/namespaces/default/pods/web", "/version"])
        {
            var answer = await RawRequest.SendAsync(_gateway, $"GET {path} HTTP/1.1\r\nHost: {host}", host: false);
            Assert.True(answer.Code is (>= 200 and < 500) and not 0, $"{host} {path}: {answer.Code}");
            AssertOurs(answer);
        }
    }

    [Theory]
    [InlineData("web:99999")]
    [InlineData("web:-1")]
    [InlineData("web:80@127.0.0.1")]
    [InlineData("http:[::1]:80")]
    [InlineData("http:a%20b:80")]
    [InlineData("ftp:web:80")]
    [InlineData("https:web:PORT")]
    [InlineData("web:1")]
    [InlineData("xn--:80")]
    [InlineData("%C3%BC:80")]
    [InlineData("::")]
    public async Task In_the_name_of_what_is_proxied_to(string name)
    {
        foreach (var kind in (string[])["pods", "services", "nodes"])
        {
            var path = $"/api/v1/{(kind == "nodes" ? "" : "namespaces/default/")}{kind}/{name.Replace("PORT", $"{_server.Port}", StringComparison.Ordinal)}/proxy/";
            var answer = await RawRequest.SendAsync(_gateway, $"GET {path} HTTP/1.1");
            Assert.True(answer.Code is >= 400 and not 500, $"{path}: {answer.Code}");
            AssertOurs(answer);
        }
    }

    [Fact]
    public async Task A_server_that_refuses_connections_is_named()
    {
        var (code, status) = await _gateway.SendAsync("GET", "/api/v1/namespaces/default/pods/web:1/proxy/");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, $"error trying to reach service: dial tcp {_server.Ip}:1: connect: connection refused"), (code, (string)status["message"]!));
    }

    private static void AssertOurs(RawAnswer answer)
    {
        foreach (var word in (string[])["Exception", "   at ", "System.", "Invalid URI", "An error occurred", "SSL connection could not"])
            Assert.DoesNotContain(word, answer.Text);
    }
}

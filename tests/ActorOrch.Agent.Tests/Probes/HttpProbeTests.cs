using System.Net;
using ActorOrch.Agent.Probes;
using ActorOrch.Resources.Catalog;
using k8s.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ActorOrch.Agent.Tests.Probes;

/// <summary>What a probe's request looks like, and which redirects it follows.</summary>
public sealed class HttpProbeTests : IAsyncLifetime
{
    private readonly HttpProbe _probe = new();
    private readonly List<string> _asked = [];
    private WebApplication _server = null!;
    private IHeaderDictionary _headers = new HeaderDictionary();
    private int _port;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        _server = builder.Build();
        _server.Run(AnswerAsync);
        await _server.StartAsync();
        _port = new Uri(_server.Urls.First()).Port;
    }

    public async Task DisposeAsync()
    {
        _probe.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("/ok", true, "fine", false, 1)]
    [InlineData("/broken", false, "HTTP probe failed with statuscode: 500", false, 1)]
    [InlineData("/to/301//ok", true, "fine", false, 2)]
    [InlineData("/to/302/ok", true, "fine", false, 2)]
    [InlineData("/to/303//ok", true, "fine", false, 2)]
    [InlineData("/to/307//to/308//ok", true, "fine", false, 3)]
    [InlineData("/to/302//broken", false, "HTTP probe failed with statuscode: 500", false, 2)]
    [InlineData("/to/302/http://127.0.0.1:PORT/ok", true, "fine", false, 2)]
    [InlineData("/to/302/http://elsewhere.example/ok", true, "Probe terminated redirects, Response body: over there", true, 1)]
    [InlineData("/to/302/http://localhost:PORT/ok", true, "Probe terminated redirects, Response body: over there", true, 1)]
    [InlineData("/to/304//ok", true, "Probe terminated redirects, Response body: ", true, 1)]
    [InlineData("/nowhere", true, "Probe terminated redirects, Response body: ", true, 1)]
    public async Task Redirects_are_followed_on_the_same_host(string path, bool success, string output, bool warning, int requests)
    {
        var result = await GetAsync(new() { Path = path.Replace("PORT", $"{_port}", StringComparison.Ordinal) });
        Assert.Equal((success, output, warning, requests), (result.Success, result.Output, result.Warning, _asked.Count));
    }

    [Fact]
    public async Task Redirects_in_a_circle_end()
    {
        var result = await GetAsync(new() { Path = "/loop" });
        Assert.Equal((false, $"Get \"http://127.0.0.1:{_port}/loop\": stopped after 10 redirects", 10), (result.Success, result.Output, _asked.Count));
    }

    [Fact]
    public async Task Headers_are_sent_as_often_as_they_are_given_and_in_place_of_the_probes_own()
    {
        await GetAsync(new()
        {
            Path = "/to/302//ok",
            HttpHeaders =
            [
                new() { Name = "X-Many", Value = "one" }, new() { Name = "x-many", Value = "two" }, new() { Name = "Host", Value = "named.example" },
                new() { Name = "User-Agent", Value = "mine/1" }, new() { Name = "Content-Type", Value = "text/odd" },
            ],
        });
        Assert.Equal(["named.example/to/302//ok", "named.example/ok"], _asked);
        Assert.Equal("one, two", string.Join(", ", _headers["X-Many"].ToArray()));
        Assert.Equal(("mine/1", "text/odd", "*/*"), (_headers.UserAgent.ToString(), _headers.ContentType.ToString(), _headers.Accept.ToString()));
    }

    [Fact]
    public async Task Without_headers_it_says_that_it_is_a_probe()
    {
        await GetAsync(new() { Path = "/ok" });
        Assert.Equal(($"127.0.0.1:{_port}", $"kube-probe/{KubernetesVersion.Major}.{KubernetesVersion.Minor}"), (_headers.Host.ToString(), _headers.UserAgent.ToString()));
    }

    private async Task<ProbeResult> GetAsync(V1HTTPGetAction http) => await _probe.GetAsync(http, "127.0.0.1", _port, TimeSpan.FromSeconds(20), CancellationToken.None);

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        _headers = new HeaderDictionary(context.Request.Headers.ToDictionary());
        _asked.Add(context.Request.Host.Value == $"127.0.0.1:{_port}" ? path : context.Request.Host.Value + path);
        if (path == "/ok") await context.Response.WriteAsync("fine");
        else if (path == "/broken") context.Response.StatusCode = 500;
        else if (path == "/nowhere") context.Response.StatusCode = 302;
        else
        {
            // /to/CODE/LOCATION
            (context.Response.StatusCode, context.Response.Headers.Location) = path == "/loop"
                ? (302, "/loop")
                : (int.Parse(path.Split('/')[2], null), path["/to/302/".Length..] is "ok" ? "../../ok" : path["/to/302/".Length..]);
            if (context.Response.StatusCode != 304) await context.Response.WriteAsync("over there");
        }
    }
}

using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ActorOrch.Gateway.Serving;
using ActorOrch.Gateway.Tests.Fixtures;
using ActorOrch.Gateway.Writing;
using ActorOrch.Resources.Catalog;

namespace ActorOrch.Gateway.Tests.Serving;

/// <summary>What all clients together may ask for at once.</summary>
public sealed class RequestLimitTests : GatewayTest
{
    private const string ConfigMaps = "/api/v1/namespaces/default/configmaps";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private Room Limits => Gateway.Server.Limits.All;

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/yaml")]
    public async Task Bodies_of_more_values_than_a_document_may_have_get_413_however_many_come_at_once(string contentType)
    {
        var body = $$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"zzz":[{{string.Concat(Enumerable.Repeat("[],", 990_000))}}[]]}""";
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Gateway.SendAsync("POST", ConfigMaps + "?dryRun=All", body, contentType))).WaitAsync(4 * Patience);
        Assert.All(answers, a => Assert.True(a.Code is HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.TooManyRequests, $"{a.Code}"));
        Assert.Contains(answers, a => a.Code == HttpStatusCode.RequestEntityTooLarge);
        AllIsGivenBack();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_past_the_limit_gets_413(bool lengthIsSaid)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, ConfigMaps);
        var bytes = Encoding.UTF8.GetBytes($$$"""{"data":{"k":"{{{new string('x', RequestBody.Limit)}}}"}}""");
        request.Content = lengthIsSaid ? new ByteArrayContent(bytes) : new StreamContent(new Unseekable(bytes));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TransferEncodingChunked = !lengthIsSaid;
        using var response = await Gateway.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains($"Request entity too large: limit is {RequestBody.Limit}", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        AllIsGivenBack();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_long_body_that_fits_is_taken_in_pieces(bool lengthIsSaid)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, ConfigMaps);
        var bytes = Encoding.UTF8.GetBytes($$$"""{"metadata":{"name":"long"},"data":{"k":"{{{new string('x', 900_000)}}}"}}""");
        request.Content = lengthIsSaid ? new ByteArrayContent(bytes) : new StreamContent(new Unseekable(bytes));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TransferEncodingChunked = !lengthIsSaid;
        using var response = await Gateway.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal(900_000, Gateway.Registry[BuiltIn.ConfigMaps].Latest.Get(new("default", "long"))!.ToJson()["data"]!["k"]!.GetValue<string>().Length);
    }

    [Fact]
    public async Task Where_no_place_becomes_free_a_request_is_told_to_come_again()
    {
        var all = Limits.Requests.Capacity;
        Assert.True(Limits.Requests.TryTake(all));
        using var refused = await Gateway.RespondAsync("GET", ConfigMaps);
        Assert.Equal((HttpStatusCode.TooManyRequests, "1"), (refused.StatusCode, refused.Headers.RetryAfter?.ToString()));
        Assert.Contains("\"reason\":\"TooManyRequests\"", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        var waiting = Gateway.RespondAsync("GET", ConfigMaps);
        Limits.Requests.Give(all);
        using var served = await waiting.WaitAsync(Patience);
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        AllIsGivenBack();
    }

    [Fact]
    public async Task A_watch_takes_a_place_among_watches_alone()
    {
        using (var watch = await Gateway.Client.GetAsync(ConfigMaps + "?watch=true&resourceVersion=0", HttpCompletionOption.ResponseHeadersRead))
        {
            Assert.Equal(HttpStatusCode.OK, watch.StatusCode);
            Assert.Equal((Limits.Requests.Capacity, Limits.Watches.Capacity - 1), (Limits.Requests.Left, Limits.Watches.Left));
            Assert.True(Limits.Watches.TryTake(Limits.Watches.Left));
            using var refused = await Gateway.Client.GetAsync(ConfigMaps + "?watch=true");
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            using var served = await Gateway.RespondAsync("GET", ConfigMaps);
            Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        }
    }

    [Theory]
    [InlineData(ConfigMaps + "?watch=true")]
    [InlineData("/api/v1/watch/namespaces/default/configmaps")]
    [InlineData("/api/v1/namespaces/default/pods/p/log?follow=true")]
    public async Task What_has_no_end_has_no_head_alone(string path)
    {
        using var response = await Gateway.RespondAsync("HEAD", path);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        AllIsGivenBack();
    }

    [Fact]
    public async Task Requests_that_fail_give_their_place_back_too()
    {
        foreach (var path in (string[])["/nothing", ConfigMaps + "/none", "/api/v1/namespaces/default/pods/p/exec", "/api/v1/namespaces/default/pods/p/log", ConfigMaps + "?limit=x"])
            (await Gateway.RespondAsync("GET", path)).Dispose();
        AllIsGivenBack();
    }

    private void AllIsGivenBack()
    {
        foreach (var budget in (Budget[])[Limits.Requests, Limits.Watches, Limits.Streams, Limits.Bodies, Limits.Documents])
            Assert.True(SpinWait.SpinUntil(() => budget.Left == budget.Capacity, Patience), "a request has kept its place");
    }

    /// <summary>Of a length that no one knows.</summary>
    private sealed class Unseekable(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}

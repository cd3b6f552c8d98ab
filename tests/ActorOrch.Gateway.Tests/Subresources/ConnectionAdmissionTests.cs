using System.Net;
using System.Text.Json.Nodes;
using ActorOrch.Gateway.Tests.Fixtures;
using ActorOrch.Gateway.Tests.Proxying;
using ActorOrch.Registry.Api;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;
using ActorOrch.Testing;

namespace ActorOrch.Gateway.Tests.Subresources;

/// <summary>A connection passes admission before there is one: it sees what is asked for, may change it, and may refuse.</summary>
public sealed class ConnectionAdmissionTests : GatewayTest
{
    private const string Pod = "/api/v1/namespaces/default/pods/p";

    private readonly RecordingAdmission _step = new();

    protected override Task<TestGateway> StartAsync() =>
        TestGateway.StartAsync(change: options => options with { Api = new ObjectApi(options.Api.Registry, [_step], options.Time, new(1)) });

    [Theory]
    [InlineData("exec?command=ls&command=-l&stdin=true&tty=0&container=c&other=1", """{"apiVersion":"v1","kind":"PodExecOptions","stdin":true,"container":"c","command":["ls","-l"]}""")]
    [InlineData("attach?stdout=1", """{"apiVersion":"v1","kind":"PodAttachOptions","stdout":true}""")]
    [InlineData("portforward?ports=80&ports=81,82", """{"apiVersion":"v1","kind":"PodPortForwardOptions","ports":[80,81,82]}""")]
    [InlineData("portforward", """{"apiVersion":"v1","kind":"PodPortForwardOptions"}""")]
    [InlineData("proxy/a%2Fb/c?x=y", """{"apiVersion":"v1","kind":"PodProxyOptions","path":"/a%2Fb/c"}""")]
    [InlineData("proxy", """{"apiVersion":"v1","kind":"PodProxyOptions"}""")]
    public async Task What_is_asked_for_is_seen_and_can_be_refused(string asked, string options)
    {
        _step.Validate = r => throw ApiException.Forbidden(r.Type, r.Key.Name, "not here");

        var (code, status) = await Gateway.SendAsync("POST", $"{Pod}/{asked}");

        Assert.Equal((HttpStatusCode.Forbidden, "pods \"p\" is forbidden: not here"), (code, (string)status["message"]!));
        Assert.All(_step.Asked, a => Assert.Equal(options, a.Request.Object!.ToJsonString()));
        Assert.Equal(2, _step.Asked.Count);
    }

    [Fact]
    public async Task What_is_changed_is_what_is_connected_to()
    {
        await Gateway.Registry.PutAsync(BuiltIn.Pods, JsonNode.Parse(
            """{"metadata":{"name":"p","namespace":"default"},"spec":{"nodeName":"n1","containers":[{"name":"c","image":"i"}]}}""")!.AsObject());
        _step.Mutate = request =>
        {
            request.Object!["container"] = "other";
            return true;
        };

        var (code, status) = await Gateway.SendAsync("POST", $"{Pod}/exec?command=ls&stdin=true&container=c");

        Assert.Equal((HttpStatusCode.BadRequest, "container other is not valid for pod p"), (code, (string)status["message"]!));
    }

    [Theory]
    [InlineData("proxy/asked?q=1")]
    [InlineData("proxy?q=1")]
    public async Task Another_path_is_proxied_instead(string asked)
    {
        await using var server = await ProxiedServer.StartAsync();
        await Gateway.Registry.PutAsync(BuiltIn.Pods, JsonNode.Parse(
            $$$"""{"metadata":{"name":"p","namespace":"default"},"status":{"podIP":"{{{server.Ip}}}"},"spec":{"containers":[{"name":"c","ports":[{"containerPort":{{{server.Port}}}}]}]}}""")!.AsObject());
        _step.Mutate = request =>
        {
            request.Object!["path"] = "/given";
            return true;
        };

        var (_, echo) = await Gateway.SendAsync("POST", $"{Pod}/{asked}");

        Assert.Equal("/given?q=1", (string)echo["target"]!);
    }

    [Fact]
    public async Task Logs_are_read_and_not_connected_to()
    {
        await Gateway.Registry.PutAsync(BuiltIn.Pods, JsonNode.Parse("""{"metadata":{"name":"p","namespace":"default"},"spec":{"containers":[{"name":"c","image":"i"}]}}""")!.AsObject());

        using var answer = await Gateway.RespondAsync("GET", $"{Pod}/log");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Empty(_step.Asked);
    }
}

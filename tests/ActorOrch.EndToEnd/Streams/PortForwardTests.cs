using System.Text.RegularExpressions;
using ActorOrch.EndToEnd.Harness;
using ActorOrch.EndToEnd.Workloads;

namespace ActorOrch.EndToEnd.Streams;

/// <summary>kubectl's port-forward against real containers, over both of its transports.</summary>
[Collection(EndToEndCollection.Name)]
public sealed partial class PortForwardTests(Cluster cluster) : IClassFixture<Cluster>, IAsyncLifetime
{
    private const int Connections = 60;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private Kubectl Kubectl => cluster.Kubectl;

    public async Task InitializeAsync()
    {
        (await Kubectl.ApplyAsync(Manifests.Web("web", 1))).Succeeded();
        (await Kubectl.ApplyAsync(Manifests.Pod(
            "inner", "mkdir /www; head -c 2000000 /dev/zero > /www/large; echo inner > /www/index.html; exec httpd -f -p 127.0.0.1:8081 -h /www"))).Succeeded();
        await Kubectl.OutputAsync("rollout", "status", "deployment/web", "--timeout=60s");
        await Kubectl.OutputAsync("wait", "--for=condition=Ready", "pod/inner", "--timeout=60s");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData(true, "service/web", "80", "v1 web-")]
    [InlineData(false, "deployment/web", "8080", "v1 web-")]
    [InlineData(true, "pod/inner", "8081", "inner")]
    [InlineData(false, "pod/inner", "8081", "inner")]
    public async Task Many_connections_reach_the_pod(bool webSockets, string target, string port, string answer)
    {
        using var forward = Kubectl.Start(["port-forward", target, $":{port}"], environment: Transport(webSockets));
        try
        {
            var first = await forward.StandardOutput.ReadLineAsync().WaitAsync(Patience);
            var local = ForwardingFrom().Match(first ?? "").Groups[1].Value;
            Assert.True(local.Length > 0, $"kubectl printed {first}: {(first is null ? await forward.StandardError.ReadToEndAsync() : "")}");
            using var client = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero }) { BaseAddress = new($"http://127.0.0.1:{local}"), Timeout = Patience };

            var answers = await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => client.GetStringAsync("/")));

            Assert.All(answers, text => Assert.StartsWith(answer, text, StringComparison.Ordinal));
            if (target == "pod/inner") Assert.Equal(2_000_000, (await client.GetByteArrayAsync("/large")).Length);
        }
        finally
        {
            forward.Kill();
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_port_on_which_nothing_listens_is_an_error(bool webSockets)
    {
        using var forward = Kubectl.Start(["port-forward", "pod/inner", ":9"], environment: Transport(webSockets));
        try
        {
            var local = ForwardingFrom().Match(await forward.StandardOutput.ReadLineAsync().WaitAsync(Patience) ?? "").Groups[1].Value;
            using var client = new HttpClient { BaseAddress = new($"http://127.0.0.1:{local}"), Timeout = Patience };
            await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync("/"));

            var error = await forward.StandardError.ReadLineAsync().WaitAsync(Patience);

            Assert.Contains("dial tcp 127.0.0.1:9: connect: connection refused", error, StringComparison.Ordinal);
        }
        finally
        {
            forward.Kill();
        }
    }

    private static Dictionary<string, string> Transport(bool webSockets) => new() { ["KUBECTL_PORT_FORWARD_WEBSOCKETS"] = webSockets ? "true" : "false" };

    [GeneratedRegex(@"^Forwarding from 127\.0\.0\.1:(\d+) ->")]
    private static partial Regex ForwardingFrom();
}

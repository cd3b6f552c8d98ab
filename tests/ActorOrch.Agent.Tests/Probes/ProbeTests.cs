using System.Net;
using ActorOrch.Agent.Probes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace ActorOrch.Agent.Tests.Probes;

public sealed class ProbeTests
{
    [Fact]
    public void A_probe_counts_its_successes_and_its_failures()
    {
        var counter = new ProbeCounter(successThreshold: 2, failureThreshold: 3);
        Assert.Equal([null, true, null, null, false, null, true], ((bool[])[true, true, false, false, false, true, true]).Select(counter.Count));
    }

    [Theory]
    [InlineData(1, true, "service healthy")]
    [InlineData(2, false, "service unhealthy (responded with \"NOT_SERVING\")")]
    public async Task A_service_of_grpc_is_asked_for_its_health(byte status, bool healthy, string output)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, l => l.Protocols = HttpProtocols.Http2));
        await using var server = builder.Build();
        var asked = "";
        server.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            asked = System.Text.Encoding.UTF8.GetString(body.ToArray().AsSpan(7));
            context.Response.ContentType = "application/grpc";
            await context.Response.Body.WriteAsync(new byte[] { 0, 0, 0, 0, 2, 8, status });
            context.Response.AppendTrailer("grpc-status", "0");
        });
        await server.StartAsync();
        var port = new Uri(server.Urls.First()).Port;

        Assert.Equal(new(healthy, output), await GrpcHealth.CheckAsync("127.0.0.1", port, "mine", TimeSpan.FromSeconds(10), CancellationToken.None));
        Assert.Equal("mine", asked);
    }
}

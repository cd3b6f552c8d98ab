using System.IO.Compression;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace ActorOrch.Gateway.Tests.Proxying;

/// <summary>A server such as runs in a pod, at an address of this machine that is not its loopback.</summary>
internal sealed class ProxiedServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ProxiedServer(WebApplication app) => _app = app;

    public string Ip { get; } = NetworkInterface.GetAllNetworkInterfaces()
        .Where(i => i.NetworkInterfaceType != NetworkInterfaceType.Loopback)
        .SelectMany(i => i.GetIPProperties().UnicastAddresses).Select(a => a.Address)
        .First(a => a.AddressFamily == AddressFamily.InterNetwork).ToString();

    public int Port => new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;

    /// <summary>Ends the answer of <c>/slow</c>.</summary>
    public TaskCompletionSource Finish { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static async Task<ProxiedServer> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k =>
        {
            k.ResponseHeaderEncodingSelector = _ => Encoding.UTF8;
            k.Listen(IPAddress.Any, 0);
        });
        var app = builder.Build();
        var server = new ProxiedServer(app);
        app.UseWebSockets();
        app.Run(server.AnswerAsync);
        await app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        Finish.TrySetResult();
        await _app.DisposeAsync();
    }

    private Task AnswerAsync(HttpContext context) => context.Request.Path.Value switch
    {
        "/html" => HtmlAsync(context),
        "/redirect" => RedirectAsync(context),
        "/slow" => SlowAsync(context),
        "/socket" => SocketAsync(context),
        _ => EchoAsync(context),
    };

    private static async Task EchoAsync(HttpContext context)
    {
        using var body = new StreamReader(context.Request.Body);
        var echo = new JsonObject
        {
            ["method"] = context.Request.Method,
            ["target"] = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
            ["body"] = await body.ReadToEndAsync(),
            ["headers"] = new JsonObject([.. context.Request.Headers.Select(h => KeyValuePair.Create(h.Key, (JsonNode?)h.Value.ToString()))]),
        };
        context.Response.StatusCode = 418;
        context.Response.Headers.CacheControl = "max-age=60";
        context.Response.Headers.AccessControlAllowOrigin = "*";
        context.Response.Headers.SetCookie = "session=1; Path=/";
        context.Response.Headers.StrictTransportSecurity = "max-age=1";
        context.Response.Headers["Audit-Id"] = "forged";
        context.Response.Headers["X-Greeting"] = "grüße";
        await context.Response.WriteAsync(echo.ToJsonString());
    }

    private static async Task HtmlAsync(HttpContext context)
    {
        var html = Encoding.UTF8.GetBytes("<a href=\"/rewriteme\">test</a>");
        context.Response.ContentType = "text/html; charset=utf-8";
        if (context.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.Ordinal))
        {
            context.Response.Headers.ContentEncoding = "gzip";
            await using var zip = new GZipStream(context.Response.Body, CompressionMode.Compress);
            await zip.WriteAsync(html);
            return;
        }
        context.Response.ContentLength = html.Length;
        await context.Response.Body.WriteAsync(html);
    }

    private static Task RedirectAsync(HttpContext context)
    {
        context.Response.Redirect("/elsewhere");
        return Task.CompletedTask;
    }

    private async Task SlowAsync(HttpContext context)
    {
        await context.Response.WriteAsync("first\n");
        await context.Response.Body.FlushAsync();
        await Finish.Task.WaitAsync(context.RequestAborted);
        await context.Response.WriteAsync("last\n");
    }

    private static async Task SocketAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[100];
        var received = await socket.ReceiveAsync(buffer, context.RequestAborted);
        await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, endOfMessage: true, context.RequestAborted);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", context.RequestAborted);
    }
}

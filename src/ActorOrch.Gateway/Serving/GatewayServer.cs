using System.Net;
using ActorOrch.Gateway.Access;
using ActorOrch.Gateway.Pki;
using ActorOrch.Registry.Timing;
using ActorOrch.Resources.Timing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorOrch.Gateway.Serving;

/// <summary>
/// The Kubernetes HTTP face: HTTPS alone, HTTP/1.1 and HTTP/2. It is Kestrel with a request pipeline of its own: the host only puts its
/// parts together and is never run, so that it costs no time at start and nothing on a request.
/// </summary>
public sealed class GatewayServer : IAsyncDisposable
{
    private static readonly TimeSpan GoodbyeTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan HeadersTime = TimeSpan.FromSeconds(10);

    // Of one connection. A watcher's share of a busy moment fits: a writer that has to wait keeps its buffers, and a hundred that wait have
    // more than the runtime pools.
    private const int MostUnsentBytes = 128 * 1024;

    private const int SlowestBytesPerSecond = 2048;

    // The server below looks once a second.
    private static readonly TimeSpan LeastGrace = TimeSpan.FromSeconds(1.5);

    // So many connections, of all, may be on their way to showing who they are.
    private const int UnprovenShare = 4;

    /// <summary>Whether only CR LF ends a line of a head, and not LF alone: what stands before this server may be of another mind.</summary>
    private const string WholeLineEnds = "Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators";

    static GatewayServer() => AppContext.SetSwitch(WholeLineEnds, true);

    private readonly CancellationTokenSource _stopping = new();
    private readonly WebApplication _parts;
    private readonly IServer _kestrel;
    private readonly GatewayPipeline _pipeline;
    private readonly GatewayApplication _application;
    private readonly CertificateRenewal _renewal;

    public GatewayServer(GatewayOptions options)
    {
        var logging = options.Logging ?? NullLoggerFactory.Instance;
        var log = logging.CreateLogger("ActorOrch.Gateway");
        _renewal = new(options.Pki, options.Time, log);
        var tls = new GatewayTls(options.Pki, _renewal);
        var connections = options.MostConnections ?? Descriptors.Connections();
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddSingleton(logging);
        builder.Services.Configure<SocketTransportOptions>(sockets =>
        {
            sockets.Backlog = 4096;
            sockets.MaxWriteBufferSize = MostUnsentBytes;
            sockets.CreateBoundListenSocket = endpoint => UnreadSockets.Listen(endpoint, options.UnreadAnswerPatience);
        });
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => Configure(kestrel, options, connections, tls));
        _parts = builder.Build();
        _kestrel = _parts.Services.GetRequiredService<IServer>();
        _pipeline = new(options, connections, _stopping.Token, log);
        _application = new(_pipeline);
    }

    /// <summary>The address that clients connect to; known once started.</summary>
    public Uri Address { get; private set; } = new("https://localhost");

    internal RequestLimits Limits => _pipeline.Limits;

    /// <summary>Starts to listen. Throws <see cref="IOException"/> when the port is taken.</summary>
    public async Task StartAsync(CancellationToken cancel = default)
    {
        await _kestrel.StartAsync(_application, cancel).ConfigureAwait(false);
        Address = new(_kestrel.Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    /// <summary>Ends all watches, lets what runs finish for a moment, and stops listening.</summary>
    public async Task StopAsync(CancellationToken cancel = default)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        using var patience = new Patience(GoodbyeTime, cancel);
        await _kestrel.StopAsync(patience.Token).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        await _parts.DisposeAsync().ConfigureAwait(false);
        _pipeline.Dispose();
        _renewal.Dispose();
        _stopping.Dispose();
    }

    private static void Configure(KestrelServerOptions kestrel, GatewayOptions options, int connections, GatewayTls tls)
    {
        kestrel.AddServerHeader = false;
        kestrel.RequestHeaderEncodingSelector = HeaderEncodings.OfRequest;
        kestrel.ResponseHeaderEncodingSelector = HeaderEncodings.OfAnswer;
        ConfigureLimits(kestrel.Limits, options.UnreadAnswerPatience);
        kestrel.Limits.MaxConcurrentConnections = connections;
        kestrel.Listen(new IPEndPoint(options.Address, options.Port), listen =>
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            listen.Use(new UnprovenConnections(options.Time, options.IdentityPatience, Math.Max(1, connections / UnprovenShare)).Guard);
            listen.UseHttps(tls.Options);
        });
    }

    private static void ConfigureLimits(KestrelServerLimits limits, TimeSpan unreadPatience)
    {
        // Bodies are bounded where they are read, with Kubernetes' own answer.
        limits.MaxRequestBodySize = null;
        // Long answers and watches cut by themselves. This is for short ones that lie in streams of HTTP/2 whose client gives them no window:
        // their requests have ended. It measures nothing while nothing waits to be sent.
        limits.MinResponseDataRate = new(SlowestBytesPerSecond, Durations.Longer(unreadPatience, LeastGrace));
        limits.RequestHeadersTimeout = HeadersTime;
        limits.MaxRequestLineSize = 64 * 1024;
        limits.MaxRequestHeadersTotalSize = 128 * 1024;
        // As upstream: what one connection can hold of places and of unread answers; clients open another where they need more.
        limits.Http2.MaxStreamsPerConnection = 100;
        limits.KeepAliveTimeout = TimeSpan.FromMinutes(3);
    }
}

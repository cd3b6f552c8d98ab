using System.Net;
using System.Text;
using ActorOrch.Gateway.Answers;
using ActorOrch.Gateway.Routing;
using ActorOrch.Gateway.Subresources;
using ActorOrch.Registry.Collections;
using ActorOrch.Resources.Catalog.Subresources;
using ActorOrch.Resources.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy.Forwarder;

namespace ActorOrch.Gateway.Proxying;

/// <summary><c>pods/proxy</c> and <c>services/proxy</c>: any request, upgraded ones too, goes on to the server in the pod.</summary>
/// <param name="stopping">Ends all requests when the server stops.</param>
internal sealed class ProxyHandler(IRegistry registry, Random random, CancellationToken stopping) : IConnectionHandler, IDisposable
{
    private static readonly ForwarderRequestConfig Config = new()
    {
        Version = HttpVersion.Version11,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        // Upstream too lets a proxied request take as long as it takes.
        ActivityTimeout = Timeout.InfiniteTimeSpan,
    };

    private readonly ProxyTargets _targets = new(registry, random);

    // Made when they are first needed: most processes never proxy.
    private readonly Lazy<ServiceProvider> _forwarding = new(NewForwarding);
    private readonly Lazy<HttpMessageInvoker> _client = new(NewClient);

    public string Name => Connection.PodProxy.Name;

    public async Task HandleAsync(ApiRequest request)
    {
        var context = request.Http;
        var (prefix, path) = Split(request.Info);
        if (path.Length == 0 && RedirectsToRoot(context))
        {
            // A page's relative links need the slash.
            context.Response.Headers.Location = $"{prefix}/{context.Request.QueryString}";
            context.Response.StatusCode = StatusCodes.Status301MovedPermanently;
            return;
        }
        // As it came: the framework's own reading of it fails for punycode that stands for nothing.
        var host = context.Request.Headers.Host.ToString();
        if (!IsHost(host)) throw ApiException.BadRequest($"Host: Invalid value: \"{host}\": must be a host name or an address, with or without a port");
        var target = await _targets.FindAsync(request).ConfigureAwait(false);
        var destination = target.At(path, context.Request.QueryString.Value ?? "");
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(request.Cancel, stopping);
        var error = await _forwarding.Value.GetRequiredService<IHttpForwarder>().SendAsync(
            context, target.Origin, _client.Value, Config, new ProxyTransformer(destination, prefix), ended.Token).ConfigureAwait(false);
        if (error == ForwarderError.None || context.Response.HasStarted || request.Cancel.IsCancellationRequested) return;
        var cause = context.Features.Get<IForwarderErrorFeature>()?.Exception;
        if (error == ForwarderError.RequestBodyClient)
        {
            // Mostly the client has disconnected, and its token does not say so yet. The server below would drain the rest of a body that cannot be
            // read, and complain with a stack trace: there is no rest, whatever the answer.
            context.Response.OnCompleted(() =>
            {
                context.Abort();
                return Task.CompletedTask;
            });
            if (cause is AggregateException several && several.InnerExceptions.OfType<BadHttpRequestException>().FirstOrDefault() is { } malformed) throw Failures.Malformed(malformed);
        }
        throw ApiException.Unreachable($"error trying to reach service: {ProxyFailure.Describe(error, cause, target.Authority)}");
    }

    public void Dispose()
    {
        if (_client.IsValueCreated) _client.Value.Dispose();
        if (_forwarding.IsValueCreated) _forwarding.Value.Dispose();
    }

    // The header goes on as it is, and what cannot be the host of a URL cannot be sent. A client of HTTP/1.0 has none.
    private static bool IsHost(string host)
    {
        if (host.Length == 0) return true;
        try
        {
            return Uri.TryCreate($"http://{host}/", UriKind.Absolute, out var url) && url.IdnHost.Length > 0;
        }
        catch (Exception e) when (e is UriFormatException or ArgumentException)
        {
            // Likewise.
            return false;
        }
    }

    private static bool RedirectsToRoot(HttpContext context) =>
        (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)) && context.Request.Headers.Upgrade.Count == 0;

    /// <summary>The path up to and with <c>/proxy</c>, in its plain form, and what follows it as it came.</summary>
    private static (string Prefix, string Path) Split(in RequestInfo info)
    {
        // Before what follows stands the slash that was taken with the subresource.
        var at = info.RestAt - (info.Path[info.RestAt - 1] == '/' ? 1 : 0);
        // Several slashes at the start of a redirect would name another host.
        return ($"/{string.Join('/', info.Path[..at].Split('/', StringSplitOptions.RemoveEmptyEntries))}", info.Path[at..]);
    }

    // Without a log: it would show the queries of others' requests, and what fails the client is told.
    private static ServiceProvider NewForwarding() => new ServiceCollection().AddLogging().AddHttpForwarder().BuildServiceProvider();

    private static HttpMessageInvoker NewClient()
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            ConnectTimeout = TimeSpan.FromSeconds(30),
            // An address may belong to another pod soon.
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(15),
        };
        // As they came.
        handler.RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8;
        handler.ResponseHeaderEncodingSelector = (_, _) => Encoding.Latin1;
        // As upstream: what a pod's certificate says cannot be checked, it has no name that anyone issued.
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        return new(handler);
    }
}

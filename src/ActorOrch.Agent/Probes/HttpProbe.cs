using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using ActorOrch.Agent.Runtimes;
using ActorOrch.Registry.Timing;
using ActorOrch.Resources.Catalog;
using k8s.Models;

namespace ActorOrch.Agent.Probes;

/// <summary>GET requests of probes and hooks. Redirects are followed on the same host; one that leads elsewhere is an answer, with a warning.</summary>
internal sealed class HttpProbe : IDisposable
{
    /// <summary>Upstream's probes send this; servers' logs are filtered by it.</summary>
    private const string UserAgent = $"kube-probe/{KubernetesVersion.Major}.{KubernetesVersion.Minor}";
    private const int OutputBytes = 10 * 1024;
    private const int MostRedirects = 10;

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        // Each probe opens its own connection, as it tests whether one can be opened.
        PooledConnectionLifetime = TimeSpan.Zero,
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        // A probe asks whether the server answers, not who it is: as upstream.
        SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = static (_, _, _, _) => true },
    })
    { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Never throws for what the server or the network does.</summary>
    /// <param name="timeout">Of all requests together.</param>
    public async Task<ProbeResult> GetAsync(V1HTTPGetAction http, string host, int port, TimeSpan timeout, CancellationToken cancel)
    {
        var path = http.Path is { Length: > 0 } given ? given.StartsWith('/') ? given : "/" + given : "/";
        var url = $"{(http.Scheme ?? "HTTP").ToLowerInvariant()}://{NetworkErrors.HostPort(host, port)}{path}";
        using var limited = new Patience(timeout, cancel);
        try
        {
            return await FollowAsync(http, new(url), to => url = to.ToString(), limited.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new(false, $"Get \"{url}\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)");
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or FormatException or InvalidOperationException or ArgumentException or NotSupportedException)
        {
            return new(false, $"Get \"{url}\": {(failure.InnerException is SocketException socket ? NetworkErrors.Dial(host, port, socket) : failure.Message)}");
        }
    }

    private async Task<ProbeResult> FollowAsync(V1HTTPGetAction http, Uri first, Action<Uri> going, CancellationToken cancel)
    {
        var (at, named) = (first, http.HttpHeaders?.LastOrDefault(h => IsHost(h.Name))?.Value);
        for (var redirects = 0; ; redirects++)
        {
            using var request = Request(http, at, named);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel).ConfigureAwait(false);
            if (Next(response, at) is not { } next || next.IdnHost != first.IdnHost) return await ResultAsync(response, cancel).ConfigureAwait(false);
            if (redirects >= MostRedirects - 1) return new(false, $"Get \"{next}\": stopped after {MostRedirects} redirects");
            // Another name for the server holds as long as the server does not say a whole address itself.
            if (response.Headers.Location is { IsAbsoluteUri: true }) named = null;
            going(at = next);
        }
    }

    private static HttpRequestMessage Request(V1HTTPGetAction http, Uri url, string? host)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.ConnectionClose = true;
        foreach (var header in http.HttpHeaders ?? [])
        {
            if (IsHost(header.Name) || Add(request.Headers, header)) continue;
            // Those that speak of a body belong to one, be it empty.
            request.Content ??= new ByteArrayContent([]);
            Add(request.Content.Headers, header);
        }
        if (!string.IsNullOrEmpty(host)) request.Headers.Host = host;
        foreach (var (name, value) in (ReadOnlySpan<(string, string)>)[("User-Agent", UserAgent), ("Accept", "*/*")])
            if (http.HttpHeaders?.Any(h => name.Equals(h.Name, StringComparison.OrdinalIgnoreCase)) != true) request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    /// <summary>One of several with the same name is sent beside the others.</summary>
    private static bool Add(HttpHeaders headers, V1HTTPHeader header) => headers.TryAddWithoutValidation(header.Name, header.Value ?? "");

    private static bool IsHost(string name) => name.Equals("Host", StringComparison.OrdinalIgnoreCase);

    private static Uri? Next(HttpResponseMessage response, Uri at) =>
        (int)response.StatusCode is 301 or 302 or 303 or 307 or 308 && response.Headers.Location is { } location
            ? location.IsAbsoluteUri ? location : new(at, location)
            : null;

    private static async Task<ProbeResult> ResultAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        var code = (int)response.StatusCode;
        if (code is < 200 or >= 400) return new(false, $"HTTP probe failed with statuscode: {code.ToString(CultureInfo.InvariantCulture)}");
        var body = await BodyAsync(response, cancel).ConfigureAwait(false);
        return code < 300 ? new(true, body) : new(true, $"Probe terminated redirects, Response body: {body}", Warning: true);
    }

    private static async Task<string> BodyAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        var buffer = new byte[OutputBytes];
        using var body = await response.Content.ReadAsStreamAsync(cancel).ConfigureAwait(false);
        var read = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancel).ConfigureAwait(false);
        return System.Text.Encoding.UTF8.GetString(buffer, 0, read);
    }

    public void Dispose() => _http.Dispose();
}

using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using ActorOrch.Agent.Runtimes;
using ActorOrch.Registry;
using ActorOrch.Resources;
using k8s.Models;

namespace ActorOrch.Agent.Probes;

/// <summary>Makes single attempts of probes and hooks, against the pod's address or inside its container.</summary>
public sealed class Prober : IDisposable
{
    /// <summary>Upstream's probes send this; servers' logs are filtered by it.</summary>
    private const string UserAgent = "kube-probe/1.32";
    private const int OutputBytes = 10 * 1024;

    private readonly IContainerRuntime _runtime;
    private readonly HttpClient _http;

    public Prober(IContainerRuntime runtime)
    {
        _runtime = runtime;
        _http = new(new SocketsHttpHandler
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
    }

    public async Task<ProbeResult> ProbeAsync(V1Probe probe, V1Container container, string containerId, string podAddress, CancellationToken cancel)
    {
        var timeout = Durations.OfSeconds(Math.Max(1, probe.TimeoutSeconds ?? 1));
        if (probe.Exec is { } exec) return await ExecAsync(exec, containerId, timeout, cancel).ConfigureAwait(false);
        if (probe.HttpGet is { } http) return await HttpAsync(http, container, podAddress, timeout, cancel).ConfigureAwait(false);
        if (probe.TcpSocket is { } tcp) return await TcpAsync(tcp, container, podAddress, timeout, cancel).ConfigureAwait(false);
        if (probe.Grpc is { } grpc) return await GrpcHealth.CheckAsync(podAddress, grpc.Port, grpc.Service ?? "", timeout, cancel).ConfigureAwait(false);
        return new(false, "missing probe handler");
    }

    public async Task<ProbeResult> ExecAsync(V1ExecAction exec, string containerId, TimeSpan timeout, CancellationToken cancel)
    {
        try
        {
            var result = await _runtime.ExecAsync(containerId, [.. exec.Command ?? []], timeout, cancel).ConfigureAwait(false);
            return new(result.ExitCode == 0, result.Output);
        }
        catch (Exception failure) when (failure is TimeoutException or ContainerStartException or RuntimeUnavailableException)
        {
            return new(false, failure.Message);
        }
    }

    public async Task<ProbeResult> HttpAsync(V1HTTPGetAction http, V1Container container, string podAddress, TimeSpan timeout, CancellationToken cancel)
    {
        if (PortOf(http.Port, container) is not { } port) return new(false, $"couldn't find port: {http.Port?.Value}");
        var host = string.IsNullOrEmpty(http.Host) ? podAddress : http.Host;
        var scheme = (http.Scheme ?? "HTTP").ToLowerInvariant();
        var path = http.Path is { Length: > 0 } given ? given.StartsWith('/') ? given : "/" + given : "/";
        var url = $"{scheme}://{NetworkErrors.HostPort(host, port)}{path}";
        using var limited = new Patience(timeout, cancel);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            request.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
            request.Headers.TryAddWithoutValidation("Accept", "*/*");
            request.Headers.ConnectionClose = true;
            foreach (var header in http.HttpHeaders ?? [])
            {
                request.Headers.Remove(header.Name);
                request.Headers.TryAddWithoutValidation(header.Name, header.Value);
            }
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limited.Token).ConfigureAwait(false);
            var code = (int)response.StatusCode;
            if (code is >= 200 and < 400) return new(true, await BodyAsync(response, limited.Token).ConfigureAwait(false));
            return new(false, $"HTTP probe failed with statuscode: {code.ToString(CultureInfo.InvariantCulture)}");
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

    public static async Task<ProbeResult> TcpAsync(V1TCPSocketAction tcp, V1Container container, string podAddress, TimeSpan timeout, CancellationToken cancel)
    {
        if (PortOf(tcp.Port, container) is not { } port) return new(false, $"couldn't find port: {tcp.Port?.Value}");
        var host = string.IsNullOrEmpty(tcp.Host) ? podAddress : tcp.Host;
        using var limited = new Patience(timeout, cancel);
        using var socket = new TcpClient();
        try
        {
            await socket.ConnectAsync(host, port, limited.Token).ConfigureAwait(false);
            return new(true, "");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new(false, $"dial tcp {NetworkErrors.HostPort(host, port)}: i/o timeout");
        }
        catch (SocketException failure)
        {
            return new(false, NetworkErrors.Dial(host, port, failure));
        }
        catch (ArgumentException failure)
        {
            return new(false, $"dial tcp {NetworkErrors.HostPort(host, port)}: {failure.Message}");
        }
    }

    private static async Task<string> BodyAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        var buffer = new byte[OutputBytes];
        using var body = await response.Content.ReadAsStreamAsync(cancel).ConfigureAwait(false);
        var read = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancel).ConfigureAwait(false);
        return System.Text.Encoding.UTF8.GetString(buffer, 0, read);
    }

    private static int? PortOf(IntOrString? port, V1Container container)
    {
        if (port?.Value is not { } text) return null;
        if (int.TryParse(text, CultureInfo.InvariantCulture, out var number)) return number is > 0 and < 65536 ? number : null;
        return container.Ports?.FirstOrDefault(p => p.Name == text)?.ContainerPort;
    }

    public void Dispose() => _http.Dispose();
}

using System.Globalization;
using System.Net.Sockets;
using ActorOrch.Agent.Runtimes;
using ActorOrch.Registry.Timing;
using ActorOrch.Resources.Timing;
using k8s.Models;

namespace ActorOrch.Agent.Probes;

/// <summary>Makes single attempts of probes and hooks, against the pod's address or inside its container.</summary>
public sealed class Prober : IDisposable
{
    private readonly IContainerRuntime _runtime;
    private readonly HttpProbe _http = new();

    public Prober(IContainerRuntime runtime) => _runtime = runtime;

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
            return new(result.ExitCode == 0, result.Output, Why: $"command '{string.Join(' ', exec.Command ?? [])}' exited with {result.ExitCode}");
        }
        catch (Exception failure) when (failure is TimeoutException or ContainerStartException or RuntimeUnavailableException)
        {
            return new(false, failure.Message);
        }
    }

    public Task<ProbeResult> HttpAsync(V1HTTPGetAction http, V1Container container, string podAddress, TimeSpan timeout, CancellationToken cancel) =>
        PortOf(http.Port, container) is { } port
            ? _http.GetAsync(http, string.IsNullOrEmpty(http.Host) ? podAddress : http.Host, port, timeout, cancel)
            : Task.FromResult(new ProbeResult(false, $"couldn't find port: {http.Port?.Value}"));

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

    private static int? PortOf(IntOrString? port, V1Container container)
    {
        if (port?.Value is not { } text) return null;
        if (int.TryParse(text, CultureInfo.InvariantCulture, out var number)) return number is > 0 and < 65536 ? number : null;
        return container.Ports?.FirstOrDefault(p => p.Name == text)?.ContainerPort;
    }

    public void Dispose() => _http.Dispose();
}

using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using k8s;

namespace ActorOrch.Benchmarks.Harness;

/// <summary>The real executable, in a data directory of its own.</summary>
internal sealed class BenchOrchestrator : IAsyncDisposable
{
    private static readonly string Executable = typeof(BenchOrchestrator).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == nameof(Executable)).Value!;

    private readonly Process _process;
    private readonly string _dataDirectory;

    private BenchOrchestrator(Process process, string dataDirectory, TimeSpan startTime)
    {
        _process = process;
        _dataDirectory = dataDirectory;
        StartTime = startTime;
        Client = new(KubernetesClientConfiguration.BuildConfigFromConfigFile(Kubeconfig));
        var byToken = KubernetesClientConfiguration.BuildConfigFromConfigFile(Kubeconfig, currentContext: "actororch-token");
        Address = new(byToken.Host);
        Token = byToken.AccessToken;
    }

    /// <summary>From the start of the process to its Ready line.</summary>
    public TimeSpan StartTime { get; }

    public string Kubeconfig => Path.Combine(_dataDirectory, "kubeconfig");

    public Kubernetes Client { get; }

    /// <summary>Of the API.</summary>
    public Uri Address { get; }

    /// <summary>The administrator's bearer token.</summary>
    public string Token { get; }

    /// <summary>Resident memory in bytes, now.</summary>
    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    public TimeSpan CpuTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public static async Task<BenchOrchestrator> StartAsync(string runtime, params string[] more)
    {
        var dataDirectory = Directory.CreateTempSubdirectory("actororch-bench-").FullName;
        var clock = Stopwatch.StartNew();
        var process = Process.Start(new ProcessStartInfo("dotnet",
            [Executable, "up", "--data-dir", dataDirectory, "--api-port", $"{FreePort()}", "--runtime", runtime, .. more])
        {
            RedirectStandardOutput = true,
        }) ?? throw new InvalidOperationException("the executable did not start");
        while (await process.StandardOutput.ReadLineAsync() is { } line)
            if (line.StartsWith("Ready", StringComparison.Ordinal)) return new(process, dataDirectory, clock.Elapsed);
        throw new InvalidOperationException($"it ended before it was ready, with exit code {process.ExitCode}");
    }

    /// <summary>A plain client with the bearer token.</summary>
    public HttpClient NewHttpClient()
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        var client = new HttpClient(handler) { BaseAddress = Address };
        client.DefaultRequestHeaders.Authorization = new("Bearer", Token);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_dataDirectory, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

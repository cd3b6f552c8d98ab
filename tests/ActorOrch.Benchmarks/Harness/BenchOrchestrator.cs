using System.Diagnostics;
using System.Reflection;
using ActorOrch.Testing;
using k8s;

namespace ActorOrch.Benchmarks.Harness;

/// <summary>The real executable, in a data directory of its own.</summary>
internal sealed class BenchOrchestrator : IApiServer
{
    /// <summary>The path of <c>actororch.dll</c> as it was built.</summary>
    public static readonly string Executable = typeof(BenchOrchestrator).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == nameof(Executable)).Value!;

    private readonly Process _process;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly string _dataDirectory;
    private readonly int _port = FreePorts.Next();
    private readonly bool _deletes;
    private Kubernetes? _client;

    private BenchOrchestrator(string runtime, string dataDirectory, bool deletes, string[] more)
    {
        _dataDirectory = dataDirectory;
        _deletes = deletes;
        _process = Process.Start(new ProcessStartInfo("dotnet",
            [Executable, "up", "--data-dir", dataDirectory, "--api-port", $"{_port}", "--runtime", runtime, .. more])
        {
            RedirectStandardOutput = true,
        }) ?? throw new InvalidOperationException("the executable did not start");
    }

    /// <summary>From the start of the process to its Ready line.</summary>
    public TimeSpan StartTime { get; private set; }

    public string Kubeconfig => Path.Combine(_dataDirectory, "kubeconfig");

    public Kubernetes Client => _client ??= new(KubernetesClientConfiguration.BuildConfigFromConfigFile(Kubeconfig));

    public string Name => "ActorOrch";

    public Uri Address => new($"https://127.0.0.1:{_port}/");

    public string Token => TokenOfTheFile() ?? throw new InvalidOperationException("it has not made a token yet");

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

    /// <summary>The CPU time that it takes within a window from now, as a share of one core.</summary>
    public async Task<double> CpuShareAsync(TimeSpan window)
    {
        var (before, start) = (CpuTime, Stopwatch.GetTimestamp());
        await Task.Delay(window);
        return (CpuTime - before) / Stopwatch.GetElapsedTime(start);
    }

    /// <summary>Starts it in a new directory and waits until it is Ready.</summary>
    public static async Task<BenchOrchestrator> StartAsync(string runtime, params string[] more)
    {
        var started = new BenchOrchestrator(runtime, Directory.CreateTempSubdirectory("actororch-bench-").FullName, deletes: true, more);
        await started.ReadyAsync(CancellationToken.None);
        return started;
    }

    /// <summary>Starts it on data that is there already, and waits for nothing.</summary>
    public static BenchOrchestrator Launch(string runtime, string dataDirectory, params string[] more) => new(runtime, dataDirectory, deletes: false, more);

    /// <summary>Waits for its Ready line; returns how long after its start that came.</summary>
    public async Task<TimeSpan> ReadyAsync(CancellationToken cancel)
    {
        while (await _process.StandardOutput.ReadLineAsync(cancel) is { } line)
            if (line.StartsWith("Ready", StringComparison.Ordinal)) return StartTime = _clock.Elapsed;
        throw new InvalidOperationException($"it ended before it was ready, with exit code {_process.ExitCode}");
    }

    /// <summary>Asks for an object until it is answered with 200; returns how long after the start of the process that was.</summary>
    public async Task<TimeSpan> FirstAnswerAsync(string path, CancellationToken cancel)
    {
        using var handler = new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true } };
        using var http = new HttpClient(handler) { BaseAddress = new($"https://127.0.0.1:{_port}/") };
        while (true)
        {
            try
            {
                http.DefaultRequestHeaders.Authorization ??= TokenOfTheFile() is { } token ? new("Bearer", token) : null;
                if ((await http.GetAsync(path, cancel)).IsSuccessStatusCode) return _clock.Elapsed;
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }
            await Task.Delay(20, cancel);
        }
    }

    /// <summary>The administrator's; null until the first start has made it.</summary>
    private string? TokenOfTheFile() => Path.Combine(_dataDirectory, "pki", "admin.token") is var file && File.Exists(file) ? File.ReadAllText(file).Trim() : null;

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        if (_deletes) Directory.Delete(_dataDirectory, recursive: true);
    }
}

using System.Diagnostics;
using System.Text;

namespace ActorOrch.Testing.Crashes;

/// <summary>The real executable with a simulated node, killed and started again on the data directory it left.</summary>
public sealed class CrashedOrchestrator : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(120);

    private readonly StringBuilder _output = new();
    private readonly string _executable;
    private readonly string[] _store = [];
    private readonly string _dataDirectory = Directory.CreateTempSubdirectory("actororch-crash-").FullName;
    private readonly int _port = FreePorts.Next();
    private Process? _process;

    /// <param name="executable">The path of <c>actororch.dll</c>.</param>
    /// <param name="store">HOCON that says where the store is; by default in SQLite's files in the data directory.</param>
    public CrashedOrchestrator(string executable, string? store)
    {
        _executable = executable;
        if (store is null) return;
        var config = Path.Combine(_dataDirectory, "store.hocon");
        File.WriteAllText(config, store);
        _store = ["--config", config];
    }

    public string Kubeconfig => Path.Combine(_dataDirectory, "kubeconfig");

    /// <summary>The size of the journal's files now.</summary>
    public long JournalBytes => Directory.GetFiles(_dataDirectory, "journal.db*").Sum(f => new FileInfo(f).Length);

    /// <summary>Completes at the Ready line; the time it took.</summary>
    public async Task<TimeSpan> StartAsync()
    {
        var started = Stopwatch.GetTimestamp();
        lock (_output) _output.Clear();
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = Process.Start(new ProcessStartInfo("dotnet", [_executable, "up", "--data-dir", _dataDirectory, "--api-port", $"{_port}", "--runtime", "simulated", .. _store])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }) ?? throw new InvalidOperationException("the executable did not start");
        _process = process;
        void Received(string? line)
        {
            if (line is null) return;
            lock (_output) _output.AppendLine(line);
            if (line.StartsWith("Ready", StringComparison.Ordinal)) ready.TrySetResult();
        }
        process.EnableRaisingEvents = true;
        process.OutputDataReceived += (_, line) => Received(line.Data);
        process.ErrorDataReceived += (_, line) => Received(line.Data);
        process.Exited += (_, _) => ready.TrySetException(new InvalidOperationException("it ended before it was ready"));
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await ready.Task.WaitAsync(StartLimit);
        }
        catch (Exception e) when (e is TimeoutException or InvalidOperationException)
        {
            lock (_output) throw new InvalidOperationException($"the executable did not become ready: {e.Message}\n{_output}", e);
        }
        return Stopwatch.GetElapsedTime(started);
    }

    /// <summary><c>kill -9</c>.</summary>
    public async Task KillAsync()
    {
        if (_process is not { } process) return;
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(_dataDirectory, recursive: true);
    }
}

using System.Diagnostics;
using System.Text;
using ActorOrch.Testing;

namespace ActorOrch.EndToEnd.Harness;

/// <summary>The real executable, started as a user would, in a data directory of its own.</summary>
public sealed class OrchestratorProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);

    private readonly string[] _arguments;
    private readonly StringBuilder _output = new();
    private (string Name, string Value)[] _variables = [];
    private Process? _process;
    private TaskCompletionSource<string> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private OrchestratorProcess(string dataDirectory, int port, string[] arguments)
    {
        DataDirectory = dataDirectory;
        Port = port;
        _arguments = arguments;
    }

    public string DataDirectory { get; }
    public int Port { get; }
    public string Kubeconfig => Path.Combine(DataDirectory, "kubeconfig");

    /// <summary>Everything printed so far, for messages of failed tests.</summary>
    public string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    public int ProcessId => _process?.Id ?? throw new InvalidOperationException("not started");

    /// <summary>Starts <c>up</c> and waits for its Ready line.</summary>
    public static Task<OrchestratorProcess> UpAsync(string runtime, params string[] more) => RunAsync("up", ["--runtime", runtime, .. more]);

    /// <summary>Starts <c>quickstart</c> and waits for its Ready line.</summary>
    public static Task<OrchestratorProcess> QuickstartAsync() => RunAsync("quickstart");

    /// <summary>Like <see cref="UpAsync"/>, in a data directory in which some files are another's: links to them.</summary>
    public static async Task<OrchestratorProcess> UpWithFilesAsync(string runtime, string other, string[] files, params string[] more)
    {
        var orchestrator = New("up", ["--runtime", runtime, .. more]);
        foreach (var file in files) File.CreateSymbolicLink(Path.Combine(orchestrator.DataDirectory, file), Path.Combine(other, file));
        await orchestrator.StartAsync();
        return orchestrator;
    }

    /// <summary>Like <see cref="UpAsync"/>, with variables of its own.</summary>
    public static async Task<OrchestratorProcess> UpWithEnvironmentAsync(string runtime, params (string Name, string Value)[] variables)
    {
        var orchestrator = New("up", ["--runtime", runtime]);
        orchestrator._variables = variables;
        await orchestrator.StartAsync();
        return orchestrator;
    }

    private static async Task<OrchestratorProcess> RunAsync(string command, params string[] more)
    {
        var orchestrator = New(command, more);
        await orchestrator.StartAsync();
        return orchestrator;
    }

    private static OrchestratorProcess New(string command, string[] more)
    {
        var dataDirectory = Directory.CreateTempSubdirectory("actororch-e2e-").FullName;
        var port = FreePorts.Next();
        return new(dataDirectory, port, [command, "--data-dir", dataDirectory, "--api-port", $"{port}", .. more]);
    }

    /// <summary>The executable beside this assembly.</summary>
    public static ProcessStartInfo Executable(IEnumerable<string> arguments) =>
        new("dotnet", [Path.Combine(AppContext.BaseDirectory, "actororch.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

    public async Task StartAsync()
    {
        _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var start = Executable(_arguments);
        foreach (var (name, value) in _variables) start.Environment[name] = value;
        var process = Process.Start(start) ?? throw new InvalidOperationException("the executable did not start");
        process.EnableRaisingEvents = true;
        process.OutputDataReceived += (_, line) => Received(line.Data);
        process.ErrorDataReceived += (_, line) => Received(line.Data);
        process.Exited += (_, _) => _ready.TrySetException(new InvalidOperationException($"it ended before it was ready:\n{Output}"));
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _process = process;
        try
        {
            await _ready.Task.WaitAsync(StartLimit);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"not ready within {StartLimit.TotalSeconds:0} s; it printed:\n{Output}");
        }
    }

    /// <summary><c>kill -9</c>.</summary>
    public async Task KillAsync()
    {
        if (_process is not { } process) return;
        process.Kill();
        // Ends with its output, too: whoever has inherited that must be gone.
        await process.WaitForExitAsync().WaitAsync(StopLimit);
        process.Dispose();
        _process = null;
    }

    /// <summary>TERM; the exit code.</summary>
    public async Task<int> StopAsync()
    {
        var process = _process ?? throw new InvalidOperationException("not started");
        using (var kill = Process.Start("kill", ["-TERM", $"{process.Id}"])) await kill.WaitForExitAsync();
        await process.WaitForExitAsync().WaitAsync(StopLimit);
        var exitCode = process.ExitCode;
        process.Dispose();
        _process = null;
        return exitCode;
    }

    /// <summary>Empties the data directory of a process that was killed.</summary>
    public async Task LoseEverythingAsync()
    {
        await UnmountVolumesAsync();
        Directory.Delete(DataDirectory, recursive: true);
        Directory.CreateDirectory(DataDirectory);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        await Containers.RemoveOfAsync(DataDirectory);
        await UnmountVolumesAsync();
        Directory.Delete(DataDirectory, recursive: true);
    }

    // Secrets are in memory: a killed process leaves its pods' file systems mounted.
    private async Task UnmountVolumesAsync()
    {
        var mounts = (await File.ReadAllLinesAsync("/proc/mounts")).Select(line => line.Split(' ')[1]).Where(path => path.StartsWith(DataDirectory, StringComparison.Ordinal));
        foreach (var mount in mounts)
        {
            using var umount = Process.Start("umount", [mount]);
            await umount.WaitForExitAsync();
        }
    }

    private void Received(string? line)
    {
        if (line is null) return;
        lock (_output) _output.AppendLine(line);
        if (line.StartsWith("Ready", StringComparison.Ordinal)) _ready.TrySetResult(line);
    }
}

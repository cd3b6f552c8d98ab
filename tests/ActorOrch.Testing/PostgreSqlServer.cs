using System.Diagnostics;
using System.Text;
using ActorOrch.Agent.Engine;
using Npgsql;

namespace ActorOrch.Testing;

/// <summary>
/// A PostgreSQL server of the tests' own, with the distribution's defaults: it listens on a socket in a temporary directory and nowhere
/// else, runs as an unprivileged user, and can be killed, frozen and started again.
/// </summary>
public sealed class PostgreSqlServer : IAsyncDisposable
{
    private const string ServiceUser = "postgres";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _programs;
    private readonly string _directory;
    private readonly StringBuilder _log = new();
    private Process? _process;
    private int _databases;

    private PostgreSqlServer(string programs, string directory)
    {
        _programs = programs;
        _directory = directory;
    }

    /// <summary>Makes a cluster and starts its server. Throws what the server printed where it does not start.</summary>
    public static async Task<PostgreSqlServer> StartNewAsync()
    {
        var programs = await PostgreSqlPrograms.EnsureAsync();
        var server = new PostgreSqlServer(programs, Directory.CreateTempSubdirectory("aopg-").FullName);
        if (Environment.IsPrivilegedProcess) await server.RunAsync(new("chown", [ServiceUser, server._directory]));
        // The files of an empty cluster need not survive a loss of power; what the server writes later is synced as ever.
        await server.RunAsync(server.AsServiceUser("initdb", "--no-sync", "--auth=trust", $"--username={ServiceUser}", "--encoding=UTF8", "--locale=C", $"--pgdata={server._directory}/data"));
        await server.StartAsync();
        return server;
    }

    /// <summary>Makes an empty database. Returns how Npgsql connects to it.</summary>
    /// <param name="directory">Where its tables go, if not with the rest: an empty directory that everyone may write to.</param>
    public async Task<string> CreateDatabaseAsync(string? directory = null)
    {
        var name = $"test{Interlocked.Increment(ref _databases)}";
        await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
        await connection.OpenAsync();
        if (directory is not null)
        {
            if (Environment.IsPrivilegedProcess) await RunAsync(new("chown", [ServiceUser, directory]));
            await ExecuteAsync(connection, $"CREATE TABLESPACE {name} LOCATION '{directory}'");
        }
        await ExecuteAsync(connection, $"CREATE DATABASE {name}{(directory is null ? "" : $" TABLESPACE {name}")}");
        return ConnectionString(name);
    }

    /// <summary>Starts the server, which has been killed before, on the files it left.</summary>
    public async Task StartAsync()
    {
        var started = Stopwatch.GetTimestamp();
        while (await TryStartAsync() is { } refused)
        {
            // Those that served clients notice that their parent was killed when they next look; until then the files are in use.
            if (Stopwatch.GetElapsedTime(started) > Patience || !refused.Contains("still in use", StringComparison.Ordinal))
                throw new InvalidOperationException($"PostgreSQL did not start:\n{refused}");
        }
    }

    /// <summary><c>kill -9</c> of the server: every connection breaks, nothing is flushed.</summary>
    public async Task KillAsync()
    {
        var process = Running();
        process.Kill();
        await process.WaitForExitAsync().WaitAsync(Patience);
        process.Dispose();
        _process = null;
    }

    /// <summary>Freezes the server and those that serve its clients: nothing is answered, no connection breaks.</summary>
    public Task FreezeAsync() => SignalAllAsync("-STOP");

    public Task ThawAsync() => SignalAllAsync("-CONT");

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            await ThawAsync();
            // Ends without waiting for clients and without a checkpoint.
            await RunAsync(new("kill", ["-QUIT", $"{process.Id}"]));
            await process.WaitForExitAsync().WaitAsync(Patience);
            process.Dispose();
        }
        NpgsqlConnection.ClearAllPools();
        Directory.Delete(_directory, recursive: true);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private string ConnectionString(string database) => $"Host={_directory};Username={ServiceUser};Database={database}";

    private Process Running() => _process ?? throw new InvalidOperationException("the server does not run");

    private async Task<string?> TryStartAsync()
    {
        lock (_log) _log.Clear();
        var ready = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var start = AsServiceUser("postgres", "-D", $"{_directory}/data", "-k", _directory, "-c", "listen_addresses=", "-c", "log_destination=stderr", "-c", "logging_collector=off");
        start.RedirectStandardError = true;
        var process = Process.Start(start) ?? throw new InvalidOperationException("postgres did not start");
        process.EnableRaisingEvents = true;
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is null) return;
            lock (_log) _log.AppendLine(line.Data);
            if (line.Data.Contains("ready to accept connections", StringComparison.Ordinal)) ready.TrySetResult(true);
        };
        process.Exited += (_, _) => ready.TrySetResult(false);
        process.BeginErrorReadLine();
        if (await ready.Task.WaitAsync(Patience))
        {
            _process = process;
            return null;
        }
        await process.WaitForExitAsync().WaitAsync(Patience);
        process.Dispose();
        lock (_log) return _log.ToString();
    }

    private async Task SignalAllAsync(string signal)
    {
        var server = Running().Id;
        await RunAsync(new("kill", [signal, $"{server}"]));
        foreach (var child in (await File.ReadAllTextAsync($"/proc/{server}/task/{server}/children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var (exitCode, output) = await Shell.RunAsync("kill", [signal, child], CancellationToken.None);
            // One whose client has gone may end at any time.
            if (exitCode != 0 && Directory.Exists($"/proc/{child}")) throw new InvalidOperationException($"kill {signal} {child} failed with exit code {exitCode}:\n{output}");
        }
    }

    private ProcessStartInfo AsServiceUser(string program, params string[] arguments) => Environment.IsPrivilegedProcess
        ? new("setpriv", ["--reuid", ServiceUser, "--regid", ServiceUser, "--clear-groups", Path.Combine(_programs, program), .. arguments]) { WorkingDirectory = _directory }
        : new(Path.Combine(_programs, program), arguments) { WorkingDirectory = _directory };

    private async Task RunAsync(ProcessStartInfo start)
    {
        var (exitCode, output) = await Shell.RunAsync(start.FileName, start.ArgumentList, CancellationToken.None);
        if (exitCode != 0) throw new InvalidOperationException($"{start.FileName} {string.Join(' ', start.ArgumentList)} failed with exit code {exitCode}:\n{output}");
    }
}

using System.Diagnostics;
using ActorOrch.EndToEnd.Harness;
using ActorOrch.Testing;

namespace ActorOrch.EndToEnd.Data;

/// <summary>
/// What a disk refuses at a start is said in a line that names file, reason and what to do; the process ends with exit code 1, and nothing is
/// lost. Only root can mount.
/// </summary>
[Collection(EndToEndCollection.Name)]
public sealed class DiskTests : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("actororch-e2e-").FullName;
    private readonly Stack<string> _mounted = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        while (_mounted.TryPop(out var path)) await RunAsync("umount", "--lazy", path);
        Directory.Delete(_directory, recursive: true);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4096)]
    [InlineData(2 << 20)]
    public async Task A_disk_that_is_full_is_named_at_a_first_start_and_at_a_later_one(int left)
    {
        await MountAsync("-t", "tmpfs", "-o", "size=8m", "none", _directory);
        var data = Path.Combine(_directory, "data");
        Directory.CreateDirectory(data);
        var ballast = Path.Combine(_directory, "ballast");
        await FillAsync(ballast, left);
        await RefusesAsync(data, $"the data directory {data} cannot be ", "the disk is full (see df -h and df -i): free some space on it");

        File.Delete(ballast);
        await StartsAsync(data);
        await FillAsync(ballast, left);
        await RefusesAsync(data, $"the data directory {data} cannot be written", "the disk is full (see df -h and df -i): free some space on it");
        var (code, output, errors) = await OneRun.OfAsync("reset", "--data-dir", data, "--runtime", "simulated");
        Assert.True(code == 1 && errors.Contains("add --yes", StringComparison.Ordinal), output + errors);
        File.Delete(ballast);
        await StartsAsync(data);
    }

    [Fact]
    public async Task A_file_system_that_is_read_only_is_named()
    {
        await MountAsync("-t", "tmpfs", "-o", "size=32m", "none", _directory);
        var data = Path.Combine(_directory, "data");
        await StartsAsync(data);
        await RunAsync("mount", "-o", "remount,ro", _directory);
        await RefusesAsync(data, data, "the file system is read-only");
        await RefusesAsync(Path.Combine(_directory, "new"), Path.Combine(_directory, "new"), "read-only");
        await RunAsync("mount", "-o", "remount,rw", _directory);
        await StartsAsync(data);
    }

    /// <summary>One file alone that cannot be written or replaced, each in turn: it starts without it, or names it.</summary>
    [Fact]
    public async Task Each_file_that_cannot_be_written_is_named_or_not_needed()
    {
        var data = Path.Combine(_directory, "data");
        await StartsAsync(data);
        var files = Directory.EnumerateFiles(data, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
        var refused = new List<string>();
        foreach (var file in files)
        {
            await RunAsync("mount", "--bind", file, file);
            await RunAsync("mount", "-o", "remount,bind,ro", file);
            var (code, errors) = await StartAsync(data);
            await RunAsync("umount", file);
            if (code == 0) continue;
            Assert.Contains(file, errors, StringComparison.Ordinal);
            refused.Add(Path.GetRelativePath(data, file));
            await StartsAsync(data);
        }
        Assert.Contains("journal.db", refused);
        Assert.Contains("snapshots.db", refused);
        Assert.Contains("lock", refused);
    }

    [Theory]
    [InlineData("ulimit -f 1024", "the limit of this process for a file's size is too low: raise it (ulimit -f")]
    [InlineData("ulimit -n 60", "this process may open 60 files, and needs 256 at least: raise the limit (ulimit -n")]
    [InlineData("ulimit -n 230", "this process may open 230 files, and needs 256 at least: raise the limit (ulimit -n")]
    public async Task A_limit_of_the_process_is_named(string limit, string expected)
    {
        var data = Path.Combine(_directory, "data");
        await StartsAsync(data);
        var start = OrchestratorProcess.Executable(["up", "--data-dir", data, "--runtime", "simulated", "--api-port", $"{FreePorts.Next()}"]);
        var limited = new ProcessStartInfo("bash", ["-c", $"{limit}; exec \"$0\" \"$@\"", start.FileName, .. start.ArgumentList]) { RedirectStandardOutput = true, RedirectStandardError = true };
        // Else the runtime makes a large file in memory for its own code, which such a limit forbids.
        limited.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        var (code, output, errors) = await OneRun.OfAsync(limited);
        Assert.True(code == 1, $"exit code {code}: {output}{errors}");
        Assert.Contains(expected, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output + errors, StringComparison.Ordinal);
        await StartsAsync(data);
    }

    private static async Task RefusesAsync(string data, params string[] expected)
    {
        var (code, errors) = await StartAsync(data);
        Assert.True(code == 1, $"exit code {code}: {errors}");
        foreach (var text in expected) Assert.Contains(text, errors, StringComparison.Ordinal);
        Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private static async Task StartsAsync(string data)
    {
        var (code, errors) = await StartAsync(data);
        Assert.True(code == 0, $"exit code {code}: {errors}");
    }

    /// <summary>Until it is ready, and then told to end, or until it ends by itself.</summary>
    private static async Task<(int Code, string Errors)> StartAsync(string data)
    {
        var start = OrchestratorProcess.Executable(["up", "--data-dir", data, "--runtime", "simulated", "--api-port", $"{FreePorts.Next()}"]);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = "";
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
            {
                output += line + "\n";
                if (line.StartsWith("Ready", StringComparison.Ordinal)) await RunAsync("kill", "-TERM", $"{process.Id}");
            }
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            Assert.Fail($"it neither starts nor ends: {output}{await errors}");
        }
        Assert.DoesNotContain("   at ", output + await errors, StringComparison.Ordinal);
        return (process.ExitCode, await errors);
    }

    private static async Task FillAsync(string path, long left)
    {
        var free = new DriveInfo(Path.GetDirectoryName(path)!).AvailableFreeSpace;
        await File.WriteAllBytesAsync(path, new byte[free - left]);
    }

    private async Task MountAsync(params string[] arguments)
    {
        await RunAsync("mount", arguments);
        _mounted.Push(arguments[^1]);
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}; it needs root");
    }
}

using System.Diagnostics;
using ActorOrch.EndToEnd.Harness;
using ActorOrch.Testing;

namespace ActorOrch.EndToEnd.Commands;

/// <summary>Ctrl+C while it starts, at each of the steps that can be seen from outside.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class EarlyEndTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);

    [Theory]
    [InlineData("lock", "INT")]
    [InlineData("journal.db", "INT")]
    [InlineData("cluster-id", "INT")]
    [InlineData("cluster-id", "TERM")]
    [InlineData("kubeconfig", "INT")]
    public async Task It_ends_without_a_word(string made, string signal)
    {
        var directory = Directory.CreateTempSubdirectory("actororch-e2e-");
        using var watcher = new FileSystemWatcher(directory.FullName);
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        watcher.Created += (_, e) => Saw(e.Name);
        watcher.Renamed += (_, e) => Saw(e.Name);
        watcher.EnableRaisingEvents = true;
        // A runner that started the tests in the background has had SIGINT ignored, and its children inherit that.
        var executable = OrchestratorProcess.Executable(["up", "--data-dir", directory.FullName, "--runtime", "simulated", "--api-port", $"{FreePorts.Next()}"]);
        using var process = Process.Start(new ProcessStartInfo("env", ["--default-signal=INT", executable.FileName, .. executable.ArgumentList])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await seen.Task.WaitAsync(Limit);

        using (var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"])) await kill.WaitForExitAsync();

        await process.WaitForExitAsync().WaitAsync(Limit);
        Assert.Equal("", await errors);
        Assert.DoesNotContain("xception", await output);
        Assert.Equal(0, process.ExitCode);
        directory.Delete(recursive: true);

        void Saw(string? name)
        {
            if (name == made) seen.TrySetResult();
        }
    }
}

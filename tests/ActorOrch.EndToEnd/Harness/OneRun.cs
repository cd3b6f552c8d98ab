using System.Diagnostics;

namespace ActorOrch.EndToEnd.Harness;

/// <summary>The real executable from its start to its end.</summary>
public static class OneRun
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Requires that it ended well.</summary>
    public static void Succeeded(this (int ExitCode, string Output, string Errors) run) => Assert.True(run.ExitCode == 0, $"exit code {run.ExitCode}: {run.Output}{run.Errors}");

    public static Task<(int ExitCode, string Output, string Errors)> OfAsync(params string[] arguments) => OfAsync(OrchestratorProcess.Executable(arguments));

    /// <summary>Fails the test where it does not end by itself.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> OfAsync(ProcessStartInfo start)
    {
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(Limit);
        }
        catch (TimeoutException)
        {
            process.Kill();
            Assert.Fail($"it goes on running; it printed {await output}{await errors}");
        }
        return (process.ExitCode, await output, await errors);
    }
}

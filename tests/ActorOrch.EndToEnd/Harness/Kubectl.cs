using System.Diagnostics;

namespace ActorOrch.EndToEnd.Harness;

/// <summary>What one run of kubectl printed.</summary>
public sealed record KubectlResult(string CommandLine, int ExitCode, string Output, string Errors)
{
    /// <summary>Fails the test where kubectl failed, showing what it said.</summary>
    public KubectlResult Succeeded()
    {
        Assert.True(ExitCode == 0, $"{CommandLine}\nexit code {ExitCode}\n{Output}{Errors}");
        return this;
    }

    /// <summary>Fails the test where kubectl succeeded.</summary>
    public KubectlResult Failed()
    {
        Assert.True(ExitCode != 0, $"{CommandLine}\nshould have failed but printed\n{Output}{Errors}");
        return this;
    }
}

/// <summary>An unmodified kubectl against one orchestrator.</summary>
public sealed class Kubectl(string program, string kubeconfig)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    /// <summary>Runs and requires success; what it printed to standard output, trimmed.</summary>
    public async Task<string> OutputAsync(params string[] arguments) => (await RunAsync(arguments)).Succeeded().Output.Trim();

    public Task<KubectlResult> RunAsync(params string[] arguments) => RunWithInputAsync(null, arguments);

    public Task<KubectlResult> ApplyAsync(string manifest, params string[] more) => RunWithInputAsync(manifest, ["apply", "-f", "-", .. more]);

    public Task<KubectlResult> RunWithInputAsync(string? input, params string[] arguments) =>
        RunAsync(Start(arguments, input is not null), input, arguments);

    public Task<KubectlResult> RunWithEnvironmentAsync(Dictionary<string, string> environment, params string[] arguments) =>
        RunAsync(Start(arguments, environment: environment), null, arguments);

    /// <summary>Runs a line of the shell in which <c>$KUBECTL</c> stands for this kubectl: for pipes, files and terminals.</summary>
    public Task<KubectlResult> ShellAsync(string line, Dictionary<string, string>? environment = null)
    {
        var start = Redirected("bash", ["-c", line], environment);
        start.Environment["KUBECTL"] = $"{program} --kubeconfig {kubeconfig}";
        return RunAsync(Process.Start(start) ?? throw new InvalidOperationException("bash did not start"), null, ["(shell)", line]);
    }

    private static async Task<KubectlResult> RunAsync(Process started, string? input, string[] arguments)
    {
        using var process = started;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        if (input is not null)
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        var commandLine = $"kubectl {string.Join(' ', arguments)}";
        try
        {
            await process.WaitForExitAsync().WaitAsync(Limit);
        }
        catch (TimeoutException)
        {
            process.Kill();
            throw new TimeoutException($"{commandLine} did not end within {Limit.TotalSeconds:0} s; it printed\n{await output}{await errors}");
        }
        return new(commandLine, process.ExitCode, await output, await errors);
    }

    /// <summary>Starts one that goes on (<c>-w</c>, <c>-f</c>); the caller ends it.</summary>
    public Process Start(IEnumerable<string> arguments, bool redirectInput = false, Dictionary<string, string>? environment = null)
    {
        var start = Redirected(program, ["--kubeconfig", kubeconfig, .. arguments], environment);
        start.RedirectStandardInput = redirectInput;
        return Process.Start(start) ?? throw new InvalidOperationException("kubectl did not start");
    }

    private static ProcessStartInfo Redirected(string program, IEnumerable<string> arguments, Dictionary<string, string>? environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? []) start.Environment[name] = value;
        return start;
    }
}

using System.Diagnostics;
using ActorOrch.Registry.Timing;

namespace ActorOrch.Agent.Engine;

/// <summary>Sees to it that a Docker engine answers: starts the one that is installed, or installs the distribution's.</summary>
/// <param name="say">Tells the user, before anything is done to the machine.</param>
public sealed class EngineInstaller(Action<string> say, TimeProvider time)
{
    private const string Socket = "/var/run/docker.sock";
    private static readonly string[] Packages = ["docker.io", "iptables", "nftables", "iproute2", "busybox-static"];
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    /// <summary>Throws <see cref="EngineSetUpException"/> that says what the user has to do where this cannot be done here.</summary>
    public async Task EnsureAsync(string logFile, CancellationToken cancel)
    {
        var answers = await AnswersAsync(cancel);
        var missing = answers ? MissingTools() : Shell.Find("dockerd") is null ? Packages : MissingTools();
        if (missing.Length > 0) await InstallAsync(missing, cancel);
        if (!answers && !await AnswersAsync(cancel)) await StartAsync(logFile, cancel);
    }

    /// <summary>Whether an engine answers on its socket.</summary>
    public static async Task<bool> AnswersAsync(CancellationToken cancel)
    {
        if (!File.Exists(Socket)) return false;
        using var docker = new Docker.DotNet.DockerClientBuilder().Build();
        try
        {
            await docker.System.PingAsync(cancel);
            return true;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TimeoutException or Docker.DotNet.DockerApiException or System.Net.Sockets.SocketException)
        {
            return false;
        }
    }

    private static string[] MissingTools() => [.. new (string Program, string Package)[] { ("nft", "nftables"), ("ip", "iproute2"), ("busybox", "busybox-static") }
        .Where(tool => Shell.Find(tool.Program) is null)
        .Select(tool => tool.Package)];

    private async Task InstallAsync(string[] packages, CancellationToken cancel)
    {
        var command = $"apt-get update && apt-get install -y --no-install-recommends {string.Join(' ', packages)}";
        if (Shell.Find("apt-get") is not { } apt)
            throw new EngineSetUpException($"this machine lacks {string.Join(", ", packages)}, and it has no apt-get to install them with. Install Docker's engine, nftables and iproute2 with the distribution's own means, then run this again.");
        if (!Environment.IsPrivilegedProcess)
            throw new EngineSetUpException($"this machine lacks {string.Join(", ", packages)}, and only root can install them. Run as root:\n  {command}\nthen run this again as root.");
        say($"Installing from the distribution's packages: {string.Join(", ", packages)}");
        await RunAsync(apt, ["update"], cancel);
        await RunAsync(apt, ["install", "-y", "--no-install-recommends", .. packages], cancel);
    }

    private static async Task RunAsync(string program, string[] arguments, CancellationToken cancel)
    {
        var (exitCode, output) = await Shell.RunAsync(program, arguments, cancel);
        if (exitCode == 0) return;
        var lastLines = string.Join('\n', output.Trim().Split('\n').TakeLast(8));
        throw new EngineSetUpException($"'{program} {string.Join(' ', arguments)}' failed with exit code {exitCode}:\n{lastLines}\nMend that, or install and start Docker's engine yourself, then run this again.");
    }

    private async Task StartAsync(string logFile, CancellationToken cancel)
    {
        if (!Environment.IsPrivilegedProcess)
            throw new EngineSetUpException("Docker's engine does not answer, and only root can start it. Run as root:\n  systemctl start docker    (or, without systemd: dockerd)\nthen run this again as root.");
        if (Directory.Exists("/run/systemd/system"))
        {
            say("Starting Docker's engine: systemctl start docker");
            await RunAsync("systemctl", ["start", "docker"], cancel);
        }
        else
        {
            say($"Starting Docker's engine: dockerd (its log: {logFile})");
            // In a session of its own: the engine and its containers outlive this process.
            using var dockerd = Process.Start(new ProcessStartInfo("setsid", ["-f", "sh", "-c", $"exec dockerd >>'{logFile}' 2>&1 </dev/null"]));
        }
        var started = time.GetTimestamp();
        while (!await AnswersAsync(cancel))
        {
            if (time.GetElapsedTime(started) > StartLimit)
                throw new EngineSetUpException($"Docker's engine was started but does not answer within {StartLimit.TotalSeconds:0} s. Its log ({logFile}, or journalctl -u docker) says why.");
            await time.WaitAsync(TimeSpan.FromMilliseconds(100), cancel);
        }
    }
}

/// <summary>This machine has no engine and none can be set up; the message says what the user has to do.</summary>
public sealed class EngineSetUpException(string message) : Exception(message);

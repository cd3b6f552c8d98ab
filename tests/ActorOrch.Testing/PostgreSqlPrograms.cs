using ActorOrch.Agent.Engine;

namespace ActorOrch.Testing;

/// <summary>PostgreSQL's own programs, as Debian packages them; installed from there where they are missing.</summary>
internal static class PostgreSqlPrograms
{
    private const string Versions = "/usr/lib/postgresql";
    private const string ClusterSettings = "/etc/postgresql-common/createcluster.conf";

    /// <summary>The directory with <c>initdb</c> and <c>postgres</c> of the newest version there is.</summary>
    public static async Task<string> EnsureAsync()
    {
        if (Find() is { } found) return found;
        await using var turn = await MachineSetUp.TakeTurnAsync();
        if (Find() is { } installed) return installed;
        if (!Environment.IsPrivilegedProcess) throw new InvalidOperationException("there is no PostgreSQL server, and only root can install one. Run as root: apt-get install -y postgresql");
        // The package would start a server of its own, for the whole machine.
        Directory.CreateDirectory(Path.GetDirectoryName(ClusterSettings)!);
        if (!File.Exists(ClusterSettings)) await File.WriteAllTextAsync(ClusterSettings, "create_main_cluster = false\n");
        await RunAsync("apt-get", "update");
        await RunAsync("apt-get", "install", "-y", "--no-install-recommends", "postgresql");
        return Find() ?? throw new InvalidOperationException($"the package postgresql brought no server below {Versions}");
    }

    private static string? Find() => !Directory.Exists(Versions) ? null : Directory.GetDirectories(Versions)
        .Where(directory => int.TryParse(Path.GetFileName(directory), out _))
        .OrderByDescending(directory => int.Parse(Path.GetFileName(directory)))
        .Select(directory => Path.Combine(directory, "bin"))
        .FirstOrDefault(bin => File.Exists(Path.Combine(bin, "initdb")) && File.Exists(Path.Combine(bin, "postgres")));

    private static async Task RunAsync(string program, params string[] arguments)
    {
        var (exitCode, output) = await Shell.RunAsync(program, arguments, CancellationToken.None);
        if (exitCode != 0) throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed with exit code {exitCode}:\n{output}");
    }
}

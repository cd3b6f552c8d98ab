using System.Diagnostics;
using ActorOrch.EndToEnd.Harness;
using ActorOrch.Hosting;
using ActorOrch.Testing;

namespace ActorOrch.EndToEnd.Data;

/// <summary>What lies under a name of the data directory and is no file, or no directory, is named, and never opened: a pipe would be waited for.</summary>
public sealed class EntryKindsTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("actororch-e2e-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    public static TheoryData<string> Entries => [.. DataFiles.Names, "pki/store-id", "pki/ca.key", "pki/secrets.key", "pki/cluster/ca.pem", "pki/cluster"];

    [Theory]
    [MemberData(nameof(Entries))]
    public async Task Whatever_is_something_else_is_named(string name)
    {
        var path = Path.Combine(_directory, name);
        var isDirectory = name is "nodes" or "pki" or "pki/cluster";
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await RunAsync("mkfifo", path);
        Assert.Equal((path, isDirectory ? "is a pipe, not a directory" : "is a pipe, not a file"), EntryKinds.FirstWrong(_directory));
        await RunAsync("rm", path);
        await RunAsync("ln", "-s", Path.Combine(_directory, "nowhere"), path);
        Assert.Equal((path, $"is a link to {_directory}/nowhere, which is not there or cannot be read"), EntryKinds.FirstWrong(_directory));
        await RunAsync("rm", path);
        await RunAsync(isDirectory ? "touch" : "mkdir", path);
        Assert.Equal((path, isDirectory ? "is a file, not a directory" : "is a directory, not a file"), EntryKinds.FirstWrong(_directory));
        await RunAsync("rm", "-r", path);
        await RunAsync("ln", "-s", isDirectory ? "/" : "/etc/hosts", path);
        if (name is not ("pki" or "pki/cluster")) Assert.Null(EntryKinds.FirstWrong(_directory));
    }

    [Theory]
    [InlineData("journal.db", "is a pipe, not a file")]
    [InlineData("cluster-id", "is a pipe, not a file")]
    [InlineData("nodes", "is a pipe, not a directory")]
    public async Task A_start_ends_with_what_to_do(string name, string what)
    {
        await RunAsync("mkfifo", Path.Combine(_directory, name));
        var (code, output, errors) = await OneRun.OfAsync("up", "--data-dir", _directory, "--runtime", "simulated", "--api-port", $"{FreePorts.Next()}");
        Assert.True(code == 1, $"exit code {code}: {output}{errors}");
        Assert.StartsWith($"actororch: {Path.Combine(_directory, name)} {what}. ", errors, StringComparison.Ordinal);
        Assert.Contains($"actororch restore FILE --data-dir {_directory}\n", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lock", "lock")]
    [InlineData("kubeconfig", "kubeconfig")]
    [InlineData("pki/admin.token", "pki/admin.token")]
    [InlineData("pki/serving.key", "pki/serving.crt and pki/serving.key")]
    public async Task What_a_start_makes_anew_may_be_moved_away(string name, string removable)
    {
        var path = Path.Combine(_directory, name);
        Directory.CreateDirectory(path);
        var (code, output, errors) = await OneRun.OfAsync("up", "--data-dir", _directory, "--runtime", "simulated", "--api-port", $"{FreePorts.Next()}");
        Assert.True(code == 1, $"exit code {code}: {output}{errors}");
        var both = string.Join(" and ", removable.Split(" and ").Select(r => Path.Combine(_directory, r)));
        Assert.Equal($"actororch: {path} is a directory, not a file. Move {both} away: a start makes another, and what rests on the one that was there is void then.\n", errors);
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }
}

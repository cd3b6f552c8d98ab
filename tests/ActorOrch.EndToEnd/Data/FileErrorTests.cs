using ActorOrch.EndToEnd.Harness;

namespace ActorOrch.EndToEnd.Data;

/// <summary>Files and directories that a command cannot use are named in one line, once, in words of its own.</summary>
public sealed class FileErrorTests : IDisposable
{
    private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("actororch-e2e-");

    [Fact]
    public async Task A_backup_that_is_none_is_named()
    {
        var file = PathOf("holiday.tar");
        await File.WriteAllTextAsync(file, "no archive, and longer than nothing");
        await ErrorsAsync($"{file}: it is not a file that 'actororch backup' wrote, or it is cut or damaged", "restore", file, "--data-dir", PathOf("new"));
        await File.WriteAllBytesAsync(file, new byte[600]);
        await ErrorsAsync($"{file}: it is not a file that 'actororch backup' wrote", "restore", file, "--data-dir", PathOf("new"));
        await ErrorsAsync($"{PathOf("none.tar")}: there is no such file", "restore", PathOf("none.tar"), "--data-dir", PathOf("new"));
        await ErrorsAsync($"{PathOf("none/none.tar")}: there is no such file", "restore", PathOf("none/none.tar"), "--data-dir", PathOf("new"));
        await ErrorsAsync($"{_files.FullName}: it is a directory, not a file", "restore", _files.FullName, "--data-dir", PathOf("new"));
        Assert.False(Path.Exists(PathOf("new")));
    }

    [Fact]
    public async Task A_backup_of_nothing_or_onto_something_is_named()
    {
        var file = PathOf("backup.tar");
        await ErrorsAsync($"{file}: there is no directory {PathOf("nowhere")}", "backup", file, "--data-dir", PathOf("nowhere"));
        await ErrorsAsync($"{file}: {_files.FullName} is not the data directory of a cluster", "backup", file, "--data-dir", _files.FullName);
        await File.WriteAllTextAsync(file, "mine");
        await ErrorsAsync($"{file}: it is there already: a backup is written into a new file", "backup", file, "--data-dir", _files.FullName);
    }

    [Fact]
    public async Task An_authority_that_is_missing_is_named() =>
        await ErrorsAsync(
            $"{PathOf("pki/cluster")} has no authority (ca.pem): the first seed node makes it (akka.cluster.seed-nodes); a process that is alone has none",
            "pki", "node", "worker1", "--role", "worker", "--data-dir", _files.FullName, "--out", PathOf("keys"));

    [Theory]
    [InlineData("backup", "FILE")]
    [InlineData("restore", "FILE")]
    [InlineData("reset")]
    [InlineData("up")]
    public async Task A_config_file_that_is_missing_is_named(params string[] command)
    {
        var run = await OneRun.OfAsync([.. command, "--data-dir", PathOf("data"), "--config", PathOf("none.hocon")]);
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith($"actororch: --config: there is no file {PathOf("none.hocon")}\n", run.Errors, StringComparison.Ordinal);
    }

    public void Dispose() => _files.Delete(recursive: true);

    private string PathOf(string name) => Path.Combine(_files.FullName, name);

    private static async Task ErrorsAsync(string expected, params string[] arguments)
    {
        var run = await OneRun.OfAsync(arguments);
        Assert.Equal(1, run.ExitCode);
        Assert.Equal($"actororch: {expected}\n", run.Errors);
    }
}

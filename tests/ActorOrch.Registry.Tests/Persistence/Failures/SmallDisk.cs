using System.Diagnostics;

namespace ActorOrch.Registry.Tests.Persistence.Failures;

/// <summary>A file system in memory of a few megabytes. Only root can mount one.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private SmallDisk()
    {
    }

    public string Path => _directory.Path;

    /// <param name="size">As <c>mount</c> has it: <c>2m</c>.</param>
    public static async Task<SmallDisk> MountAsync(string size)
    {
        var disk = new SmallDisk();
        await RunAsync("mount", "-t", "tmpfs", "-o", $"size={size},mode=777", "none", disk.Path);
        return disk;
    }

    public Task GrowAsync(string size) => RunAsync("mount", "-o", $"remount,size={size}", Path);

    /// <summary>Whoever has files open there keeps them; the directory is empty again at once.</summary>
    public void Dispose()
    {
        RunAsync("umount", "--lazy", Path).GetAwaiter().GetResult();
        _directory.Dispose();
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}; it needs root");
    }
}

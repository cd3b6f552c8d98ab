using System.Diagnostics;
using System.Formats.Tar;
using ActorOrch.Testing;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace ActorOrch.Agent.Tests;

/// <summary>A small image for tests, made from the machine's static busybox: no registry is needed.</summary>
internal static class TestImage
{
    public const string Reference = "agent-test-busybox:1";
    private const UnixFileMode Executable = (UnixFileMode)0b111_101_101;
    private static readonly Lazy<Task> Made = new(MakeAsync);

    public static Task EnsureAsync() => Made.Value;

    private static async Task MakeAsync()
    {
        await MachineSetUp.EnsureAsync();
        using var client = new DockerClientBuilder().WithEndpoint(new("unix:///var/run/docker.sock")).Build();
        try
        {
            await client.Images.InspectImageAsync(Reference);
            return;
        }
        catch (DockerImageNotFoundException)
        {
            // Made below.
        }
        var busybox = new[] { "/bin/busybox", "/usr/bin/busybox" }.First(File.Exists);
        using var tar = new MemoryStream();
        await using (var writer = new TarWriter(tar, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var directory in (string[])["bin/", "etc/", "tmp/", "proc/", "sys/", "dev/"])
                await writer.WriteEntryAsync(new PaxTarEntry(TarEntryType.Directory, directory) { Mode = Executable });
            await writer.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, "bin/busybox") { Mode = Executable, DataStream = File.OpenRead(busybox) });
            foreach (var applet in await AppletsAsync(busybox))
                await writer.WriteEntryAsync(new PaxTarEntry(TarEntryType.SymbolicLink, $"bin/{applet}") { LinkName = "busybox" });
        }
        tar.Position = 0;
        await client.Images.CreateImageAsync(
            new ImagesCreateParameters { FromSrc = "-", Repo = "agent-test-busybox", Tag = "1", Changes = ["ENV PATH=/bin", "CMD [\"sh\"]"] },
            tar, new AuthConfig(), new Progress<JSONMessage>());
    }

    private static async Task<string[]> AppletsAsync(string busybox)
    {
        using var list = Process.Start(new ProcessStartInfo(busybox, "--list") { RedirectStandardOutput = true })!;
        var names = await list.StandardOutput.ReadToEndAsync();
        return [.. names.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(n => n != "busybox")];
    }
}

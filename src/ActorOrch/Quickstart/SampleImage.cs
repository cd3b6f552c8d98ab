using System.Formats.Tar;
using ActorOrch.Agent.Engine;
using ActorOrch.Hosting;
using ActorOrch.Registry.Timing;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace ActorOrch.Quickstart;

/// <summary>The image of the sample: pulled where a registry answers, else made from the distribution's static busybox.</summary>
internal sealed class SampleImage(Action<string> say, TimeProvider time)
{
    private static readonly TimeSpan PullLimit = TimeSpan.FromSeconds(20);

    public async Task EnsureAsync(string image, CancellationToken cancel)
    {
        using var docker = new DockerClientBuilder().Build();
        if (await ExistsAsync(docker, image, cancel)) return;
        if (await TryPullAsync(docker, image, cancel)) return;
        if (Shell.Find("busybox") is not { } busybox)
            throw new StartupException($"the image {image} can neither be pulled nor made here: there is no busybox. Install the package busybox-static, then run this again.");
        say($"No registry gives us {image}: making it from this machine's busybox");
        await ImportAsync(docker, image, busybox, cancel);
    }

    private static async Task<bool> ExistsAsync(IDockerClient docker, string image, CancellationToken cancel)
    {
        try
        {
            await docker.Images.InspectImageAsync(image, cancel);
            return true;
        }
        catch (DockerImageNotFoundException)
        {
            return false;
        }
    }

    private async Task<bool> TryPullAsync(IDockerClient docker, string image, CancellationToken cancel)
    {
        using var limit = new Patience(PullLimit, cancel, time);
        try
        {
            await docker.Images.CreateImageAsync(new ImagesCreateParameters { FromImage = image }, null, new Progress<JSONMessage>(), limit.Token);
            return await ExistsAsync(docker, image, cancel);
        }
        catch (Exception e) when (e is DockerApiException or HttpRequestException or IOException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return false;
        }
    }

    private static async Task ImportAsync(IDockerClient docker, string image, string busybox, CancellationToken cancel)
    {
        var (exitCode, applets) = await Shell.RunAsync(busybox, ["--list"], cancel);
        if (exitCode != 0) throw new StartupException($"{busybox} --list failed with exit code {exitCode}");
        using var archive = new MemoryStream();
        await using (var tar = new TarWriter(archive, TarEntryFormat.Ustar, leaveOpen: true))
        {
            const UnixFileMode executable = (UnixFileMode)0b111_101_101;
            foreach (var directory in (string[])["bin/", "etc/", "proc/", "sys/", "dev/", "var/"])
                await tar.WriteEntryAsync(new UstarTarEntry(TarEntryType.Directory, directory) { Mode = executable }, cancel);
            await tar.WriteEntryAsync(new UstarTarEntry(TarEntryType.Directory, "tmp/") { Mode = (UnixFileMode)0b1_111_111_111 }, cancel);
            await using var binary = File.OpenRead(busybox);
            await tar.WriteEntryAsync(new UstarTarEntry(TarEntryType.RegularFile, "bin/busybox") { Mode = executable, DataStream = binary }, cancel);
            foreach (var applet in applets.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(a => a != "busybox"))
                await tar.WriteEntryAsync(new UstarTarEntry(TarEntryType.SymbolicLink, $"bin/{applet}") { LinkName = "busybox" }, cancel);
        }
        archive.Position = 0;
        var separator = image.LastIndexOf(':');
        await docker.Images.CreateImageAsync(
            new ImagesCreateParameters { FromSrc = "-", Repo = image[..separator], Tag = image[(separator + 1)..] },
            archive, null, new Progress<JSONMessage>(), cancel);
    }
}

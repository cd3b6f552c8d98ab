using System.ComponentModel;
using ActorOrch.Agent.Pods.Specs;
using ActorOrch.Registry;
using k8s.Models;

namespace ActorOrch.Agent.Volumes;

/// <summary>Makes, refreshes and removes the volumes of pods. Called for one pod by its worker alone, one call at a time.</summary>
public sealed class VolumeManager(PodDirectories directories, IRegistry registry, IServiceAccountTokens? tokens, TimeProvider time)
{
    private const string EmptyDir = "empty-dir";
    private static readonly string[] MountedKinds = [EmptyDir, "secret", "projected"];

    /// <summary>Whether what is mounted here can be seen by the engine: else in-memory volumes are directories like the others.</summary>
    public bool CanMount { get; set; }

    public PodDirectories Directories => directories;

    /// <summary>The host's path of each volume. Throws <see cref="VolumeException"/> for the first that cannot be made.</summary>
    public async Task<IReadOnlyDictionary<string, string>> PrepareAsync(PodContext context, CancellationToken cancel)
    {
        var paths = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var volume in context.Pod.Spec.Volumes ?? [])
        {
            try
            {
                paths[volume.Name] = await PrepareAsync(context, volume, cancel).ConfigureAwait(false);
            }
            catch (Exception failure) when (failure is VolumeException or ContainerConfigException or IOException or UnauthorizedAccessException or Win32Exception)
            {
                throw new VolumeException($"MountVolume.SetUp failed for volume \"{volume.Name}\" : {failure.Message}", failure);
            }
        }
        return paths;
    }

    /// <summary>Writes what changed of the objects behind the volumes. Missing objects leave the files as they are.</summary>
    public async Task RefreshAsync(PodContext context, CancellationToken cancel)
    {
        var projections = new Projections(registry, context, tokens);
        foreach (var volume in context.Pod.Spec.Volumes ?? [])
        {
            try
            {
                if (await projections.FilesAsync(volume, cancel).ConfigureAwait(false) is { } files)
                    AtomicWriter.Write(directories.Volume(context.Pod.Metadata.Uid, KindOf(volume), volume.Name), files, time.GetUtcNow());
            }
            catch (VolumeException)
            {
                // The object was deleted under a running pod: as upstream, what was mounted stays.
            }
        }
    }

    /// <summary>Removes everything of a pod from the disk.</summary>
    public void Remove(string podUid)
    {
        var directory = directories.Pod(podUid);
        if (!Directory.Exists(directory)) return;
        foreach (var kind in MountedKinds)
        {
            var parent = Path.GetDirectoryName(directories.Volume(podUid, kind, "x"))!;
            if (!Unix.IsRoot || !Directory.Exists(parent)) continue;
            foreach (var volume in Directory.EnumerateDirectories(parent)) Unix.Unmount(volume);
        }
        Directory.Delete(directory, recursive: true);
    }

    private async ValueTask<string> PrepareAsync(PodContext context, V1Volume volume, CancellationToken cancel)
    {
        if (volume.HostPath is { } hostPath) return HostPaths.Prepare(hostPath);
        var uid = context.Pod.Metadata.Uid;
        var path = directories.Volume(uid, KindOf(volume), volume.Name);
        var fresh = !Directory.Exists(path);
        if (fresh)
        {
            Directory.CreateDirectory(path);
            // Anyone in the pod may write an emptyDir; projected files are guarded by their own modes.
            File.SetUnixFileMode(path, (UnixFileMode)0b111_111_111);
            if (CanMount && InMemory(volume)) Unix.MountTmpfs(path, SizeLimit(volume));
        }
        if (volume.EmptyDir is null)
        {
            var files = await new Projections(registry, context, tokens).FilesAsync(volume, cancel).ConfigureAwait(false)
                ?? throw new VolumeException("volume plugin not supported");
            AtomicWriter.Write(path, files, time.GetUtcNow());
        }
        if (context.Pod.Spec.SecurityContext?.FsGroup is { } group && Unix.IsRoot) OwnByGroup(path, (uint)group);
        return path;
    }

    private static string KindOf(V1Volume volume) =>
        volume.EmptyDir is not null ? EmptyDir
        : volume.ConfigMap is not null ? "configmap"
        : volume.Secret is not null ? "secret"
        : volume.DownwardAPI is not null ? "downward-api"
        : volume.Projected is not null ? "projected"
        : throw new VolumeException("no volume plugin matched");

    /// <summary>Secrets and tokens never reach the disk.</summary>
    private static bool InMemory(V1Volume volume) =>
        volume.EmptyDir?.Medium == "Memory" || volume.Secret is not null || volume.Projected?.Sources?.Any(s => s.Secret is not null || s.ServiceAccountToken is not null) == true;

    private static long SizeLimit(V1Volume volume) => (long)(volume.EmptyDir?.SizeLimit?.ToDecimal() ?? 0);

    private static void OwnByGroup(string directory, uint group)
    {
        const UnixFileMode groupReadWrite = UnixFileMode.GroupRead | UnixFileMode.GroupWrite;
        Unix.ChangeGroup(directory, group);
        File.SetUnixFileMode(directory, File.GetUnixFileMode(directory) | groupReadWrite | UnixFileMode.GroupExecute | UnixFileMode.SetGroup);
        foreach (var entry in new DirectoryInfo(directory).EnumerateFileSystemInfos("*", SearchOption.AllDirectories))
        {
            Unix.ChangeGroup(entry.FullName, group);
            if (entry.LinkTarget is not null) continue;
            entry.UnixFileMode |= entry is DirectoryInfo ? groupReadWrite | UnixFileMode.GroupExecute | UnixFileMode.SetGroup : groupReadWrite;
        }
    }
}

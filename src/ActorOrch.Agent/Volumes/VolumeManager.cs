using ActorOrch.Agent.Files;
using ActorOrch.Agent.Pods.Specs;
using ActorOrch.Registry.Collections;
using k8s.Models;

namespace ActorOrch.Agent.Volumes;

/// <summary>Makes, refreshes and removes the volumes of pods. Called for one pod by its worker alone, one call at a time.</summary>
public sealed class VolumeManager(PodDirectories directories, IRegistry registry, IServiceAccountTokens? tokens, TimeProvider time)
{
    private const string EmptyDir = "empty-dir";
    internal const string CannotMount = "the agent has to run as root, with its directory in a mount that it shares with the engine, to mount it where the engine sees it";
    private const UnixFileMode Anyone = (UnixFileMode)0b111_111_111;

    /// <summary>Whether what is mounted here can be seen by the engine: else Secrets and tokens are on the disk, and a volume in memory is refused.</summary>
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
            catch (Exception failure) when (failure is VolumeException or ContainerConfigException or IOException or UnauthorizedAccessException)
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
                if (await projections.FilesAsync(volume, cancel).ConfigureAwait(false) is not { } files) continue;
                using var directory = Open(context.Pod, volume);
                AtomicWriter.Write(directory, files, time.GetUtcNow(), GroupOf(context.Pod));
            }
            catch (VolumeException)
            {
                // The object was deleted under a running pod: as upstream, what was mounted stays.
            }
        }
    }

    /// <summary>Removes everything of a pod from the disk; what is mounted there is unmounted first, whoever mounted it.</summary>
    public void Remove(string podUid)
    {
        using var all = directories.FindAll();
        if (all is null) return;
        if (Mounting.Permitted)
        {
            using var pod = all.TryOpenDirectory(podUid);
            if (pod is not null) MountTable.UnmountBelow(pod);
        }
        TreeRemoval.Remove(all, podUid);
    }

    /// <summary>Null where it was not prepared (yet).</summary>
    internal Descriptor? Find(V1Pod pod, V1Volume volume) => directories.FindVolume(pod.Metadata.Uid, KindOf(volume), volume.Name);

    /// <summary>The volume as it was prepared.</summary>
    internal Descriptor Open(V1Pod pod, V1Volume volume) =>
        volume.HostPath is { } host
            ? Descriptor.OpenPath(host.Path)
            : directories.FindVolume(pod.Metadata.Uid, KindOf(volume), volume.Name) ?? throw new DirectoryNotFoundException($"volume \"{volume.Name}\" is not there");

    private async ValueTask<string> PrepareAsync(PodContext context, V1Volume volume, CancellationToken cancel)
    {
        if (volume.HostPath is { } hostPath) return HostPaths.Prepare(hostPath);
        var uid = context.Pod.Metadata.Uid;
        var kind = KindOf(volume);
        var group = GroupOf(context.Pod);
        using (var parent = directories.EnsureVolumes(uid, kind)) Make(parent, volume, group, volume.EmptyDir is null ? 0 : MemoryVolumes.Size(context.Pod, volume, context.AllocatableMemory));
        if (volume.EmptyDir is null)
        {
            var files = await new Projections(registry, context, tokens).FilesAsync(volume, cancel).ConfigureAwait(false)
                ?? throw new VolumeException("volume plugin not supported");
            using var directory = Open(context.Pod, volume);
            AtomicWriter.Write(directory, files, time.GetUtcNow(), group);
        }
        return directories.Volume(uid, kind, volume.Name);
    }

    /// <summary>
    /// Anyone in the pod may write an emptyDir; projected files are guarded by their own modes. The pod's group is set on the volume itself while
    /// it is empty, and what is made in it inherits it: nothing is ever changed below, where a pod may have put links.
    /// </summary>
    private void Make(Descriptor parent, V1Volume volume, uint? group, long mostInMemory)
    {
        // On the disk it would have neither the bound nor the speed that was asked for.
        if (!CanMount && volume.EmptyDir?.Medium == "Memory") throw new VolumeException(CannotMount);
        if (CanMount && InMemory(volume))
        {
            using var place = parent.EnsureDirectory(volume.Name, Anyone);
            // One that holds something is in use by containers that were started when nothing could be mounted.
            if (place.Status.Mount == parent.Status.Mount && IsEmpty(place)) Mounting.Tmpfs(place, mostInMemory);
        }
        var mode = group is null ? Anyone : Anyone | UnixFileMode.SetGroup;
        using var made = parent.EnsureDirectory(volume.Name, mode);
        if (group is null || made.Status.Group == group) return;
        made.Own(group);
        made.SetMode(mode);
    }

    private static bool IsEmpty(Descriptor directory)
    {
        using var names = directory.Names();
        return !names.Next(out _);
    }

    /// <summary>An agent without privileges gives files to nobody.</summary>
    private static uint? GroupOf(V1Pod pod) => Environment.IsPrivilegedProcess ? (uint?)pod.Spec.SecurityContext?.FsGroup : null;

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

    /// <summary>In bytes; none is 0, so part of a byte is a whole one.</summary>
    internal static long SizeLimit(V1Volume volume) =>
        (long)Math.Min(Math.Ceiling(volume.EmptyDir?.SizeLimit?.ToDecimal() ?? 0), long.MaxValue);
}

using ActorOrch.Agent.Files;
using ActorOrch.Agent.Pods.Specs;
using ActorOrch.Registry.Collections;
using k8s.Models;

namespace ActorOrch.Agent.Volumes;

/// <summary>Makes, refreshes and removes the volumes of pods. Called for one pod by its worker alone, one call at a time.</summary>
public sealed class VolumeManager(PodDirectories directories, IRegistry registry, IServiceAccountTokens? tokens, TimeProvider time)
{
    private readonly VolumeMachine _machine = new(directories, registry, tokens, time);

    /// <summary>Whether what is mounted here can be seen by the engine: else Secrets and tokens are on the disk, and a volume in memory is refused.</summary>
    public bool CanMount
    {
        get => _machine.CanMount;
        set => _machine.CanMount = value;
    }

    public PodDirectories Directories => directories;

    /// <summary>The host's path of each volume. Throws <see cref="VolumeException"/> for the first that cannot be made.</summary>
    public async Task<IReadOnlyDictionary<string, string>> PrepareAsync(PodContext context, CancellationToken cancel)
    {
        var paths = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var each in context.Pod.Spec.Volumes ?? [])
        {
            try
            {
                var source = VolumeSources.Of(each);
                var volume = new PodVolume(context, each, _machine);
                source.Prepare(volume);
                paths[each.Name] = source.Mount(volume);
                await source.UpdateAsync(volume, cancel).ConfigureAwait(false);
            }
            catch (Exception failure) when (failure is VolumeException or ContainerConfigException or IOException or UnauthorizedAccessException)
            {
                throw new VolumeException($"MountVolume.SetUp failed for volume \"{each.Name}\" : {failure.Message}", failure);
            }
        }
        return paths;
    }

    /// <summary>Writes what changed of the objects behind the volumes. Missing objects leave the files as they are.</summary>
    public async Task RefreshAsync(PodContext context, CancellationToken cancel)
    {
        foreach (var each in context.Pod.Spec.Volumes ?? [])
        {
            try
            {
                await VolumeSources.Of(each).UpdateAsync(new(context, each, _machine), cancel).ConfigureAwait(false);
            }
            catch (VolumeException)
            {
                // The object was deleted under a running pod: as upstream, what was mounted stays.
            }
        }
    }

    /// <summary>
    /// Removes everything of a pod from the disk; what is mounted there is unmounted first, whoever mounted it. What stands in the volume of a
    /// source that this agent does not know stays, and with it all of the pod's: <see cref="IOException"/>, which names it.
    /// </summary>
    public void Remove(string podUid)
    {
        using var all = directories.FindAll();
        if (all is null) return;
        if (Mounting.Permitted)
        {
            using (var volumes = directories.FindVolumes(podUid))
                if (volumes is not null) Unmount(volumes);
            MountTable.UnmountAll(all, podUid);
        }
        using (var volumes = directories.FindVolumes(podUid))
            if (volumes is not null) RequireKnown(volumes, podUid, all.Status.Mount);
        TreeRemoval.Remove(all, podUid);
    }

    /// <summary>Null where it was not prepared (yet).</summary>
    internal Descriptor? Find(V1Pod pod, V1Volume volume) => VolumeSources.Find(volume)?.Find(directories, pod, volume);

    /// <summary>The volume as it was prepared.</summary>
    internal Descriptor Open(V1Pod pod, V1Volume volume) => Find(pod, volume) ?? throw new DirectoryNotFoundException($"volume \"{volume.Name}\" is not there");

    private static void Unmount(Descriptor volumes)
    {
        foreach (var (name, source) in Kinds(volumes))
        {
            if (source is null) continue;
            using var parent = volumes.TryOpenDirectory(name);
            foreach (var volume in parent?.AllNames() ?? []) source.Unmount(parent!, volume);
        }
    }

    /// <summary>Of a source that is not known nothing is deleted but the places at which something was mounted, and is no more.</summary>
    /// <param name="mount">Of the pods' directories: what is mounted above the volumes all the same is left to <see cref="TreeRemoval"/> to refuse.</param>
    private void RequireKnown(Descriptor volumes, string podUid, ulong mount)
    {
        foreach (var (name, source) in Kinds(volumes))
        {
            if (source is not null) continue;
            using var parent = volumes.TryOpenDirectory(name);
            if (parent is null || parent.Status.Mount != mount) continue;
            foreach (var volume in parent.AllNames())
            {
                using var place = parent.TryOpenDirectory(volume);
                if (place is null || place.Status.Mount != mount || !parent.RemoveDirectory(volume))
                    throw new VolumeLeftException($"{directories.Pod(podUid)} stays: {name}/{volume} in its volumes is of a source that this agent does not know, and not empty");
            }
        }
    }

    private static List<(FileName Name, IVolumeSource? Source)> Kinds(Descriptor volumes) =>
        [.. volumes.AllNames().Select(name => (name, VolumeSources.OfDirectory(name)))];
}

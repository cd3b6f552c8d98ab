using ActorOrch.Agent.Files;

namespace ActorOrch.Agent.Volumes;

/// <summary>The directory of a volume below its pod's, and whether what is mounted there is the agent's.</summary>
internal static class VolumePlace
{
    private const UnixFileMode Anyone = (UnixFileMode)0b111_111_111;

    /// <summary>
    /// Makes it, on the disk or in memory. Anyone in the pod may write an emptyDir; projected files are guarded by their own modes. The pod's group is
    /// set on the volume itself while it is empty, and what is made in it inherits it: nothing is ever changed below, where a pod may have put
    /// links. What others have mounted there stays as it is.
    /// </summary>
    /// <param name="inMemory">Its greatest size in bytes, 0 without a limit of its own; null on the disk.</param>
    /// <returns>Its path.</returns>
    public static string Make(PodVolume volume, string kind, long? inMemory)
    {
        var directories = volume.Machine.Directories;
        using var parent = directories.EnsureVolumes(volume.Uid, kind);
        using (var there = parent.TryOpenDirectory(volume.Name))
            if (there is not null && IsForeign(there, parent)) return directories.Volume(volume.Uid, kind, volume.Name);
        if (inMemory is { } bytes && volume.Machine.CanMount)
        {
            using var place = parent.EnsureDirectory(volume.Name, Anyone);
            // One that holds something is in use by containers that were started when nothing could be mounted.
            if (place.Status.Mount == parent.Status.Mount && IsEmpty(place)) Mounting.Tmpfs(place, bytes);
        }
        var group = volume.Group;
        var mode = group is null ? Anyone : Anyone | UnixFileMode.SetGroup;
        using var made = parent.EnsureDirectory(volume.Name, mode);
        if (group is not null && made.Status.Group != group)
        {
            made.Own(group);
            made.SetMode(mode);
        }
        return directories.Volume(volume.Uid, kind, volume.Name);
    }

    /// <summary>
    /// Whether the directory is a mount that is none of the agent's own: a file system in memory, mounted as a whole. One that an agent of an
    /// earlier version mounted has no name of its own, but nothing stands in it that is not the agent's.
    /// </summary>
    public static bool IsForeign(Descriptor directory, Descriptor parent)
    {
        var number = directory.Status.Mount;
        if (number == parent.Status.Mount) return false;
        var mount = MountTable.Read().FirstOrDefault(m => m.Id == number);
        if (mount is not { FileSystem: Mounting.Memory, Root: "/" }) return true;
        return mount.Source != Mounting.Name && !AtomicWriter.MadeAllOf(directory);
    }

    private static bool IsEmpty(Descriptor directory)
    {
        using var names = directory.Names();
        return !names.Next(out _);
    }
}

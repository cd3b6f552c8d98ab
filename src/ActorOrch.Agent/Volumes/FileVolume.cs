namespace ActorOrch.Agent.Volumes;

/// <summary>What the volumes have in common that are files which the agent alone writes.</summary>
internal static class FileVolume
{
    /// <summary>Replaces the files at once where they have changed. Nothing is written into a mount of others, or deleted there: <see cref="VolumeException"/>.</summary>
    public static void Write(PodVolume volume, string kind, IEnumerable<ProjectedFile> files)
    {
        var directories = volume.Machine.Directories;
        using var parent = directories.EnsureVolumes(volume.Uid, kind);
        using var directory = parent.TryOpenDirectory(volume.Name) ?? throw new DirectoryNotFoundException($"volume \"{volume.Name}\" is not there");
        if (VolumePlace.IsForeign(directory, parent))
            throw new VolumeException($"{directories.Volume(volume.Uid, kind, volume.Name)} is a mount that this agent did not make: nothing in it is changed");
        AtomicWriter.Write(directory, files, volume.Machine.Time.GetUtcNow(), volume.Group);
    }
}

namespace ActorOrch.Agent.Files;

/// <summary>Removes what an agent left on the disk, mounts of its pods' volumes included.</summary>
public static class DirectoryRemoval
{
    /// <summary>Nothing there: no error. Throws <see cref="IOException"/> where a mount stays.</summary>
    /// <param name="path">Absolute; the caller's own directories lead to it.</param>
    public static void UnmountAndRemove(string path)
    {
        using (var directory = Descriptor.FindPath(path))
            if (directory is not null) MountTable.UnmountBelow(directory);
        TreeRemoval.Remove(path);
    }
}

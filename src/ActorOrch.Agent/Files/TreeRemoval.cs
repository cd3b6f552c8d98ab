namespace ActorOrch.Agent.Files;

/// <summary>
/// The one way to delete a directory with all that is in it. It goes by open directories, so that no link is followed, not even one that is
/// put there meanwhile, and it stops with an error at a mount. Neither depth nor names are trusted: directories below are moved up to
/// the top before they are emptied, which takes three descriptors and no recursion.
/// </summary>
public static class TreeRemoval
{
    /// <summary>Removes what the path's last name stands for: a link itself, never its target. Nothing there: no error.</summary>
    /// <param name="path">Absolute. Links in the directories before the last name are followed: only the caller's own may stand there.</param>
    public static void Remove(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var directory = Path.GetDirectoryName(full) ?? throw new IOException($"{path} is never removed");
        using var parent = Descriptor.FindPath(directory);
        if (parent is not null) Remove(parent, Path.GetFileName(full));
    }

    internal static void Remove(Descriptor parent, FileName name)
    {
        while (!parent.Unlink(name))
        {
            using var top = parent.TryOpenDirectory(name);
            if (top is null) continue;
            var mount = parent.Status.Mount;
            Refuse(top, mount, name);
            Empty(top, mount);
            if (parent.RemoveDirectory(name)) return;
        }
    }

    private static void Empty(Descriptor top, ulong mount)
    {
        var moved = 0L;
        bool any;
        do
        {
            any = false;
            using var names = top.Names();
            while (names.Next(out var name))
            {
                any = true;
                if (top.Unlink(name)) continue;
                using var directory = top.TryOpenDirectory(name);
                if (directory is null) continue;
                Refuse(directory, mount, name);
                using (var below = directory.Names())
                    while (below.Next(out var child))
                        if (!directory.Unlink(child)) MoveUp(directory, child, top, ref moved);
                top.RemoveDirectory(name);
            }
        }
        while (any);
    }

    private static void MoveUp(Descriptor directory, FileName child, Descriptor top, ref long moved)
    {
        while (true)
        {
            try
            {
                directory.Move(child, top, $".removed-{moved++}");
                return;
            }
            catch (UnixException taken) when (taken.Error is Libc.Enotempty or Libc.Eexist or Libc.Enotdir)
            {
                // The pod has used that name itself: the next one.
            }
            catch (UnixException gone) when (gone.Error == Libc.Enoent)
            {
                return;
            }
            catch (UnixException mounted) when (mounted.Error is Libc.Ebusy or Libc.Exdev)
            {
                throw new IOException($"{child} is a mount: it is not deleted", mounted);
            }
        }
    }

    private static void Refuse(Descriptor directory, ulong mount, FileName name)
    {
        if (directory.Status.Mount != mount) throw new IOException($"{name} is a mount: it is not deleted");
    }
}

namespace ActorOrch.Agent.Files;

/// <summary>
/// What a directory and all below it take on the disk, as <c>du</c> counts: a file of several names once, other file systems not at all. It goes
/// by open directories, holds two of them however deep the tree is, and follows no link. A pod may change all of it meanwhile: what has gone
/// counts nothing, and a directory that is moved while it is looked at ends the count, which is right the next time.
/// </summary>
internal static class TreeSize
{
    private sealed record Level(ulong Inode, ulong Device, Stack<FileName> Below);

    /// <param name="enough">The count may end as soon as it is larger than this, in bytes.</param>
    public static long Of(Descriptor top, long enough, CancellationToken cancel)
    {
        var linked = new HashSet<ulong>();
        var way = new Stack<Level>();
        var (at, bytes) = (top, 0L);
        try
        {
            way.Push(Look(top, ref bytes, enough, linked, cancel));
            while (bytes <= enough)
            {
                if (way.Peek().Below.TryPop(out var name))
                {
                    var below = at.TryOpenDirectory(name);
                    if (below is null) continue;
                    if (below.Status.Device != way.Peek().Device)
                    {
                        below.Dispose();
                        continue;
                    }
                    Go(below);
                    way.Push(Look(below, ref bytes, enough, linked, cancel));
                    continue;
                }
                way.Pop();
                if (way.Count == 0) return bytes;
                if (at.FindParent() is not { } above) return bytes;
                Go(above);
                if (above.Status is var found && (found.Inode, found.Device) != (way.Peek().Inode, way.Peek().Device)) return bytes;
            }
            return bytes;
        }
        finally
        {
            if (at != top) at.Dispose();
        }

        void Go(Descriptor next)
        {
            if (at != top) at.Dispose();
            at = next;
        }
    }

    /// <summary>Counts what is in a directory; its directories are for later.</summary>
    private static Level Look(Descriptor directory, ref long bytes, long enough, HashSet<ulong> linked, CancellationToken cancel)
    {
        var status = directory.Status;
        var level = new Level(status.Inode, status.Device, new());
        using var names = directory.Names();
        while (bytes <= enough && names.Next(out var name))
        {
            cancel.ThrowIfCancellationRequested();
            if (directory.Measure(name) is not { } entry || entry.Device != status.Device) continue;
            if (entry.IsDirectory) level.Below.Push(name);
            else if (entry.Links > 1 && !linked.Add(entry.Inode)) continue;
            bytes += entry.Bytes;
        }
        return level;
    }
}

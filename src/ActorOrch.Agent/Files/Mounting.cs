using System.Globalization;

namespace ActorOrch.Agent.Files;

/// <summary>Mounts and unmounts what descriptors stand for.</summary>
internal static class Mounting
{
    /// <summary>The kind of a file system in memory.</summary>
    public const string Memory = "tmpfs";

    /// <summary>What the mount table calls the source of those that are mounted here.</summary>
    public const string Name = "actororch";

    private const int SystemAdministration = 21;

    /// <summary>Whether the kernel lets this process mount.</summary>
    public static bool Permitted { get; } = ReadCapabilities(File.ReadAllLines("/proc/self/status"));

    /// <summary>Mounts a tmpfs; <paramref name="sizeBytes"/> 0 is without limit of its own.</summary>
    public static void Tmpfs(Descriptor directory, long sizeBytes)
    {
        var data = sizeBytes > 0 ? $"mode=0777,size={sizeBytes}" : "mode=0777";
        if (Libc.mount(Name, directory.ProcPath, Memory, Libc.MountNoSuid | Libc.MountNoDevices, data) != 0) throw UnixException.Last("mount tmpfs");
    }

    /// <summary>Makes the source visible at a name in a directory of ours, where something of the same sort, directory or not, has to be.</summary>
    /// <param name="shared">What is mounted below it later is seen in the source, too; else only the other way round.</param>
    public static void Bind(Descriptor source, Descriptor parent, FileName name, bool shared)
    {
        using (var place = Place(parent, name))
            if (Libc.mount(source.ProcPath, place.ProcPath, null, Libc.MountBind, null) != 0) throw UnixException.Last($"bind {name}");
        if (shared) return;
        using var bound = Place(parent, name);
        if (Libc.mount(null, bound.ProcPath, null, Libc.MountSlave, null) != 0) throw UnixException.Last($"bind {name}");
    }

    /// <summary>Unmounts all that is stacked at the name. Nothing there: no error.</summary>
    public static void UnmountAll(Descriptor parent, FileName name)
    {
        while (true)
        {
            using var place = parent.Find(name);
            if (place is null || place.Status.Mount == parent.Status.Mount) return;
            Unmount(place);
        }
    }

    /// <summary>Unmounts the mount that this is the top of.</summary>
    public static void Unmount(Descriptor top)
    {
        // What is mounted below goes along: without this it would go everywhere else where it is seen, too.
        if (Libc.mount(null, top.ProcPath, null, Libc.MountPrivate | Libc.MountRecursive, null) != 0 || Libc.umount2(top.ProcPath, Libc.UnmountDetach) != 0)
            throw UnixException.Last($"unmount {top.ProcPath}");
    }

    internal static bool ReadCapabilities(IEnumerable<string> status)
    {
        const string field = "CapEff:";
        var line = status.FirstOrDefault(l => l.StartsWith(field, StringComparison.Ordinal));
        return line is not null && (ulong.Parse(line.AsSpan(field.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) >> SystemAdministration & 1) != 0;
    }

    private static Descriptor Place(Descriptor parent, FileName name) => parent.Find(name) ?? throw new UnixException($"open {name}", Libc.Enoent);
}

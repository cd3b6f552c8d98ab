using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace ActorOrch.Agent.Files;

/// <summary>
/// An open file or directory, and what can be done with names in it. Each call takes one name and never follows a link that stands there, so
/// that whoever may write in a directory cannot lead the agent out of it, however fast they exchange what is there.
/// </summary>
internal sealed unsafe class Descriptor : IDisposable
{
    private const int LongestLink = 4096;
    private readonly SafeFileHandle _handle;

    private Descriptor(int file) => _handle = new(file, ownsHandle: true);

    public SafeFileHandle Handle => _handle;

    public FileStatus Status => FileStatus.Of(Number);

    /// <summary>A path that leads the kernel to the very file, whatever has become of its name.</summary>
    public string ProcPath => $"/proc/self/fd/{Number}";

    private int Number => _handle.DangerousGetHandle().ToInt32();

    public void Dispose() => _handle.Dispose();

    /// <summary>Opens a path that nobody but its owner chose: links in it are followed. Null where there is nothing.</summary>
    public static Descriptor? FindPath(string path)
    {
        if (path.Contains('\0', StringComparison.Ordinal)) throw new IOException("a path holds no zero byte");
        fixed (byte* bytes = Encoding.UTF8.GetBytes(path + '\0'))
        {
            var file = Libc.openat(Libc.CurrentDirectory, bytes, Libc.PathOnly | Libc.CloseOnExec, 0);
            return file >= 0 ? new(file) : Absent($"open {path}");
        }
    }

    /// <inheritdoc cref="FindPath"/>
    public static Descriptor OpenPath(string path) => FindPath(path) ?? throw new UnixException($"open {path}", Libc.Enoent);

    /// <summary>What stands there, be it a link, without opening it for reading. Null where there is nothing.</summary>
    public Descriptor? Find(FileName name) => Open(name, Libc.PathOnly, 0) is var file and >= 0 ? new(file) : Absent($"open {name}");

    /// <summary>What stands there takes on the disk, without opening it. Null where there is nothing.</summary>
    public DiskEntry? Measure(FileName name) => DiskEntry.Of(Number, name);

    /// <summary>The directory above: whoever may move this one decides which that is.</summary>
    public Descriptor? FindParent()
    {
        fixed (byte* bytes = "..\0"u8)
        {
            var file = Libc.openat(Number, bytes, Libc.PathOnly | Libc.DirectoryOnly | Libc.CloseOnExec, 0);
            return file >= 0 ? new(file) : Absent("open ..");
        }
    }

    public Descriptor OpenDirectory(FileName name) => TryOpenDirectory(name) ?? throw UnixException.Last($"open directory {name}");

    /// <summary>Null where there is nothing, or something else than a directory.</summary>
    public Descriptor? TryOpenDirectory(FileName name)
    {
        var file = Open(name, Libc.ReadOnly | Libc.DirectoryOnly | Libc.NonBlock, 0);
        if (file >= 0) return new(file);
        return Marshal.GetLastPInvokeError() is Libc.Enoent or Libc.Enotdir or Libc.Eloop ? null : throw UnixException.Last($"open directory {name}");
    }

    /// <summary>A new file of that mode, whatever the process's mask.</summary>
    /// <param name="group">Its group; null: the directory's or the process's.</param>
    public void CreateFile(FileName name, ReadOnlySpan<byte> content, UnixFileMode mode, uint? group = null)
    {
        var file = Open(name, Libc.WriteOnly | Libc.Create | Libc.Exclusive, 0x180);
        if (file < 0) throw UnixException.Last($"create {name}");
        using var created = new Descriptor(file);
        RandomAccess.Write(created.Handle, content, 0);
        created.Own(group);
        created.SetMode(mode);
    }

    /// <summary>Opens a regular file; never waits for whoever is at the other end of a pipe. Null where there is none, or something else.</summary>
    public Descriptor? TryOpenFile(FileName name, bool write = false)
    {
        using (var found = Find(name)) if (found is not { Status.Kind: FileKind.Regular }) return null;
        var file = Open(name, (write ? Libc.WriteOnly : Libc.ReadOnly) | Libc.NonBlock, 0);
        if (file < 0) return null;
        var opened = new Descriptor(file);
        if (opened.Status.Kind == FileKind.Regular) return opened;
        opened.Dispose();
        return null;
    }

    /// <summary>Makes the directory, or opens the one that is there. Its mode is set in either case, whatever the process's mask.</summary>
    public Descriptor EnsureDirectory(FileName name, UnixFileMode mode)
    {
        fixed (byte* bytes = name.Bytes)
            if (Libc.mkdirat(Number, bytes, 0x1C0) != 0 && Marshal.GetLastPInvokeError() != Libc.Eexist) throw UnixException.Last($"make directory {name}");
        var directory = OpenDirectory(name);
        if (directory.Status.Mode != mode) directory.SetMode(mode);
        return directory;
    }

    public void SetMode(UnixFileMode mode)
    {
        if (Libc.fchmod(Number, (uint)mode) != 0) throw UnixException.Last("chmod");
    }

    /// <summary>Null leaves the group as it is.</summary>
    public void Own(uint? group)
    {
        if (group is { } number) Own(uint.MaxValue, number);
    }

    /// <summary>The largest number leaves what it stands for as it is.</summary>
    public void Own(uint owner, uint group)
    {
        if (Libc.fchown(Number, owner, group) != 0) throw UnixException.Last("chown");
    }

    /// <summary>The text of the link that this is.</summary>
    public byte[] ReadLink() => ReadLink(Number, "\0"u8);

    /// <summary>Where this is now, as the kernel names it in the mount table.</summary>
    public byte[] RealPath() => ReadLink(Libc.CurrentDirectory, Encoding.UTF8.GetBytes(ProcPath + '\0'));

    public void Link(FileName name, FileName target)
    {
        fixed (byte* bytes = name.Bytes, text = target.Bytes)
            if (Libc.symlinkat(text, Number, bytes) != 0) throw UnixException.Last($"link {name}");
    }

    /// <summary>Gives the file its second name, unless something has it already: false.</summary>
    public bool TryName(FileName file, FileName second)
    {
        fixed (byte* from = file.Bytes, to = second.Bytes)
            if (Libc.linkat(Number, from, Number, to, 0) == 0) return true;
        return Marshal.GetLastPInvokeError() == Libc.Eexist ? false : throw UnixException.Last($"name {second}");
    }

    /// <summary>Replaces the target at once, links included.</summary>
    public void Rename(FileName from, FileName to) => Move(from, this, to);

    public void Move(FileName from, Descriptor directory, FileName to)
    {
        fixed (byte* source = from.Bytes, target = to.Bytes)
            if (Libc.renameat(Number, source, directory.Number, target) != 0) throw UnixException.Last($"rename {from}");
    }

    /// <summary>Removes the name of anything but a directory. False where it is one; nothing there: no error.</summary>
    public bool Unlink(FileName name)
    {
        fixed (byte* bytes = name.Bytes)
            if (Libc.unlinkat(Number, bytes, 0) == 0) return true;
        return Marshal.GetLastPInvokeError() switch
        {
            Libc.Enoent => true,
            Libc.Eisdir => false,
            _ => throw UnixException.Last($"remove {name}"),
        };
    }

    /// <summary>False where it is not empty; nothing there: no error.</summary>
    public bool RemoveDirectory(FileName name)
    {
        fixed (byte* bytes = name.Bytes)
            if (Libc.unlinkat(Number, bytes, Libc.AtRemoveDirectory) == 0) return true;
        return Marshal.GetLastPInvokeError() switch
        {
            Libc.Enoent => true,
            Libc.Enotempty or Libc.Eexist => false,
            _ => throw UnixException.Last($"remove directory {name}"),
        };
    }

    /// <summary>The names in it, each once, in no order; those that are made meanwhile may be among them.</summary>
    public DirectoryNames Names()
    {
        // A description of its own: the position of one reader is not another's.
        fixed (byte* bytes = ".\0"u8)
        {
            var file = Libc.openat(Number, bytes, Libc.ReadOnly | Libc.DirectoryOnly | Libc.CloseOnExec, 0);
            return file >= 0 ? DirectoryNames.Of(file) : throw UnixException.Last("open directory");
        }
    }

    /// <summary>All of <see cref="Names"/>: for directories that nobody else fills.</summary>
    public List<FileName> AllNames()
    {
        var all = new List<FileName>();
        using var names = Names();
        while (names.Next(out var name)) all.Add(name);
        return all;
    }

    private int Open(FileName name, int flags, uint mode)
    {
        fixed (byte* bytes = name.Bytes) return Libc.openat(Number, bytes, flags | Libc.NoFollow | Libc.CloseOnExec, mode);
    }

    private static byte[] ReadLink(int directory, ReadOnlySpan<byte> name)
    {
        Span<byte> text = stackalloc byte[LongestLink];
        fixed (byte* bytes = name, buffer = text)
        {
            var length = Libc.readlinkat(directory, bytes, buffer, LongestLink);
            return length >= 0 ? text[..(int)length].ToArray() : throw UnixException.Last("readlink");
        }
    }

    private static Descriptor? Absent(string what) => Marshal.GetLastPInvokeError() is Libc.Enoent or Libc.Enotdir ? null : throw UnixException.Last(what);
}

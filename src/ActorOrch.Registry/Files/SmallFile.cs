using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace ActorOrch.Registry.Files;

/// <summary>A file that has to be as it was written is not: nothing is made anew in its place, because others depend on what it held.</summary>
public sealed class DamagedFileException(string path, string what, Exception? inner = null) : IOException($"{path} {what}", inner)
{
    public string Path { get; } = path;
}

/// <summary>
/// Identities, keys and tokens: files of a few bytes that are written once and must never be half there. A file is replaced in one step that
/// survives a loss of power (file and directory are synced), and its owner alone may read it. One that is empty was cut by something else.
/// </summary>
public static partial class SmallFile
{
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    public const UnixFileMode OwnerDirectory = OwnerOnly | UnixFileMode.UserExecute;

    private const int LargestBytes = 1 << 20;

    /// <summary>EEXIST, which the class library gives as it is.</summary>
    private const int AlreadyThere = 17;
    private const int ReadOnlyCloseOnExec = 0x80000;

    /// <summary>From now on, files and directories of this process are made for their owner alone: umask 077.</summary>
    public static void CloseNewFiles() => _ = umask(0b000_111_111);

    /// <summary>Makes a directory that only its owner may enter; one that is there already is closed to others.</summary>
    public static void MakeDirectory(string path)
    {
        Directory.CreateDirectory(path, OwnerDirectory);
        if (File.GetUnixFileMode(path) != OwnerDirectory) File.SetUnixFileMode(path, OwnerDirectory);
    }

    /// <summary>Makes one that nobody had before. Throws <see cref="IOException"/> where there is anything of that name.</summary>
    public static void MakeNewDirectory(string path)
    {
        if (mkdir(path, (uint)OwnerDirectory) != 0) throw Failure($"{path} cannot be made");
    }

    /// <inheritdoc cref="Write(string, ReadOnlySpan{byte})"/>
    public static void Write(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text));

    /// <summary>Returns when the file, whole, would survive a loss of power. Throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.</summary>
    public static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        WriteNext(path, bytes);
        Finish(path);
    }

    /// <summary>Makes a file that is not there. False, and nothing done, where there is one: of several processes at once, one makes it.</summary>
    public static bool TryCreate(string path, string text)
    {
        // One that is there is somebody's: where a user's setting leads is not this program's to close.
        Directory.CreateDirectory(DirectoryOf(path), OwnerDirectory);
        var mine = $"{path}.{Guid.NewGuid():n}";
        WriteNext(mine, Encoding.UTF8.GetBytes(text));
        var made = link(NextOf(mine), path) == 0;
        if (!made && !File.Exists(path)) throw Failure($"{path} cannot be made");
        File.Delete(NextOf(mine));
        SyncDirectory(DirectoryOf(path));
        return made;
    }

    /// <summary>
    /// Writes files that belong together: all are on the disk before the first takes its place, in the order given. A loss of power in between
    /// leaves those that are missing at <see cref="NextOf"/>, for <see cref="Finish"/>.
    /// </summary>
    public static void WriteTogether(params IReadOnlyList<(string Path, string Text)> files)
    {
        foreach (var (path, text) in files) WriteNext(path, Encoding.UTF8.GetBytes(text));
        foreach (var directory in files.Select(f => DirectoryOf(f.Path)).Distinct()) SyncDirectory(directory);
        foreach (var (path, _) in files) Finish(path);
    }

    /// <summary>Where a file lies before it takes its place.</summary>
    public static string NextOf(string path) => path + ".next";

    /// <summary>Puts the file at <see cref="NextOf"/> in its place.</summary>
    public static void Finish(string path)
    {
        File.Move(NextOf(path), path, overwrite: true);
        SyncDirectory(DirectoryOf(path));
    }

    /// <summary>The same; throws <see cref="IOException"/> where there is a file by now.</summary>
    public static void FinishNew(string path)
    {
        File.Move(NextOf(path), path, overwrite: false);
        SyncDirectory(DirectoryOf(path));
    }

    /// <summary>Null where there is no file. Throws <see cref="DamagedFileException"/> for one that is empty or is no small file at all.</summary>
    public static byte[]? Read(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
        {
            if (Directory.Exists(path)) throw new DamagedFileException(path, "is a directory");
            return null;
        }
        if (file.Length == 0) throw new DamagedFileException(path, "is empty");
        if (file.Length > LargestBytes) throw new DamagedFileException(path, $"has {file.Length} bytes");
        return File.ReadAllBytes(path);
    }

    /// <inheritdoc cref="Read"/>
    public static string? ReadText(string path) => Read(path) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    /// <summary>Makes an empty file, of any size later, that its owner alone may read. Throws <see cref="IOException"/> where there is one.</summary>
    public static void CreatePrivate(string path) =>
        new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }).Dispose();

    /// <summary>The same; false, and nothing done, where there is one: of several processes at once, one makes it.</summary>
    public static bool TryCreatePrivate(string path)
    {
        try
        {
            CreatePrivate(path);
            return true;
        }
        catch (IOException e) when (e.HResult == AlreadyThere)
        {
            return false;
        }
    }

    /// <summary>Never one that has anything in it.</summary>
    public static void RemoveEmptyDirectory(string path)
    {
        if (rmdir(path) != 0) throw Failure($"{path} cannot be removed");
    }

    /// <summary>For reading, without the lock that the class library takes, which would wait for the one that this process has on it.</summary>
    internal static SafeFileHandle OpenUnlocked(string path)
    {
        var file = open(path, ReadOnlyCloseOnExec);
        return file < 0 ? throw Failure($"{path} cannot be opened") : new(file, ownsHandle: true);
    }

    /// <summary>Syncs a directory: names that were made in it, moved into it or removed from it stay so.</summary>
    public static void SyncDirectory(string path)
    {
        var directory = open(path, ReadOnlyCloseOnExec);
        if (directory < 0) throw Failure($"{path} cannot be opened");
        try
        {
            if (fsync(directory) != 0) throw Failure($"{path} cannot be synced");
        }
        finally
        {
            _ = close(directory);
        }
    }

    private static void WriteNext(string path, ReadOnlySpan<byte> bytes)
    {
        var next = NextOf(path);
        // One that is left over may be readable by others.
        File.Delete(next);
        using var stream = new FileStream(next, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly });
        stream.Write(bytes);
        stream.Flush(flushToDisk: true);
    }

    private static string DirectoryOf(string path) => System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;

    private static IOException Failure(string what)
    {
        var error = new Win32Exception(Marshal.GetLastPInvokeError());
        return new($"{what}: {error.Message}", error);
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int link(string from, string to);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int rmdir(string path);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mkdir(string path, uint mode);

    [LibraryImport("libc")]
    private static partial uint umask(uint mask);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(int file);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int file);
}

using System.Runtime.InteropServices;

namespace ActorOrch.Agent.Files;

/// <summary>The calls of the operating system that work on descriptors and names, for which the class library has no name.</summary>
internal static unsafe partial class Libc
{
    public const int Enoent = 2;
    public const int Eexist = 17;
    public const int Exdev = 18;
    public const int Enotdir = 20;
    public const int Eisdir = 21;
    public const int Enotempty = 39;
    public const int Eloop = 40;
    public const int Ebusy = 16;

    public const int CurrentDirectory = -100;
    public const int AtSymlinkNoFollow = 0x100;
    public const int AtRemoveDirectory = 0x200;

    public const int ReadOnly = 0;
    public const int WriteOnly = 1;
    public const int Create = 0x40;
    public const int Exclusive = 0x80;
    public const int NonBlock = 0x800;
    public const int CloseOnExec = 0x80000;
    public const int PathOnly = 0x200000;

    /// <summary>These two differ between architectures.</summary>
    public static readonly int DirectoryOnly = IsArm ? 0x4000 : 0x10000;
    public static readonly int NoFollow = IsArm ? 0x8000 : 0x20000;

    public const nuint MountNoSuid = 2;
    public const nuint MountNoDevices = 4;
    public const nuint MountBind = 0x1000;
    public const nuint MountRecursive = 0x4000;
    public const nuint MountPrivate = 1 << 18;
    public const nuint MountSlave = 1 << 19;
    public const int UnmountDetach = 2;

    private static bool IsArm => RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm;

    [LibraryImport("libc", SetLastError = true)]
    public static partial int openat(int directory, byte* name, int flags, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int mkdirat(int directory, byte* name, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int unlinkat(int directory, byte* name, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int renameat(int fromDirectory, byte* from, int toDirectory, byte* to);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int linkat(int fromDirectory, byte* from, int toDirectory, byte* to, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int symlinkat(byte* target, int directory, byte* name);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint readlinkat(int directory, byte* name, byte* buffer, nuint size);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int fchmod(int file, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int fchown(int file, uint owner, uint group);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint fdopendir(int directory);

    [LibraryImport("libc", SetLastError = true)]
    public static partial byte* readdir(nint stream);

    [LibraryImport("libc")]
    public static partial int closedir(nint stream);

    [LibraryImport("libc")]
    public static partial int close(int file);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int mount(string? source, string target, string? type, nuint flags, string? data);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int umount2(string target, int flags);
}

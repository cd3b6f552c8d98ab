using System.Globalization;
using ActorOrch.Registry.Files;

namespace ActorOrch.Agent.Files;

/// <summary>What kind of thing a name stands for.</summary>
internal enum FileKind
{
    Fifo = 0x1000,
    CharacterDevice = 0x2000,
    Directory = 0x4000,
    BlockDevice = 0x6000,
    Regular = 0x8000,
    Link = 0xA000,
    Socket = 0xC000,
}

/// <summary>What the kernel says of an open file.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="Device">Of the file system; with <paramref name="Inode"/> it is one file's alone.</param>
/// <param name="Mount">The mount that it was reached through, by its number in the machine's mount table.</param>
internal readonly record struct FileStatus(FileKind Kind, UnixFileMode Mode, uint Owner, uint Group, long Size, ulong Inode, ulong Device, ulong Mount)
{
    private const uint Basic = 0x7ff;
    private const uint MountId = 0x1000;

    public bool IsDirectory => Kind == FileKind.Directory;

    public static FileStatus Of(int file)
    {
        Span<byte> status = stackalloc byte[KernelStatus.Bytes];
        if (!KernelStatus.TryRead(file, "\0"u8, KernelStatus.EmptyPath, Basic | MountId, status)) throw UnixException.Last("statx");
        var mode = BitConverter.ToUInt16(status[28..]);
        return new(
            (FileKind)(mode & 0xF000), (UnixFileMode)(mode & 0xFFF), UInt32(status, KernelStatus.Owner), UInt32(status, 24), (long)UInt64(status, KernelStatus.Size),
            UInt64(status, KernelStatus.Inode), KernelStatus.DeviceOf(status),
            (UInt32(status, 0) & MountId) != 0 ? UInt64(status, 144) : MountOf(file));
    }

    /// <summary>Kernels before 5.8 tell it here alone.</summary>
    private static ulong MountOf(int file)
    {
        const string field = "mnt_id:";
        foreach (var line in File.ReadLines($"/proc/self/fdinfo/{file}"))
            if (line.StartsWith(field, StringComparison.Ordinal)) return ulong.Parse(line.AsSpan(field.Length).Trim(), CultureInfo.InvariantCulture);
        throw new IOException($"/proc/self/fdinfo/{file} names no mount");
    }

    private static uint UInt32(ReadOnlySpan<byte> status, int at) => BitConverter.ToUInt32(status[at..]);

    private static ulong UInt64(ReadOnlySpan<byte> status, int at) => BitConverter.ToUInt64(status[at..]);
}

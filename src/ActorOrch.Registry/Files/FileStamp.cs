using System.Text;

namespace ActorOrch.Registry.Files;

/// <summary>One file, whatever its names are. While it is open its inode's number is no other's.</summary>
internal readonly record struct FileIdentity(ulong Device, ulong Inode);

/// <summary>What tells that a file, or what is in it, is no longer what it was.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="Seconds">When it was last changed, be it its name or its content: of the kernel's clock, and nobody can set it.</param>
internal readonly record struct FileStamp(FileIdentity File, ulong Size, long Seconds, uint Nanoseconds)
{
    private const uint InodeSizeAndChange = 0x100 | 0x200 | 0x80;

    /// <summary>As <see cref="Of"/> takes it.</summary>
    public static byte[] Name(string path) => Encoding.UTF8.GetBytes(path + '\0');

    /// <summary>Null where nothing is to be found under the name. Links are followed.</summary>
    public static FileStamp? Of(ReadOnlySpan<byte> name)
    {
        Span<byte> status = stackalloc byte[KernelStatus.Bytes];
        if (!KernelStatus.TryRead(KernelStatus.CurrentDirectory, name, 0, InodeSizeAndChange, status)) return null;
        return new(
            new(KernelStatus.DeviceOf(status), BitConverter.ToUInt64(status[KernelStatus.Inode..])), BitConverter.ToUInt64(status[KernelStatus.Size..]),
            BitConverter.ToInt64(status[KernelStatus.Changed..]), BitConverter.ToUInt32(status[(KernelStatus.Changed + 8)..]));
    }
}

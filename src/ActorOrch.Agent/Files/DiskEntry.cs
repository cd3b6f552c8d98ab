using System.Runtime.InteropServices;
using ActorOrch.Registry.Files;

namespace ActorOrch.Agent.Files;

/// <summary>What something in a directory takes on the disk.</summary>
/// <param name="Bytes">Allocated, as <c>du</c> counts: holes of sparse files are none.</param>
/// <param name="Links">How many names it has.</param>
/// <param name="Inode">With <paramref name="Device"/> it is one file's alone.</param>
internal readonly record struct DiskEntry(bool IsDirectory, long Bytes, uint Links, ulong Inode, ulong Device)
{
    private const uint Basic = 0x7ff;
    private const int BlockBytes = 512;
    private const int KindMask = 0xF000;

    /// <summary>Null where there is nothing.</summary>
    public static DiskEntry? Of(int directory, FileName name)
    {
        Span<byte> status = stackalloc byte[KernelStatus.Bytes];
        if (!KernelStatus.TryRead(directory, name.Bytes, KernelStatus.NoFollow, Basic, status))
            return Marshal.GetLastPInvokeError() is Libc.Enoent or Libc.Enotdir ? null : throw UnixException.Last($"statx {name}");
        return new(
            (BitConverter.ToUInt16(status[KernelStatus.Kind..]) & KindMask) == (int)FileKind.Directory,
            BitConverter.ToInt64(status[KernelStatus.Blocks..]) * BlockBytes, BitConverter.ToUInt32(status[KernelStatus.Links..]),
            BitConverter.ToUInt64(status[KernelStatus.Inode..]), KernelStatus.DeviceOf(status));
    }
}

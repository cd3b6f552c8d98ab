using System.Runtime.InteropServices;

namespace ActorOrch.Registry.Files;

/// <summary>What the kernel says of a file: <c>struct statx</c> of statx(2), which is the same on every architecture.</summary>
public static unsafe partial class KernelStatus
{
    public const int Bytes = 256;
    public const int CurrentDirectory = -100;

    /// <summary>Flags: a link is looked at itself; without a path, the open file is.</summary>
    public const int NoFollow = 0x100, EmptyPath = 0x1000;

    /// <summary>Where the fields are.</summary>
    public const int Links = 16, Owner = 20, Kind = 28, Inode = 32, Size = 40, Blocks = 48, Changed = 96, DeviceMajor = 136, DeviceMinor = 140;

    /// <summary>False where the kernel has no answer; the error is the thread's last.</summary>
    /// <param name="path">Ends with a zero.</param>
    /// <param name="mask">The fields that are asked for.</param>
    public static bool TryRead(int directory, ReadOnlySpan<byte> path, int flags, uint mask, Span<byte> status)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(status.Length, Bytes);
        fixed (byte* name = path, buffer = status) return statx(directory, name, flags, mask, buffer) == 0;
    }

    public static ulong DeviceOf(ReadOnlySpan<byte> status) => ((ulong)BitConverter.ToUInt32(status[DeviceMajor..]) << 32) | BitConverter.ToUInt32(status[DeviceMinor..]);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int statx(int directory, byte* name, int flags, uint mask, byte* status);
}

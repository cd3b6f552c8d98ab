using System.Runtime.InteropServices;

namespace ActorOrch.Registry.Files;

/// <summary>Whose a file is: keys that another user can exchange are that user's keys.</summary>
public static partial class FileOwner
{
    private const uint OwnerField = 0x8;

    /// <summary>The user of this process.</summary>
    public static uint Own => geteuid();

    /// <summary>Whether it belongs to the user of this process, or to root. Nothing there: true.</summary>
    /// <param name="path">A link is looked at itself, not what it leads to.</param>
    public static bool IsTrusted(string path, out uint owner)
    {
        owner = Own;
        Span<byte> status = stackalloc byte[KernelStatus.Bytes];
        if (!KernelStatus.TryRead(KernelStatus.CurrentDirectory, FileStamp.Name(path), KernelStatus.NoFollow, OwnerField, status)) return true;
        owner = BitConverter.ToUInt32(status[KernelStatus.Owner..]);
        return owner == 0 || owner == Own;
    }

    [LibraryImport("libc")]
    private static partial uint geteuid();
}

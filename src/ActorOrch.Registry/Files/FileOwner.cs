using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace ActorOrch.Registry;

/// <summary>Whose a file is: keys that another user can exchange are that user's keys.</summary>
public static unsafe partial class FileOwner
{
    private const int CurrentDirectory = -100;
    private const int NoFollow = 0x100;
    private const uint Owner = 0x8;

    // Of struct statx (statx(2)), which is the same on every architecture.
    private const int StatusBytes = 256;
    private const int OwnerOffset = 20;

    /// <summary>The user of this process.</summary>
    public static uint Own => geteuid();

    /// <summary>Whether it belongs to the user of this process, or to root. Nothing there: true.</summary>
    /// <param name="path">A link is looked at itself, not what it leads to.</param>
    public static bool IsTrusted(string path, out uint owner)
    {
        owner = Own;
        Span<byte> status = stackalloc byte[StatusBytes];
        fixed (byte* name = Encoding.UTF8.GetBytes(path + '\0'), buffer = status)
            if (statx(CurrentDirectory, name, NoFollow, Owner, buffer) != 0) return true;
        owner = BinaryPrimitives.ReadUInt32LittleEndian(status[OwnerOffset..]);
        return owner == 0 || owner == Own;
    }

    [LibraryImport("libc")]
    private static partial int statx(int directory, byte* name, int flags, uint mask, byte* status);

    [LibraryImport("libc")]
    private static partial uint geteuid();
}

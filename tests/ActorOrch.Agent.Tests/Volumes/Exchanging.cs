using System.Runtime.InteropServices;

namespace ActorOrch.Agent.Tests.Volumes;

/// <summary>What a hostile process does to names in its volume.</summary>
internal static partial class Exchanging
{
    private const int CurrentDirectory = -100;
    private const uint RenameExchange = 2;

    /// <summary>Each name stands for what the other stood for, with no moment in between.</summary>
    public static void Swap(string one, string other)
    {
        if (renameat2(CurrentDirectory, one, CurrentDirectory, other, RenameExchange) != 0)
            throw new IOException($"exchange {one} and {other}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int renameat2(int fromDirectory, string from, int toDirectory, string to, uint flags);
}

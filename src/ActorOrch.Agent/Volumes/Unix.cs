using System.ComponentModel;
using System.Runtime.InteropServices;

namespace ActorOrch.Agent.Volumes;

/// <summary>The few calls of the operating system that the class library has no name for.</summary>
internal static partial class Unix
{
    private const uint MsNoSuid = 2;
    private const uint MsNoDev = 4;
    private const int MntDetach = 2;
    private const int Enoent = 2;
    private const int Einval = 22;

    public static bool IsRoot => Environment.IsPrivilegedProcess;

    /// <summary>Mounts a tmpfs; <paramref name="sizeBytes"/> 0 is without limit of its own.</summary>
    public static void MountTmpfs(string path, long sizeBytes)
    {
        var data = sizeBytes > 0 ? $"mode=0777,size={sizeBytes}" : "mode=0777";
        if (mount("tmpfs", path, "tmpfs", MsNoSuid | MsNoDev, data) != 0) throw Failure($"mount tmpfs {path}");
    }

    /// <summary>No mount there: no error.</summary>
    public static void Unmount(string path)
    {
        if (umount2(path, MntDetach) == 0) return;
        if (Marshal.GetLastPInvokeError() is not (Enoent or Einval)) throw Failure($"umount {path}");
    }

    public static void ChangeGroup(string path, uint group)
    {
        if (lchown(path, uint.MaxValue, group) != 0) throw Failure($"chgrp {path}");
    }

    /// <summary>Replaces the target at once, links included, which <see cref="File.Move(string, string, bool)"/> does not take.</summary>
    public static void Rename(string from, string to)
    {
        if (rename(from, to) != 0) throw Failure($"rename {from} {to}");
    }

    private static Win32Exception Failure(string what)
    {
        var error = Marshal.GetLastPInvokeError();
        return new(error, $"{what}: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mount(string source, string target, string type, nuint flags, string data);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int umount2(string target, int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int rename(string from, string to);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int lchown(string path, uint owner, uint group);
}

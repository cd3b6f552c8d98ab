using System.Runtime.InteropServices;

namespace ActorOrch.Registry.Tests.Persistence.Disks;

/// <summary><c>sqlite3_vfs</c> (sqlite.org/c3ref/vfs.html), version 3.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct SqliteVfs
{
    public int Version;
    public int FileSize;
    public int LongestPath;
    public nint Next;
    public nint Name;
    public nint AppData;
    public delegate* unmanaged[Cdecl]<SqliteVfs*, byte*, SqliteFile*, int, int*, int> Open;
    public delegate* unmanaged[Cdecl]<SqliteVfs*, byte*, int, int> Delete;
    public nint Access, FullPathname, DlOpen, DlError, DlSym, DlClose, Randomness, Sleep, CurrentTime, GetLastError;
    public nint CurrentTimeInt64;
    public nint SetSystemCall, GetSystemCall, NextSystemCall;
}

/// <summary><c>sqlite3_file</c>: what an open file begins with.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct SqliteFile
{
    public SqliteFileMethods* Methods;
}

/// <summary><c>sqlite3_io_methods</c> (sqlite.org/c3ref/io_methods.html), version 3.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct SqliteFileMethods
{
    public int Version;
    public delegate* unmanaged[Cdecl]<SqliteFile*, int> Close;
    public nint Read;
    public delegate* unmanaged[Cdecl]<SqliteFile*, byte*, int, long, int> Write;
    public delegate* unmanaged[Cdecl]<SqliteFile*, long, int> Truncate;
    public delegate* unmanaged[Cdecl]<SqliteFile*, int, int> Sync;
    public nint FileSize, Lock, Unlock, CheckReservedLock, FileControl, SectorSize, DeviceCharacteristics;
    public nint ShmMap, ShmLock, ShmBarrier, ShmUnmap;
    public nint Fetch, Unfetch;
}

internal static unsafe partial class NativeSqlite
{
    public const int Ok = 0, InputOutputError = 10, FsyncFailed = InputOutputError | (4 << 8), Full = 13;

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_vfs_find")]
    public static partial SqliteVfs* FindVfs(nint name);

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_vfs_register")]
    public static partial int RegisterVfs(SqliteVfs* vfs, int makeDefault);

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_vfs_unregister")]
    public static partial int UnregisterVfs(SqliteVfs* vfs);
}

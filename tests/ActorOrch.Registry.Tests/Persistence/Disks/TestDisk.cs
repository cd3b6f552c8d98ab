using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ActorOrch.Registry.Tests.Persistence.Disks;

/// <summary>
/// The disk as SQLite sees it, in a test's hands: real files, but every write, truncation and sync of them is shown to an observer first,
/// which may fail it or hold it up. It is SQLite's own Unix file system with three of its calls replaced, so locks and shared memory are the
/// real ones. A connection uses it whose connection string says <c>Vfs=</c><see cref="Name"/>.
/// </summary>
internal sealed unsafe class TestDisk : IDisposable
{
    private static readonly ConcurrentDictionary<nint, TestDisk> Disks = new();
    private static readonly ConcurrentDictionary<nint, OpenFile> Files = new();

    private readonly SqliteVfs* _base;
    private readonly SqliteVfs* _vfs;
    private readonly IDiskObserver _observer;
    private readonly ConcurrentDictionary<nint, nint> _methods = new();

    private readonly record struct OpenFile(TestDisk Disk, string Path, nint Methods);

    public TestDisk(IDiskObserver observer)
    {
        _observer = observer;
        // Makes sure that the library is loaded and initialized.
        using (new Microsoft.Data.Sqlite.SqliteConnection("Data Source=:memory:")) SQLitePCL.Batteries_V2.Init();
        _base = NativeSqlite.FindVfs(0);
        _vfs = (SqliteVfs*)NativeMemory.Alloc((nuint)sizeof(SqliteVfs));
        *_vfs = *_base;
        _vfs->Next = 0;
        _vfs->Name = Marshal.StringToCoTaskMemUTF8(Name);
        _vfs->Open = &Open;
        _vfs->Delete = &Delete;
        Disks[(nint)_vfs] = this;
        if (NativeSqlite.RegisterVfs(_vfs, 0) != NativeSqlite.Ok) throw new InvalidOperationException("the disk could not be registered");
    }

    public string Name { get; } = $"test-{Guid.NewGuid():n}";

    /// <summary>After all connections are closed. What SQLite may still point to stays allocated: a test process is short-lived.</summary>
    public void Dispose() => NativeSqlite.UnregisterVfs(_vfs);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Open(SqliteVfs* vfs, byte* name, SqliteFile* file, int flags, int* outFlags)
    {
        var disk = Disks[(nint)vfs];
        var result = disk._base->Open(vfs, name, file, flags, outFlags);
        // Without a name it is a temporary file, which need not survive anything.
        if (result != NativeSqlite.Ok || name is null || file->Methods is null) return result;
        Files[(nint)file] = new(disk, Marshal.PtrToStringUTF8((nint)name)!, (nint)file->Methods);
        file->Methods = (SqliteFileMethods*)disk._methods.GetOrAdd((nint)file->Methods, Replace);
        return result;
    }

    private static nint Replace(nint original)
    {
        var methods = (SqliteFileMethods*)NativeMemory.Alloc((nuint)sizeof(SqliteFileMethods));
        *methods = *(SqliteFileMethods*)original;
        methods->Close = &Close;
        methods->Write = &Write;
        methods->Truncate = &Truncate;
        methods->Sync = &Sync;
        return (nint)methods;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Delete(SqliteVfs* vfs, byte* name, int syncDirectory)
    {
        var disk = Disks[(nint)vfs];
        var result = disk._base->Delete(vfs, name, syncDirectory);
        if (result == NativeSqlite.Ok) disk._observer.Deleted(Marshal.PtrToStringUTF8((nint)name)!);
        return result;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Close(SqliteFile* file)
    {
        Files.TryRemove((nint)file, out var open);
        return ((SqliteFileMethods*)open.Methods)->Close(file);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Write(SqliteFile* file, byte* bytes, int count, long offset)
    {
        var open = Files[(nint)file];
        var refused = open.Disk._observer.Writing(open.Path, offset, new(bytes, count));
        return refused != NativeSqlite.Ok ? refused : ((SqliteFileMethods*)open.Methods)->Write(file, bytes, count, offset);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Truncate(SqliteFile* file, long size)
    {
        var open = Files[(nint)file];
        open.Disk._observer.Truncating(open.Path, size);
        return ((SqliteFileMethods*)open.Methods)->Truncate(file, size);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Sync(SqliteFile* file, int flags)
    {
        var open = Files[(nint)file];
        var refused = open.Disk._observer.Syncing(open.Path);
        return refused != NativeSqlite.Ok ? refused : ((SqliteFileMethods*)open.Methods)->Sync(file, flags);
    }
}

/// <summary>Sees what reaches a disk, on the threads that do it. Must not throw. A result other than <see cref="NativeSqlite.Ok"/> fails the call.</summary>
internal interface IDiskObserver
{
    int Writing(string path, long offset, ReadOnlySpan<byte> bytes);

    void Truncating(string path, long size);

    int Syncing(string path);

    void Deleted(string path);
}

using System.ComponentModel;
using ActorOrch.Registry.Files;
using ActorOrch.Registry.Health;
using Microsoft.Data.Sqlite;

namespace ActorOrch.Hosting;

/// <summary>What a disk, or the kernel for it, did not do, in words for whoever starts a process: which file, why, and what to do.</summary>
internal static class DiskFailure
{
    // errno(3), which the class library gives as it is.
    private const int NotPermitted = 1, InputOutput = 5, Denied = 13, Busy = 16, TooManyInAll = 23, TooMany = 24, TooLarge = 27, NoSpace = 28, ReadOnly = 30, Stale = 116, Quota = 122;

    // SQLite's primary result codes (sqlite.org/rescode.html).
    private const int SqliteBusy = 5, SqliteLocked = 6, SqliteReadOnly = 8, SqliteInputOutput = 10, SqliteFull = 13, SqliteCannotOpen = 14;

    /// <summary>Null for what is no failure of a disk.</summary>
    /// <param name="directory">Where the files are that SQLite, which names none, could not use.</param>
    public static string? Explain(Exception failure, string directory)
    {
        for (var inner = failure; inner is not null; inner = inner.InnerException)
        {
            if (inner is SqliteException sqlite) return OfSqlite(sqlite, directory);
            if (inner is not (IOException or UnauthorizedAccessException)) continue;
            return Reason(ErrorOf(inner)) is { } reason ? $"{reason} ({HostConfig.OneLine(inner.Message)})" : HostConfig.OneLine(inner.Message);
        }
        return null;
    }

    /// <summary>
    /// Finds out whether there is room for what a start writes, by writing as much: what is left of a quota nothing says. Throws
    /// <see cref="StartupException"/>.
    /// </summary>
    public static void RequireRoom(string directory)
    {
        if (WriteInto(directory, StoreHealthCheck.LeastFreeBytes) is not { } failure) return;
        throw new StartupException($"the data directory {directory} cannot be written: {Explain(failure, directory)}. A start needs room for {StoreHealthCheck.LeastFreeBytes >> 20} MiB there.", failure);
    }

    private static Exception? WriteInto(string directory, long bytes)
    {
        const int atOnce = 1 << 16;
        var path = Path.Combine(directory, "lock.room");
        try
        {
            File.Delete(path);
            SmallFile.CreatePrivate(path);
            using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.None, bufferSize: 0);
            // It goes with this process, however that ends.
            File.Delete(path);
            var nothing = new byte[atOnce];
            for (var written = 0L; written < bytes; written += atOnce) file.Write(nothing);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e;
        }
        catch (ArgumentOutOfRangeException e)
        {
            // What the class library makes of EFBIG.
            return new IOException($"a file may not have {bytes} bytes", new Win32Exception(TooLarge, e.Message));
        }
    }

    private static string OfSqlite(SqliteException failure, string directory) => failure.SqliteErrorCode switch
    {
        SqliteFull => $"{Reason(NoSpace)} ({directory})",
        SqliteBusy or SqliteLocked => $"another program has locked a database in {directory}: end it (fuser -v {directory}/journal.db)",
        SqliteReadOnly or SqliteInputOutput or SqliteCannotOpen when FirstRefused(directory) is var (file, why) => $"{Explain(why, directory)} ({file})",
        SqliteInputOutput => $"{Reason(InputOutput)} ({directory}: {HostConfig.OneLine(failure.Message)})",
        _ => $"{directory}: {HostConfig.OneLine(failure.Message)}",
    };

    /// <summary>Of the databases and their logs, the first that cannot be opened or written: SQLite does not say which, or why.</summary>
    private static (string File, Exception Why)? FirstRefused(string directory)
    {
        foreach (var name in DataFiles.Databases)
        {
            var file = Path.Combine(directory, name);
            try
            {
                if (Path.Exists(file)) File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite).Dispose();
            }
            catch (IOException e) when (e.HResult == HeldFile.Held)
            {
                // By this process.
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return (file, e);
            }
        }
        return WriteInto(directory, 1) is { } failure ? (directory, failure) : null;
    }

    private static int ErrorOf(Exception failure) => failure switch
    {
        UnauthorizedAccessException { InnerException: IOException inner } => inner.HResult,
        UnauthorizedAccessException => Denied,
        { InnerException: Win32Exception native } => native.NativeErrorCode,
        _ => failure.HResult,
    };

    private static string? Reason(int error) => error switch
    {
        NoSpace => "the disk is full (see df -h and df -i): free some space on it, or give it more",
        Quota => "the quota of this user on the disk is used up: free some of it, or give it more",
        ReadOnly => "the file system is read-only: mount it to be written to (a disk that fails is often made read-only: see dmesg)",
        InputOutput => "the disk failed: see dmesg",
        TooLarge => "the limit of this process for a file's size is too low: raise it (ulimit -f, or LimitFSIZE of its unit)",
        TooMany => "this process may not open more files: raise its limit (ulimit -n, or LimitNOFILE of its unit)",
        TooManyInAll => "the machine has too many files open (sysctl fs.file-max)",
        NotPermitted or Denied => "permission denied",
        Busy => "it is in use by the kernel, as a mount point is",
        Stale => "the file system has gone away: mount it again",
        _ => null,
    };
}

using Microsoft.Data.Sqlite;

namespace ActorOrch.Registry.Persistence.Sqlite;

/// <summary>
/// Pages of a file that nothing is stored in. SQLite fills them again, so a part of them is left: once more than half of a file is free
/// (and more than 8 MB), all but a quarter is given back to the disk. Files of versions before this one have no map of their pages
/// (<c>auto_vacuum</c>), without which that is not possible in steps; they stay as large as they have become.
/// </summary>
internal static class FreePages
{
    private const long LeastFreeBytes = 8 << 20;

    /// <summary>SQLite's name for a file whose free pages are given back when it is asked for.</summary>
    private const long Incremental = 2;

    /// <summary>Before the first table is made. A file that has one stays as it is.</summary>
    public const string Configuration = "PRAGMA auto_vacuum = INCREMENTAL";

    public static bool ShouldRelease(SqliteConnection connection)
    {
        var (free, all, least) = Count(connection);
        return free > Math.Max(all / 2, least) && Number(connection, "PRAGMA auto_vacuum") == Incremental;
    }

    /// <summary>Gives some pages back, in one transaction. False when that is enough.</summary>
    public static bool Release(SqliteConnection connection, long bytes)
    {
        using (var command = connection.CreateCommand())
        {
            command.CommandText = $"PRAGMA incremental_vacuum({bytes / Number(connection, "PRAGMA page_size")})";
            command.ExecuteNonQuery();
        }
        var (free, all, least) = Count(connection);
        return free > Math.Max(all / 4, least / 2);
    }

    private static (long Free, long All, long Least) Count(SqliteConnection connection) => (
        Number(connection, "PRAGMA freelist_count"), Number(connection, "PRAGMA page_count"), LeastFreeBytes / Number(connection, "PRAGMA page_size"));

    private static long Number(SqliteConnection connection, string pragma)
    {
        using var command = connection.CreateCommand();
        command.CommandText = pragma;
        return (long)command.ExecuteScalar()!;
    }
}

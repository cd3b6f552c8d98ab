using ActorOrch.Registry.Persistence.Identity;
using Microsoft.Data.Sqlite;

namespace ActorOrch.Registry.Persistence.Sqlite;

/// <summary>One of SQLite's files, and the number in it that rises with what is written and never goes back.</summary>
/// <param name="Name">Of the file.</param>
/// <param name="Raise">Raises it where a transaction does not do so by itself.</param>
internal sealed record MarkedDatabase(string Name, string Question, string Raise)
{
    private const int Error = 1, Corrupt = 11, CannotOpen = 14, NotADatabase = 26;

    /// <summary>SQLite's option that a connection which is closed last leaves the log as it is.</summary>
    private const int NoCheckpointOnClose = 1006;

    private const string SavedNumber = "CAST(value AS INTEGER)";

    /// <summary>The number of the row that was put in last; each piece that takes rows away counts, too.</summary>
    public static readonly MarkedDatabase Journal = new(
        "journal.db", "SELECT seq FROM sqlite_sequence WHERE name = 'journal'", "UPDATE sqlite_sequence SET seq = seq + 1 WHERE name = 'journal'");

    public static readonly MarkedDatabase Snapshots = new(
        "snapshots.db", $"SELECT {SavedNumber} FROM identity WHERE name = '{IdentityTable.Saved}'", $"UPDATE identity SET value = {SavedNumber} + 1 WHERE name = '{IdentityTable.Saved}'");

    public static readonly IReadOnlyList<MarkedDatabase> All = [Journal, Snapshots];

    public static MarkedDatabase Named(string name) => All.First(d => d.Name == name);

    /// <summary>The file itself: SQLite keeps the log beside it, wherever a link to it lies.</summary>
    public string In(string directory)
    {
        var path = Path.Combine(directory, Name);
        return File.Exists(path) && File.ResolveLinkTarget(path, returnFinalTarget: true) is { } target ? target.FullName : path;
    }

    public static string LogOf(string file) => file + "-wal";

    /// <summary>What the file holds by itself, without its log; 0 where it is another kind of database. Null where it cannot be read.</summary>
    public long? Alone(string directory)
    {
        // A file that nothing changes: SQLite looks for no log then, and takes no locks.
        var file = string.Join('/', Path.GetFullPath(In(directory)).Split('/').Select(Uri.EscapeDataString));
        return Number(new() { DataSource = $"file:{file}?immutable=1", Mode = SqliteOpenMode.ReadOnly, Pooling = false });
    }

    /// <summary>The same with its log; neither is changed.</summary>
    public long? WithLog(string directory) => Number(new() { DataSource = In(directory), Mode = SqliteOpenMode.ReadWrite, Pooling = false });

    /// <summary>Null where the table is not there. Throws <see cref="SqliteException"/>.</summary>
    public long? Ask(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Question;
        try
        {
            return command.ExecuteScalar() as long? ?? 0;
        }
        catch (SqliteException missing) when (missing.SqliteErrorCode == Error)
        {
            return null;
        }
    }

    /// <summary>Within a transaction. Returns the number; null where the file was not prepared for that.</summary>
    public long? RaiseIn(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"{Raise}; {Question}";
        return command.ExecuteScalar() as long?;
    }

    /// <summary>Whoever closes the file last with such a connection leaves its log as it was.</summary>
    public static void LeaveLog(SqliteConnection connection) => _ = SQLitePCL.raw.sqlite3_db_config(connection.Handle, NoCheckpointOnClose, 1, out _);

    private long? Number(SqliteConnectionStringBuilder builder)
    {
        try
        {
            using var connection = new SqliteConnection(builder.ToString());
            connection.Open();
            LeaveLog(connection);
            return Ask(connection) ?? 0;
        }
        catch (SqliteException damaged) when (damaged.SqliteErrorCode is Corrupt or NotADatabase or CannotOpen)
        {
            return null;
        }
    }
}

using Akka.Event;
using Microsoft.Data.Sqlite;

namespace ActorOrch.Registry.Persistence.Sqlite;

/// <summary>
/// Copies SQLite's write-ahead log into its file. SQLite would do that within every thousandth page's commit, which then waits for the file
/// to be synced, too; here a thread beside the commits copies. A log begins anew with the first commit that finds all of it copied. Where
/// commits follow on each other so fast that this does not come about, the last part is copied between two of them.
/// </summary>
/// <remarks>
/// What is durable does not change: a commit is in the log, synced, before it is answered, and the log is not overwritten before the file
/// has been synced. A reader holds the log up: it then grows until the next time. Only the journal's thread may call what is not static.
/// </remarks>
internal sealed class WriteAheadLog(string connectionString, ILoggingAdapter log)
{
    /// <summary>Copying begins when so much has been written.</summary>
    private const long CopiedAtOnce = 4 << 20;

    /// <summary>A log that is longer is made to begin anew: a commit waits until what is left of it has been copied.</summary>
    private const long LongBytes = 16 << 20;

    /// <summary>A log that has become longer than this, because a reader held it up, is cut when it begins anew.</summary>
    internal const long KeptBytes = 2 * LongBytes;

    /// <summary>The thread cannot keep up: commits wait for it.</summary>
    private const long MostBytes = 128 << 20;

    private const int MostRounds = 4;

    /// <summary>SQLite's default, which the journal has.</summary>
    private const long PageBytes = 4096;

    /// <summary>Copying on a thread of its own; null while that is not going on.</summary>
    private Task? _copying;

    /// <summary>About what has been written in all, and by the time when copying last began.</summary>
    private long _written, _considered;

    /// <summary>Of the log, when it was last copied; 0 where it is about to begin anew.</summary>
    private long _length;

    /// <summary>For the connection that commits.</summary>
    public static void Configure(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = {KeptBytes}";
        command.ExecuteNonQuery();
    }

    /// <summary>
    /// Copies what is in the log as far as no reader needs it to stay, and cuts the file where its end is free. Returns the log's pages, and
    /// whether that was all of them.
    /// </summary>
    public static (long Pages, bool All) Checkpoint(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(PASSIVE)";
        using var reader = command.ExecuteReader();
        if (!reader.Read()) return (0, false);
        var (busy, pages, copied) = (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
        return (pages, busy == 0 && pages == copied);
    }

    /// <summary>After a transaction of about so many bytes, on the connection that made it.</summary>
    public void Written(long bytes, SqliteConnection connection)
    {
        // A row is on pages that it does not fill, and in the index.
        Volatile.Write(ref _written, _written + bytes + (16 << 10));
        if (_copying is { IsCompleted: true })
        {
            _copying = null;
            if (_length >= LongBytes) Copy(connection);
        }
        else if (_copying is not null)
        {
            if (_length + _written - _considered >= MostBytes) _copying.Wait();
        }
        else if (_written - _considered >= CopiedAtOnce)
        {
            CopySoon();
        }
    }

    /// <summary>Copies all there is, however little, on another thread.</summary>
    public void CopySoon()
    {
        _considered = _written;
        _copying ??= Task.Factory.StartNew(CopyAll, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Waits for the thread that copies, where it does.</summary>
    public void Settle() => _copying?.Wait();

    /// <summary>Until nothing has come in while that was copied which had come in before.</summary>
    private void CopyAll()
    {
        using var connection = new SqliteConnection(connectionString);
        var rounds = 0;
        while (!Copy(connection) && ++rounds < MostRounds) continue;
    }

    /// <summary>True where nothing is left to be copied, as far as one can tell, or the file cannot be written to.</summary>
    private bool Copy(SqliteConnection connection)
    {
        try
        {
            connection.Open();
            var before = Volatile.Read(ref _written);
            var (pages, all) = Checkpoint(connection);
            var isWhole = all && before == Volatile.Read(ref _written);
            Volatile.Write(ref _length, isWhole ? 0 : pages * PageBytes);
            return isWhole;
        }
        catch (SqliteException failure)
        {
            // Nothing is lost: it is all in the log, which grows until the file can be written to.
            log.Warning(failure, "SQLite's write-ahead log was not copied into its file; that is tried again");
            return true;
        }
    }
}

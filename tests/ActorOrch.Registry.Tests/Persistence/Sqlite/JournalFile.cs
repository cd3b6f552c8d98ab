using ActorOrch.Registry.Persistence;
using ActorOrch.Registry.Persistence.Sqlite;
using Akka.Event;
using Microsoft.Data.Sqlite;

namespace ActorOrch.Registry.Tests.Persistence.Sqlite;

/// <summary>A journal's file in a directory of its own, with the one that commits to it.</summary>
internal sealed class JournalFile : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public JournalFile()
    {
        ConnectionString = new SqliteConnectionStringBuilder { DataSource = Path, DefaultTimeout = 1, Pooling = false }.ToString();
        Store.PrepareSqlite(ConnectionString, Tables.SqliteJournal);
        Commits = new(ConnectionString, NoLogger.Instance, static () => { }, static _ => { });
    }

    public string Path => System.IO.Path.Combine(_directory.Path, "journal.db");

    private string LogPath => $"{Path}-wal";

    public string ConnectionString { get; }

    public SqliteCommits Commits { get; }

    public long Size => new FileInfo(Path).Length;

    /// <summary>Of the write-ahead log's file, whatever of it is in use.</summary>
    public long LogSize => File.Exists(LogPath) ? new FileInfo(LogPath).Length : 0;

    /// <summary>How often the log has begun anew: a number in its header (sqlite.org/fileformat2.html#the_write_ahead_log).</summary>
    public int LogNumber
    {
        get
        {
            if (LogSize == 0) return 0;
            using var log = new FileStream(LogPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var header = new byte[16];
            return log.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length
                ? 0
                : System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(12));
        }
    }

    public static JournalRow Row(string id, long number, int bytes = 3) => new(1, id, number, new byte[bytes], "commit/1", 7401, "writer");

    /// <summary>Ids and numbers of all rows, those that are marked as deleted with a cross.</summary>
    public List<string> Stored() => Query("SELECT persistence_id || sequence_number || CASE deleted WHEN 0 THEN '' ELSE 'x' END FROM journal ORDER BY persistence_id, sequence_number");

    public List<string> Query(string sql)
    {
        using var connection = new SqliteConnection(ConnectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read()) rows.Add($"{reader.GetValue(0)}");
        return rows;
    }

    public FileLock Lock() => new(ConnectionString);

    public void Dispose()
    {
        Commits.Dispose();
        _directory.Dispose();
    }

    /// <summary>Another connection that holds SQLite's one lock for writers.</summary>
    internal sealed class FileLock : IDisposable
    {
        private readonly SqliteConnection _connection;
        private SqliteTransaction? _transaction;

        public FileLock(string connectionString)
        {
            _connection = new(connectionString);
            _connection.Open();
            _transaction = _connection.BeginTransaction();
        }

        public void Release()
        {
            _transaction?.Dispose();
            _transaction = null;
        }

        public void Dispose()
        {
            Release();
            _connection.Dispose();
        }
    }
}

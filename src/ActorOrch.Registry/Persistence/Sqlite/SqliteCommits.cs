using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Akka.Event;
using Microsoft.Data.Sqlite;

namespace ActorOrch.Registry.Persistence.Sqlite;

/// <summary>
/// Writes rows of the journal to SQLite, on one thread and one connection: the file has one writer anyway, and a thread that waits for the
/// disk is not one of those that run actors. What arrives while a transaction is being synced shares the next one. What can wait (deleting
/// rows, giving free pages back) is done on the same thread in small pieces, while nothing waits to be committed or in turns with it.
/// </summary>
internal sealed class SqliteCommits : IDisposable
{
    /// <summary>A transaction takes no more rows than began to wait before it reached this size: the first of them would wait for the last.</summary>
    private const int TransactionBytes = 1 << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>SQLite's result codes (sqlite.org/rescode.html) that are about a row and not about the file.</summary>
    private const int TooBig = 18, Constraint = 19;

    private readonly string _connectionString;
    private readonly Action _require;
    private readonly Action<long> _tell;
    private readonly BlockingCollection<Job> _waiting = [];
    private readonly List<Rows> _taken = [];
    private readonly JournalUpkeep _upkeep = new();
    private readonly WriteAheadLog _log;
    private readonly Thread _thread;
    private SqliteConnection? _connection;
    private JournalInsert? _insert;

    private abstract record Job;

    /// <summary>Rows that become durable together or not at all; none to learn when those before are settled.</summary>
    private sealed record Rows(IReadOnlyList<JournalRow> All) : Job
    {
        public TaskCompletionSource Settled { get; } = new();
    }

    private sealed record Deletion(JournalDeletion What) : Job;

    /// <param name="require">Throws where the file is not the one that is to be written to; asked before a commit and before it is acknowledged.</param>
    /// <param name="written">Is told, before that is acknowledged, how far the file has come: the number of the row that was put in last.</param>
    public SqliteCommits(string connectionString, ILoggingAdapter log, Action require, Action<long> written)
    {
        _require = require;
        _tell = written;
        // Pooled, a connection that failed within a transaction would come back.
        _connectionString = new SqliteConnectionStringBuilder(connectionString) { Pooling = false }.ToString();
        _log = new(_connectionString, log);
        _thread = new(Run) { IsBackground = true, Name = "journal" };
        _thread.Start();
    }

    /// <summary>
    /// Completes when the rows are durable. Faults with the database's exception when they are not, or when nobody can tell; what continues
    /// it runs on the journal's thread, and must not block.
    /// </summary>
    public Task WriteAsync(IReadOnlyList<JournalRow> rows)
    {
        var job = new Rows(rows);
        return TryAdd(job) ? job.Settled.Task : Task.FromException(new ObjectDisposedException(nameof(SqliteCommits)));
    }

    /// <summary>Completes when all that was put in before is durable or has failed.</summary>
    public Task SettledAsync() => WriteAsync([]);

    /// <summary>
    /// Deletes an actor's rows up to a sequence number, oldest first. Its last row stays, marked: the next sequence number follows from it.
    /// Completes when they are gone; commits go on meanwhile.
    /// </summary>
    public Task DeleteAsync(string persistenceId, long to)
    {
        var deletion = new JournalDeletion(persistenceId, to);
        return TryAdd(new Deletion(deletion)) ? deletion.Done : Task.FromException(new ObjectDisposedException(nameof(SqliteCommits)));
    }

    /// <summary>
    /// What was put in before is still written, which is waited for, but not for ever; what was to be deleted stays for the next time.
    /// </summary>
    public void Dispose()
    {
        _waiting.CompleteAdding();
        _thread.Join(Patience);
    }

    private bool TryAdd(Job job)
    {
        try
        {
            _waiting.Add(job);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private void Run()
    {
        while (TryTakeNext(out var first))
        {
            var bytes = Take(first);
            CommitTaken();
            _taken.Clear();
            if (bytes > 0 && _connection is { } connection) _log.Written(bytes, connection);
            _upkeep.Committed(bytes);
            while (_upkeep.IsDue) Upkeep();
        }
        _upkeep.Abandon();
        Disconnect();
        _log.Settle();
    }

    /// <summary>Upkeep goes on until there is something to commit. False after the end.</summary>
    private bool TryTakeNext([NotNullWhen(true)] out Job? next)
    {
        while (_upkeep.HasWork && !_waiting.IsAddingCompleted)
        {
            if (_waiting.TryTake(out next)) return true;
            Upkeep();
        }
        return _waiting.TryTake(out next, Timeout.Infinite);
    }

    /// <summary>Returns how many bytes it took.</summary>
    private int Take(Job first)
    {
        var bytes = 0;
        var next = first;
        do
        {
            if (next is Rows rows)
            {
                _taken.Add(rows);
                foreach (var row in rows.All) bytes += row.Message.Length;
            }
            else if (next is Deletion deletion)
            {
                _upkeep.Add(deletion.What);
            }
        }
        while (bytes < TransactionBytes && _waiting.TryTake(out next));
        return bytes;
    }

    /// <summary>All in one transaction; if it fails because of a row, each in its own: one actor's lost ownership is not another's failure.</summary>
    private void CommitTaken()
    {
        if (TryCommit(_taken) is not { } failure)
        {
            foreach (var job in _taken) job.Settled.SetResult();
        }
        else if (_taken.Count == 1 || failure is not SqliteException { SqliteErrorCode: Constraint or TooBig })
        {
            foreach (var job in _taken) job.Settled.SetException(failure);
        }
        else
        {
            foreach (var job in _taken)
            {
                if (TryCommit([job]) is { } own) job.Settled.SetException(own);
                else job.Settled.SetResult();
            }
        }
    }

    private Exception? TryCommit(List<Rows> jobs)
    {
        if (jobs.TrueForAll(j => j.All.Count == 0)) return null;
        try
        {
            _require();
            Connect();
            _insert.Commit(jobs.SelectMany(j => j.All));
            _require();
            _tell(SQLitePCL.raw.sqlite3_last_insert_rowid(_connection.Handle));
            return null;
        }
        catch (Exception failure)
        {
            // Rolls back, and closes a connection that may be broken: the next commit opens the file anew.
            Disconnect();
            return failure;
        }
    }

    private void Upkeep()
    {
        try
        {
            _require();
            Connect();
            var (bytes, number) = _upkeep.DoPiece(_connection);
            _log.Written(bytes, _connection);
            _tell(number);
            // A file becomes smaller when the log has been copied whole.
            if (!_upkeep.HasWork) _log.CopySoon();
        }
        catch (Exception failure)
        {
            _upkeep.Fail(failure);
            Disconnect();
        }
    }

    [MemberNotNull(nameof(_connection), nameof(_insert))]
    private void Connect()
    {
        if (_insert is not null && _connection is not null) return;
        _connection = new(_connectionString);
        _connection.Open();
        WriteAheadLog.Configure(_connection);
        _upkeep.Connected(_connection);
        _insert = new(_connection);
    }

    private void Disconnect()
    {
        _insert?.Dispose();
        _connection?.Dispose();
        _insert = null;
        _connection = null;
    }
}

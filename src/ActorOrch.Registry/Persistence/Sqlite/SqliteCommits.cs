using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace ActorOrch.Registry;

/// <summary>
/// Writes rows of the journal to SQLite, on one thread and one connection: the file has one writer anyway, and a thread that waits for the
/// disk is not one of those that run actors. What arrives while a transaction is being synced shares the next one.
/// </summary>
internal sealed class SqliteCommits : IDisposable
{
    /// <summary>A transaction takes no more rows than began to wait before it reached this size: the first of them would wait for the last.</summary>
    private const int TransactionBytes = 1 << 20;

    /// <summary>SQLite's result codes (sqlite.org/rescode.html) that are about a row and not about the file.</summary>
    private const int TooBig = 18, Constraint = 19;

    private readonly string _connectionString;
    private readonly BlockingCollection<Job> _waiting = [];
    private readonly List<Job> _taken = [];
    private SqliteConnection? _connection;
    private JournalInsert? _insert;

    /// <summary>Rows that become durable together or not at all; none to learn when those before are settled.</summary>
    private sealed record Job(IReadOnlyList<JournalRow> Rows)
    {
        public TaskCompletionSource Settled { get; } = new();
    }

    public SqliteCommits(string connectionString)
    {
        // Pooled, a connection that failed within a transaction would come back.
        _connectionString = new SqliteConnectionStringBuilder(connectionString) { Pooling = false }.ToString();
        new Thread(Run) { IsBackground = true, Name = "journal" }.Start();
    }

    /// <summary>
    /// Completes when the rows are durable. Faults with the database's exception when they are not, or when nobody can tell; what continues
    /// it runs on the journal's thread, and must not block.
    /// </summary>
    public Task WriteAsync(IReadOnlyList<JournalRow> rows)
    {
        var job = new Job(rows);
        try
        {
            _waiting.Add(job);
        }
        catch (InvalidOperationException)
        {
            job.Settled.SetException(new ObjectDisposedException(nameof(SqliteCommits)));
        }
        return job.Settled.Task;
    }

    /// <summary>Completes when all that was put in before is durable or has failed.</summary>
    public Task SettledAsync() => WriteAsync([]);

    /// <summary>Returns at once; what was put in before is still written.</summary>
    public void Dispose() => _waiting.CompleteAdding();

    private void Run()
    {
        foreach (var job in _waiting.GetConsumingEnumerable())
        {
            Take(job);
            CommitTaken();
            _taken.Clear();
        }
        Disconnect();
    }

    private void Take(Job first)
    {
        var bytes = 0;
        var next = first;
        do
        {
            _taken.Add(next);
            foreach (var row in next.Rows) bytes += row.Message.Length;
        }
        while (bytes < TransactionBytes && _waiting.TryTake(out next));
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

    private Exception? TryCommit(List<Job> jobs)
    {
        if (jobs.TrueForAll(j => j.Rows.Count == 0)) return null;
        try
        {
            Connect().Commit(jobs.SelectMany(j => j.Rows));
            return null;
        }
        catch (Exception failure)
        {
            // Rolls back, and lets go of what may be broken: the next commit opens the file anew.
            Disconnect();
            return failure;
        }
    }

    private JournalInsert Connect()
    {
        if (_insert is not null) return _insert;
        _connection = new(_connectionString);
        _connection.Open();
        return _insert = new(_connection);
    }

    private void Disconnect()
    {
        _insert?.Dispose();
        _connection?.Dispose();
        _insert = null;
        _connection = null;
    }
}

using Microsoft.Data.Sqlite;

namespace ActorOrch.Registry.Tests.Persistence.Sqlite;

public sealed class SqliteCommitsTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TemporaryDirectory _directory = new();
    private readonly string _connectionString;
    private readonly SqliteCommits _commits;

    public SqliteCommitsTests()
    {
        _connectionString = new SqliteConnectionStringBuilder { DataSource = Path.Combine(_directory.Path, "journal.db"), DefaultTimeout = 1, Pooling = false }.ToString();
        Execute($"PRAGMA journal_mode = WAL; {Tables.SqliteJournal}");
        _commits = new(_connectionString);
    }

    public void Dispose()
    {
        _commits.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task What_waits_together_shares_a_transaction_and_what_does_not_fit_fails_alone()
    {
        await _commits.WriteAsync([Row("a", 1), Row("a", 2)]).WaitAsync(Patience);
        Task first, fits, taken, later;
        using (var locked = Locked())
        {
            // Taken by the thread, which now waits for the lock; the others wait behind it.
            first = _commits.WriteAsync([Row("b", 1)]);
            (fits, taken, later) = (_commits.WriteAsync([Row("c", 1)]), _commits.WriteAsync([Row("a", 2)]), _commits.WriteAsync([Row("d", 1), Row("d", 2)]));
            locked.Release();
        }
        await Task.WhenAll(first, fits, later).WaitAsync(Patience);
        await Assert.ThrowsAsync<SqliteException>(() => taken.WaitAsync(Patience));
        Assert.Equal(["a1", "a2", "b1", "c1", "d1", "d2"], Stored());
    }

    [Fact]
    public async Task A_file_that_is_locked_for_too_long_fails_the_write_and_not_the_next()
    {
        using (Locked()) await Assert.ThrowsAsync<SqliteException>(() => _commits.WriteAsync([Row("a", 1)]).WaitAsync(Patience));
        await _commits.WriteAsync([Row("a", 2)]).WaitAsync(Patience);
        Assert.Equal(["a2"], Stored());
    }

    [Fact]
    public async Task Settled_comes_after_what_was_put_in_before()
    {
        var locked = Locked();
        var write = _commits.WriteAsync([Row("a", 1)]);
        var settled = _commits.SettledAsync();
        Assert.False(settled.IsCompleted);
        locked.Dispose();
        await settled.WaitAsync(Patience);
        Assert.True(write.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task What_was_put_in_before_the_end_is_written_and_what_comes_after_it_is_refused()
    {
        var last = _commits.WriteAsync([Row("a", 1)]);
        _commits.Dispose();
        await last.WaitAsync(Patience);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => _commits.WriteAsync([Row("a", 2)]).WaitAsync(Patience));
    }

    private static JournalRow Row(string id, long number) => new(1, id, number, [1, 2, 3], "commit/1", 7401, "writer");

    private List<string> Stored()
    {
        using var connection = new SqliteConnection(_connectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT persistence_id || sequence_number FROM journal ORDER BY 1";
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read()) rows.Add(reader.GetString(0));
        return rows;
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection(_connectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private FileLock Locked() => new(_connectionString);

    /// <summary>Another connection that holds SQLite's one lock for writers.</summary>
    private sealed class FileLock : IDisposable
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

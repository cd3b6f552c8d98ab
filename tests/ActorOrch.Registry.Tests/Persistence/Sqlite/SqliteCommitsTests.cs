using ActorOrch.Registry.Persistence.Keeping;
using ActorOrch.Registry.Persistence.Sqlite;
using Microsoft.Data.Sqlite;
using static ActorOrch.Registry.Tests.Persistence.Sqlite.JournalFile;

namespace ActorOrch.Registry.Tests.Persistence.Sqlite;

public sealed class SqliteCommitsTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly JournalFile _file = new();

    private SqliteCommits Commits => _file.Commits;

    public void Dispose() => _file.Dispose();

    [Fact]
    public async Task What_waits_together_shares_a_transaction_and_what_does_not_fit_fails_alone()
    {
        await Commits.WriteAsync([Row("a", 1), Row("a", 2)]).WaitAsync(Patience);
        Task first, fits, taken, later;
        using (var locked = _file.Lock())
        {
            // Taken by the thread, which now waits for the lock; the others wait behind it.
            first = Commits.WriteAsync([Row("b", 1)]);
            (fits, taken, later) = (Commits.WriteAsync([Row("c", 1)]), Commits.WriteAsync([Row("a", 2)]), Commits.WriteAsync([Row("d", 1), Row("d", 2)]));
            locked.Release();
        }
        await Task.WhenAll(first, fits, later).WaitAsync(Patience);
        await Assert.ThrowsAsync<SqliteException>(() => taken.WaitAsync(Patience));
        Assert.Equal(["a1", "a2", "b1", "c1", "d1", "d2"], _file.Stored());
    }

    /// <summary>The file is asked for before the commit, and again before it is acknowledged.</summary>
    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    public async Task What_goes_into_a_file_that_is_lost_meanwhile_is_not_acknowledged(int lostAt, int stored)
    {
        var asked = 0;
        var told = new List<long>();
        using var commits = new SqliteCommits(_file.ConnectionString, Akka.Event.NoLogger.Instance, () =>
        {
            if (++asked == lostAt) throw new StoreLostException("journal.db", "is not there any more");
        }, told.Add);
        await Assert.ThrowsAsync<StoreLostException>(() => commits.WriteAsync([Row("a", 1)]).WaitAsync(Patience));
        Assert.Equal(stored, _file.Stored().Count);
        await commits.WriteAsync([Row("a", 2), Row("a", 3)]).WaitAsync(Patience);
        Assert.Equal([stored + 2L], told);
    }

    [Fact]
    public async Task A_file_that_is_locked_for_too_long_fails_the_write_and_not_the_next()
    {
        using (_file.Lock()) await Assert.ThrowsAsync<SqliteException>(() => Commits.WriteAsync([Row("a", 1)]).WaitAsync(Patience));
        await Commits.WriteAsync([Row("a", 2)]).WaitAsync(Patience);
        Assert.Equal(["a2"], _file.Stored());
    }

    [Fact]
    public async Task Settled_comes_after_what_was_put_in_before()
    {
        var locked = _file.Lock();
        var write = Commits.WriteAsync([Row("a", 1)]);
        var settled = Commits.SettledAsync();
        Assert.False(settled.IsCompleted);
        locked.Dispose();
        await settled.WaitAsync(Patience);
        Assert.True(write.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task What_was_put_in_before_the_end_is_written_and_what_comes_after_it_is_refused()
    {
        var last = Commits.WriteAsync([Row("a", 1)]);
        Commits.Dispose();
        await last.WaitAsync(Patience);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Commits.WriteAsync([Row("a", 2)]).WaitAsync(Patience));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Commits.DeleteAsync("a", 1).WaitAsync(Patience));
    }

    [Fact]
    public async Task Rows_are_deleted_up_to_a_number_and_the_last_of_all_stays_marked()
    {
        await Commits.WriteAsync([.. Enumerable.Range(1, 4).SelectMany(n => new[] { Row("a", n), Row("b", n) })]).WaitAsync(Patience);

        await Commits.DeleteAsync("a", 2).WaitAsync(Patience);
        Assert.Equal(["a3", "a4", "b1", "b2", "b3", "b4"], _file.Stored());

        await Commits.DeleteAsync("a", 100).WaitAsync(Patience);
        await Commits.DeleteAsync("nobody", 100).WaitAsync(Patience);
        Assert.Equal(["a4x", "b1", "b2", "b3", "b4"], _file.Stored());

        await Commits.WriteAsync([Row("a", 5)]).WaitAsync(Patience);
        await Commits.DeleteAsync("a", 4).WaitAsync(Patience);
        Assert.Equal(["a5", "b1", "b2", "b3", "b4"], _file.Stored());
    }

    [Fact]
    public async Task A_commit_does_not_wait_for_a_deletion_that_came_first()
    {
        await Commits.WriteAsync([.. Enumerable.Range(1, 64).Select(n => Row("a", n, 64 << 10))]).WaitAsync(Patience);
        Task first, deletion;
        Task<bool> deletedBefore;
        using (_file.Lock())
        {
            first = Commits.WriteAsync([Row("b", 1)]);
            deletion = Commits.DeleteAsync("a", 60);
            deletedBefore = Commits.WriteAsync([Row("b", 2)]).ContinueWith(
                _ => deletion.IsCompleted, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
        await first.WaitAsync(Patience);

        Assert.False(await deletedBefore.WaitAsync(Patience));
        await deletion.WaitAsync(Patience);
        Assert.Equal(["a61", "a62", "a63", "a64", "b1", "b2"], _file.Stored());
    }

    [Fact]
    public async Task A_deletion_comes_to_its_end_though_commits_never_cease()
    {
        await Commits.WriteAsync([.. Enumerable.Range(1, 64).Select(n => Row("a", n, 64 << 10))]).WaitAsync(Patience);
        using var end = new CancellationTokenSource();
        var writers = Enumerable.Range(0, 8).Select(async w =>
        {
            for (var n = 1; !end.IsCancellationRequested; n++) await Commits.WriteAsync([Row($"w{w}-", n)]);
        }).ToArray();

        await Commits.DeleteAsync("a", 63).WaitAsync(Patience);

        await end.CancelAsync();
        await Task.WhenAll(writers).WaitAsync(Patience);
        Assert.Equal(["a64"], _file.Stored().Where(r => r.StartsWith('a')));
    }

    [Fact]
    public async Task A_deletion_that_fails_says_so_and_the_next_one_makes_up_for_it()
    {
        await Commits.WriteAsync([Row("a", 1), Row("a", 2), Row("a", 3)]).WaitAsync(Patience);
        using (_file.Lock()) await Assert.ThrowsAsync<SqliteException>(() => Commits.DeleteAsync("a", 1).WaitAsync(Patience));

        await Commits.DeleteAsync("a", 2).WaitAsync(Patience);

        Assert.Equal(["a3"], _file.Stored());
    }
}

using ActorOrch.Registry.Persistence.Sqlite;
using Microsoft.Data.Sqlite;
using static ActorOrch.Registry.Tests.Persistence.Sqlite.JournalFile;

namespace ActorOrch.Registry.Tests.Persistence.Sqlite;

public sealed class WriteAheadLogTests : IDisposable
{
    private const int RowBytes = 256 << 10;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly JournalFile _file = new();
    private int _rows;

    public void Dispose() => _file.Dispose();

    /// <summary>Writes without a pause, so that there is always something new in the log, until a condition holds.</summary>
    private async Task WriteUntilAsync(Func<bool> condition, string what)
    {
        for (var last = _rows + 4000; !condition();)
        {
            await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _file.Commits.WriteAsync([Row("a", ++_rows, RowBytes)]))).WaitAsync(Patience);
            Assert.True(_rows < last, $"after {_rows} rows {what}; it is log {_file.LogNumber} of {_file.LogSize:N0} bytes beside a file of {_file.Size:N0}");
        }
    }

    [Fact]
    public async Task The_log_begins_anew_again_and_again_while_commits_go_on()
    {
        await WriteUntilAsync(() => _file.LogNumber >= 3, "the log has not begun anew three times");

        Assert.Equal([$"{_rows}"], _file.Query("SELECT COUNT(*) FROM journal"));
        Assert.Equal(["ok"], _file.Query("PRAGMA integrity_check"));
    }

    [Fact]
    public async Task A_log_that_a_reader_held_up_is_cut_once_the_reader_has_gone()
    {
        await using (var reader = new SqliteConnection(_file.ConnectionString))
        {
            await reader.OpenAsync();
            await using var snapshot = reader.BeginTransaction(deferred: true);
            await using var command = reader.CreateCommand();
            command.Transaction = snapshot;
            command.CommandText = "SELECT COUNT(*) FROM journal";
            var before = await command.ExecuteScalarAsync();
            await WriteUntilAsync(() => _file.LogSize > 2 * WriteAheadLog.KeptBytes, "the log has not grown although a reader needs it");
            Assert.Equal(before, await command.ExecuteScalarAsync());
        }

        await WriteUntilAsync(() => _file.LogSize <= WriteAheadLog.KeptBytes, "the log has not been cut");
    }
}

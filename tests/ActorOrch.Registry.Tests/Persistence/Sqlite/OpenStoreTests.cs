using ActorOrch.Registry.Files;
using ActorOrch.Registry.Persistence;
using ActorOrch.Registry.Persistence.Sqlite;
using Microsoft.Data.Sqlite;

namespace ActorOrch.Registry.Tests.Persistence.Sqlite;

/// <summary>A process was killed, and its write-ahead log is not what it left: what was acknowledged is there, or nothing is opened.</summary>
public sealed class OpenStoreTests : IDisposable
{
    private const int Rows = 12;
    private readonly TemporaryDirectory _directory = new(), _copies = new();
    private readonly OpenStore _store;

    public OpenStoreTests()
    {
        foreach (var (name, tables) in (ReadOnlySpan<(string, string)>)[("journal.db", Tables.SqliteJournal), ("snapshots.db", Tables.SqliteSnapshots)])
            Store.PrepareSqlite($"Data Source={Path.Combine(_directory.Path, name)};Pooling=False", tables);
        _store = new(_directory.Path);
        _store.Begin();
        for (var i = 0; i < Rows; i++) Execute(_directory.Path, $"INSERT INTO identity VALUES ('n{i}', '{new string((char)('a' + i), 200)}')");
    }

    public void Dispose()
    {
        _store.Dispose();
        _directory.Dispose();
        _copies.Dispose();
    }

    [Fact]
    public void What_a_killed_process_left_is_whole_and_opens()
    {
        var killed = Killed("whole");
        Assert.Null(new OpenStore(killed).Lost());
        Assert.Equal((long)Rows, Execute(killed, "SELECT COUNT(*) FROM identity"));
    }

    [Theory]
    [InlineData("journal.db-wal")]
    [InlineData("snapshots.db-wal")]
    public void A_missing_log_is_named_until_the_store_was_closed(string log)
    {
        var killed = Killed("missing");
        File.Delete(Path.Combine(killed, log));
        Assert.Equal($"{Path.Combine(killed, log)} is missing though the process that had it open did not end by itself", new OpenStore(killed).Lost());
        new OpenStore(killed).End();
        Assert.Null(new OpenStore(killed).Lost());
    }

    [Theory]
    [InlineData(0, "is not the one that was written last")]
    [InlineData(0.5, "is damaged or cut")]
    [InlineData(0.99, "is damaged or cut")]
    public void A_log_that_was_cut_is_named(double left, string why)
    {
        var killed = Killed("cut");
        using (var log = File.OpenWrite(Log(killed))) log.SetLength((long)(log.Length * left));
        Assert.Contains($"{Log(killed)} {why}", new OpenStore(killed).Lost(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_flipped_byte_anywhere_in_the_log_is_named()
    {
        var killed = Killed("flipped");
        var whole = File.ReadAllBytes(Log(killed));
        for (var at = 0; at < whole.Length; at += at < 400 ? 1 : 211)
        {
            File.WriteAllBytes(Log(killed), Flipped(whole, at));
            Assert.True(new OpenStore(killed).Lost() is not null, $"byte {at}");
        }
    }

    /// <summary>Nothing but the log is known: all that came before the last transaction was synced.</summary>
    [Fact]
    public void After_a_loss_of_power_a_flipped_byte_is_named_or_lies_in_the_last_transaction_and_a_torn_end_is_none()
    {
        var killed = Killed("power");
        File.Delete(Path.Combine(killed, "journal.db-shm"));
        File.WriteAllText(Path.Combine(killed, "store.open"), "another\n");
        var whole = File.ReadAllBytes(Log(killed));
        var last = whole.Length - LastTransaction(whole);
        for (var at = 0; at < last; at += at < 400 ? 1 : 211)
        {
            File.WriteAllBytes(Log(killed), Flipped(whole, at));
            Assert.True(new OpenStore(killed).Lost() is not null, $"byte {at} of {last}");
        }
        for (var length = 0; length < whole.Length; length += 509)
        {
            File.WriteAllBytes(Log(killed), whole[..length]);
            Assert.Null(new OpenStore(killed).Lost());
        }
        foreach (var at in (int[])[last, whole.Length - 1])
        {
            File.WriteAllBytes(Log(killed), Flipped(whole, at));
            Assert.Null(new OpenStore(killed).Lost());
        }
    }

    [Fact]
    public void A_log_that_begins_anew_over_an_older_one_has_no_damage()
    {
        Execute(_directory.Path, "PRAGMA wal_checkpoint(RESTART)");
        Assert.Null(new OpenStore(Killed("restarted")).Lost());
        Execute(_directory.Path, "INSERT INTO identity VALUES ('later', 'x')");
        var killed = Killed("anew");
        Assert.Null(new OpenStore(killed).Lost());
        using (var log = File.OpenRead(Log(killed))) Assert.InRange(LogScan.Of(log).Sound, 1, 3);
        Assert.Equal(Rows + 1L, Execute(killed, "SELECT COUNT(*) FROM identity"));
    }

    [Fact]
    public void A_store_without_the_mark_and_an_empty_directory_open()
    {
        Assert.Null(new OpenStore(_copies.Path).Lost());
        _store.End();
        Assert.Empty(Directory.EnumerateFiles(_directory.Path, "*-wal"));
        Assert.Null(new OpenStore(_directory.Path).Lost());
    }

    /// <summary>From the first frame after the last but one that commits.</summary>
    private static int LastTransaction(byte[] log)
    {
        var frame = LogScan.FrameHeaderBytes + 4096;
        var bytes = frame;
        while (log.AsSpan(log.Length - bytes - frame + 4, 4).IndexOfAnyExcept((byte)0) < 0) bytes += frame;
        return bytes;
    }

    private static byte[] Flipped(byte[] whole, int at)
    {
        var copy = whole.ToArray();
        copy[at] ^= 0x10;
        return copy;
    }

    private static string Log(string directory) => Path.Combine(directory, "journal.db-wal");

    /// <summary>The files as they are while they are open.</summary>
    private string Killed(string name)
    {
        var copy = Directory.CreateDirectory(Path.Combine(_copies.Path, name)).FullName;
        foreach (var file in Directory.EnumerateFiles(_directory.Path))
        {
            using var source = new FileStream(SmallFile.OpenUnlocked(file), FileAccess.Read);
            using var target = File.Create(Path.Combine(copy, Path.GetFileName(file)));
            source.CopyTo(target);
        }
        return copy;
    }

    private static object? Execute(string directory, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(directory, "journal.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}

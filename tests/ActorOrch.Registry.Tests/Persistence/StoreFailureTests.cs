using ActorOrch.Registry.Persistence;
using Akka.Pattern;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace ActorOrch.Registry.Tests.Persistence;

public sealed class StoreFailureTests
{
    public static TheoryData<Exception, string, bool> Failures => new()
    {
        { new SqliteException("UNIQUE constraint failed: journal.persistence_id", 19), "another process has taken the collection over", true },
        { new SqliteException("database or disk is full", 13), "the store's disk is full", false },
        { new SqliteException("database is locked", 5), "the store's file is locked by another program", false },
        { new SqliteException("disk I/O error", 10), "the store's disk failed", false },
        { new SqliteException("no such table: journal", 1), "the store failed (SQLite error 1)", false },
        { Postgres("23505"), "another process has taken the collection over", true },
        { Postgres("53100"), "the database's disk is full", false },
        { Postgres("57P01"), "the database is being restarted", false },
        { Postgres("42P01"), "the database failed (SQLSTATE 42P01)", false },
        { new NpgsqlException("Exception while reading from stream", new TimeoutException()), "the store does not answer", false },
        { new NpgsqlException("Failed to connect to 10.1.2.3:5432", new System.Net.Sockets.SocketException(111)), "the database cannot be reached", false },
        { new OpenCircuitException("calls are failing fast"), "the store does not answer", false },
        { new AggregateException(new InvalidOperationException("outer", new SqliteException("database or disk is full", 13))), "the store's disk is full", false },
        { new IOException("/var/lib/secret/path is gone"), "the store failed (IOException)", false },
    };

    [Theory]
    [MemberData(nameof(Failures), DisableDiscoveryEnumeration = true)]
    public void A_caller_learns_why_and_nothing_about_the_machine(Exception cause, string detail, bool fenced) =>
        Assert.Equal(new StoreFailure(detail, fenced), StoreFailure.Of(cause));

    [Fact]
    public void What_is_not_a_database_failing_is_not_taken_for_it() => Assert.Null(StoreFailure.Find(new InvalidOperationException("a bug")));

    private static PostgresException Postgres(string state) => new("relation journal of host 10.1.2.3", "ERROR", "ERROR", state);
}

using ActorOrch.Registry.Persistence.Keeping;
using ActorOrch.Registry.Persistence.Records;
using Akka.Pattern;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace ActorOrch.Registry.Persistence;

/// <summary>Why the store did not do what it was asked to, in words for the caller of the API: no paths, no addresses, no statements.</summary>
/// <param name="Detail">Half a sentence: "the store's disk is full".</param>
/// <param name="Fenced">Another process owns the collection and has written to it: what this one knows may be old.</param>
/// <param name="Damaged">What is stored is not what was written: trying again does not help.</param>
internal readonly record struct StoreFailure(string Detail, bool Fenced = false, bool Damaged = false)
{
    // SQLite's primary result codes (sqlite.org/rescode.html).
    private const int SqliteBusy = 5, SqliteLocked = 6, SqliteReadOnly = 8, SqliteInputOutput = 10, SqliteCorrupt = 11, SqliteFull = 13, SqliteConstraint = 19,
        SqliteNotADatabase = 26, SqliteCannotOpen = 14;

    public static StoreFailure Of(Exception cause) => Find(cause) ?? new($"the store failed ({cause.GetBaseException().GetType().Name})");

    /// <summary>Null where the exception does not come from a database.</summary>
    public static StoreFailure? Find(Exception cause)
    {
        for (var inner = cause; inner is not null; inner = inner.InnerException)
            if (Known(inner) is { } known)
                return known;
        return null;
    }

    private static StoreFailure? Known(Exception cause) => cause switch
    {
        DamagedRecordException damaged => new(damaged.Message, Damaged: true),
        StoreLostException lost => new(lost.Message),
        SqliteException sqlite => OfSqlite(sqlite.SqliteErrorCode),
        PostgresException postgres => OfPostgreSql(postgres.SqlState),
        NpgsqlException { InnerException: TimeoutException } or TimeoutException => new("the store does not answer"),
        NpgsqlException => new("the database cannot be reached"),
        OpenCircuitException => new("the store does not answer"),
        _ => null,
    };

    private static StoreFailure OfSqlite(int code) => code switch
    {
        SqliteConstraint => new("another process has taken the collection over", Fenced: true),
        SqliteFull => new("the store's disk is full"),
        SqliteBusy or SqliteLocked => new("the store's file is locked by another program"),
        SqliteReadOnly => new("the store's file cannot be written to"),
        SqliteInputOutput => new("the store's disk failed"),
        SqliteCannotOpen => new("the store's file cannot be opened"),
        SqliteCorrupt or SqliteNotADatabase => new("the store's file is damaged", Damaged: true),
        _ => new($"the store failed (SQLite error {code})"),
    };

    private static StoreFailure OfPostgreSql(string state) => state switch
    {
        PostgresErrorCodes.UniqueViolation => new("another process has taken the collection over", Fenced: true),
        PostgresErrorCodes.DiskFull => new("the database's disk is full"),
        PostgresErrorCodes.ReadOnlySqlTransaction => new("the database is read-only"),
        PostgresErrorCodes.QueryCanceled => new("the database did not answer in time"),
        PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow => new("the database is being restarted"),
        _ => new($"the database failed (SQLSTATE {state})"),
    };
}

namespace ActorOrch.Registry.Backups;

/// <summary>PostgreSQL's tables in a backup, each a file in the binary form of its <c>COPY</c>: the same on every version of the server.</summary>
internal static class PostgreSqlCopies
{
    public const string Journal = "journal.copy", Snapshots = "snapshot.copy", Identity = "identity.copy";

    private const string JournalColumns = "ordering, created, deleted, persistence_id, sequence_number, message, manifest, identifier, tags, writer_uuid";
    private const string SnapshotColumns = "persistence_id, sequence_number, created, snapshot, manifest, serializer_id";
    private const string IdentityColumns = "name, value";

    public static readonly IReadOnlyList<string> Names = [Journal, Snapshots, Identity];

    /// <summary>Rows of the journal in the order in which they were written: its fence refuses any other.</summary>
    public static string Out(string name) => name switch
    {
        Journal => $"COPY (SELECT {JournalColumns} FROM journal ORDER BY ordering) TO STDOUT (FORMAT BINARY)",
        Snapshots => $"COPY snapshot ({SnapshotColumns}) TO STDOUT (FORMAT BINARY)",
        Identity => $"COPY identity ({IdentityColumns}) TO STDOUT (FORMAT BINARY)",
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "is no table's"),
    };

    public static string In(string name) => name switch
    {
        Journal => $"COPY journal ({JournalColumns}) FROM STDIN (FORMAT BINARY)",
        Snapshots => $"COPY snapshot ({SnapshotColumns}) FROM STDIN (FORMAT BINARY)",
        Identity => $"COPY identity ({IdentityColumns}) FROM STDIN (FORMAT BINARY)",
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "is no table's"),
    };
}

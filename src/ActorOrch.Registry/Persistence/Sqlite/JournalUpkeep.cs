using Microsoft.Data.Sqlite;

namespace ActorOrch.Registry.Persistence.Sqlite;

/// <summary>
/// What the journal's file needs besides its commits, in pieces that a commit can wait for: rows that are no longer wanted are deleted, and
/// pages that this leaves free go back to the disk. While commits wait all the time, pieces follow on them in proportion to what they write,
/// so that deleting keeps up with writing. For the journal's thread.
/// </summary>
internal sealed class JournalUpkeep
{
    /// <summary>Of rows deleted in one transaction, or of pages given back.</summary>
    private const int PieceBytes = 256 << 10;

    /// <summary>What a commit adds to what may be deleted, however small it is: of many small ones, one in sixteen waits for a piece.</summary>
    private const int LeastCredit = PieceBytes / 16;

    private readonly Queue<JournalDeletion> _deletions = new();
    private bool _releasing;
    private long _credit;

    public bool HasWork => _releasing || _deletions.Count > 0;

    /// <summary>A piece has to come next, though commits may wait.</summary>
    public bool IsDue => HasWork && _credit >= PieceBytes;

    public void Add(JournalDeletion deletion) => _deletions.Enqueue(deletion);

    public void Committed(long bytes) => _credit = HasWork ? _credit + Math.Max(2 * bytes, LeastCredit) : 0;

    /// <summary>What a process before this one left to be given back is found at the start.</summary>
    public void Connected(SqliteConnection connection) => _releasing = FreePages.ShouldRelease(connection);

    /// <summary>
    /// Does a piece, one transaction. Returns about how many bytes of pages it has filled, and the number that the file has come to. Throws the
    /// database's exception.
    /// </summary>
    public (long Bytes, long Number) DoPiece(SqliteConnection connection)
    {
        _credit = Math.Max(0, _credit - PieceBytes);
        using var transaction = connection.BeginTransaction();
        var (bytes, isDeleted) = (0L, false);
        if (_deletions.TryPeek(out var deletion))
        {
            isDeleted = deletion.DeletePiece(connection, PieceBytes);
        }
        else if (_releasing)
        {
            _releasing = FreePages.Release(connection, PieceBytes);
            bytes = PieceBytes;
        }
        // So that a file without the piece is known to be an older one.
        var number = MarkedDatabase.Journal.RaiseIn(connection) ?? 0;
        transaction.Commit();
        if (isDeleted)
        {
            _releasing = FreePages.ShouldRelease(connection);
            _deletions.Dequeue().Finish();
        }
        return (bytes, number);
    }

    /// <summary>Of the piece that was to be done. What could not be given back is tried again after the next deletion.</summary>
    public void Fail(Exception failure)
    {
        if (_deletions.TryDequeue(out var deletion)) deletion.Fail(failure);
        else _releasing = false;
    }

    /// <summary>The end: what is not done yet will not be.</summary>
    public void Abandon()
    {
        while (_deletions.TryDequeue(out var deletion)) deletion.Fail(new ObjectDisposedException(nameof(SqliteCommits)));
    }
}

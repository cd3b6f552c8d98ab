namespace ActorOrch.Registry.Backups;

/// <summary>Whose a database is, as it says itself.</summary>
/// <param name="ClusterId">Null of one that several data directories share.</param>
/// <param name="KeyId">Of the key with which Secrets are encrypted in it; null where none are.</param>
internal sealed record BackupIdentity(string StoreId, string? ClusterId, string? KeyId);

/// <summary>A database that a backup is made of.</summary>
internal interface IBackupDatabase
{
    /// <summary>Of a backup that holds it.</summary>
    string Format { get; }

    /// <summary>Of its files in a backup.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>
    /// Writes them, as the database is at one moment, in the order of their names. Throws <see cref="BackupException"/> where it cannot be backed
    /// up as it is, the database's own exception, <see cref="IOException"/>.
    /// </summary>
    BackupIdentity Copy(IReadOnlyList<string> to);
}

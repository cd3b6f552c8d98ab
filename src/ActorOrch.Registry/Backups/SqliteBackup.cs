using ActorOrch.Registry.Persistence.Identity;
using Microsoft.Data.Sqlite;

namespace ActorOrch.Registry.Backups;

/// <summary>SQLite's two files in a data directory.</summary>
internal sealed class SqliteBackup(string dataDirectory) : IBackupDatabase
{
    public string Format => BackupManifest.SqliteFormat;

    public IReadOnlyList<string> Names { get; } = [BackupManifest.Journal, BackupManifest.Snapshots];

    public BackupIdentity Copy(IReadOnlyList<string> to)
    {
        SqliteCopy.Copy((Path.Combine(dataDirectory, BackupManifest.Journal), to[0]), (Path.Combine(dataDirectory, BackupManifest.Snapshots), to[1]));
        var facts = SqliteInspection.Inspect(new("", null, null, HasKeys: true), to[0], to[1]);
        if (facts.Behind is { } behind) throw new BackupException($"the databases do not fit together: of {behind} a snapshot holds more than its journal");
        if (facts.Parts.FirstOrDefault(p => p.StoreId is null || p.ClusterId is null || p.Damage is not null) is { } odd)
            throw new BackupException($"{Path.GetFileName(odd.Name)} {odd.Damage ?? "does not say whose it is"}");
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = to[0], Pooling = false }.ToString());
        connection.Open();
        return new(facts.Parts[0].StoreId!, facts.Parts[0].ClusterId!, IdentityTable.Read(connection, IdentityTable.Key));
    }
}

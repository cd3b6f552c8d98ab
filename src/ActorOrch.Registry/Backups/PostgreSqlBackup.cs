using System.Data;
using ActorOrch.Registry.Files;
using ActorOrch.Registry.Persistence.Identity;
using Npgsql;

namespace ActorOrch.Registry.Backups;

/// <summary>A database of PostgreSQL, while its processes go on writing: one transaction sees all tables as they are when it begins.</summary>
internal sealed class PostgreSqlBackup(string connectionString) : IBackupDatabase
{
    private const int BufferBytes = 1 << 20;

    public string Format => BackupManifest.PostgreSqlFormat;

    public IReadOnlyList<string> Names => PostgreSqlCopies.Names;

    public BackupIdentity Copy(IReadOnlyList<string> to)
    {
        using var connection = new NpgsqlConnection(connectionString);
        connection.Open();
        using var transaction = connection.BeginTransaction(IsolationLevel.RepeatableRead);
        var name = PostgreSqlInspection.NameOf(connection);
        foreach (var table in (string[])["journal", "snapshot", "identity"])
            if (!PostgreSqlInspection.HasTable(connection, table)) throw new BackupException($"{name} has no table {table}: no cluster is stored there");
        if (IdentityTable.Read(connection, IdentityTable.Store) is not { } storeId) throw new BackupException($"{name} does not say whose it is");
        if (PostgreSqlInspection.Behind(connection) is { } behind) throw new BackupException($"{name} does not fit together: of {behind} a snapshot holds more than its journal");
        foreach (var (table, path) in Names.Zip(to)) Write(connection, table, path);
        return new(storeId, null, IdentityTable.Read(connection, IdentityTable.Key));
    }

    private static void Write(NpgsqlConnection connection, string table, string path)
    {
        SmallFile.CreatePrivate(path);
        using var target = new FileStream(path, FileMode.Open, FileAccess.Write);
        using var rows = connection.BeginRawBinaryCopy(PostgreSqlCopies.Out(table));
        rows.CopyTo(target, BufferBytes);
        target.Flush(flushToDisk: true);
    }
}

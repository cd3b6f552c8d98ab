using System.Security.Cryptography;
using ActorOrch.Registry.Persistence;
using ActorOrch.Registry.Persistence.Identity;
using Npgsql;

namespace ActorOrch.Registry.Backups;

/// <summary>Fills an empty database of PostgreSQL: all of it, or, where <see cref="Commit"/> is not reached, nothing.</summary>
internal sealed class PostgreSqlRestore : IDisposable
{
    private const int BufferBytes = 1 << 20;

    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;

    private PostgreSqlRestore(NpgsqlConnection connection)
    {
        _connection = connection;
        _transaction = connection.BeginTransaction();
    }

    /// <summary>Throws <see cref="BackupException"/> where the database is not empty, the database's own exception.</summary>
    public static PostgreSqlRestore Open(string connectionString)
    {
        var connection = new NpgsqlConnection(connectionString);
        connection.Open();
        var restore = new PostgreSqlRestore(connection);
        try
        {
            // Takes turns with processes that start on the same database.
            restore.Ask(Tables.PostgreSql);
            if (restore.Ask("SELECT EXISTS (SELECT 1 FROM journal) OR EXISTS (SELECT 1 FROM snapshot) OR EXISTS (SELECT 1 FROM identity)") is true)
                throw new BackupException($"{PostgreSqlInspection.NameOf(connection)} is not empty: a cluster is only restored into an empty database, so that nothing is lost by it");
            return restore;
        }
        catch
        {
            restore.Dispose();
            throw;
        }
    }

    /// <summary>Puts the rows of a table in. Returns the SHA-256 of what was read, hexadecimal.</summary>
    public string Load(string name, Stream content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var rows = _connection.BeginRawBinaryCopy(PostgreSqlCopies.In(name));
        var buffer = new byte[BufferBytes];
        int read;
        while ((read = content.Read(buffer)) > 0)
        {
            hash.AppendData(buffer, 0, read);
            rows.Write(buffer, 0, read);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public void Commit()
    {
        Ask("SELECT setval(pg_get_serial_sequence('journal', 'ordering'), COALESCE((SELECT MAX(ordering) FROM journal), 0) + 1, false)");
        _transaction.Commit();
    }

    public void Dispose()
    {
        _transaction.Dispose();
        _connection.Dispose();
    }

    private object? Ask(string sql)
    {
        using var command = new NpgsqlCommand(sql, _connection, _transaction);
        return command.ExecuteScalar();
    }
}

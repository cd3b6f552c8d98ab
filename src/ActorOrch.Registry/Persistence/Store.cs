using Akka.Configuration;
using Akka.Persistence.Sql.Journal;
using Akka.Persistence.Sql.Snapshot;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace ActorOrch.Registry;

/// <summary>
/// The database behind Akka.Persistence: its connection settings and its tables. SQLite is two files, because a transaction that writes
/// a large snapshot would keep the journal's writers waiting if they shared one.
/// </summary>
public static class Store
{
    private const string Sqlite = "sqlite", PostgreSql = "postgresql";

    /// <summary>
    /// Makes the store ready before the first actor starts: directory, files, tables. Idempotent. Throws <see cref="ConfigurationException"/>
    /// for settings that cannot be right, the database's own exception where it does not answer.
    /// </summary>
    public static void Prepare(Config config)
    {
        switch (Provider(config))
        {
            case Sqlite:
                Directory.CreateDirectory(SqliteDirectory(config));
                PrepareSqlite(SqliteConnection(config, "journal"), Tables.SqliteJournal);
                PrepareSqlite(SqliteConnection(config, "snapshots"), Tables.SqliteSnapshots);
                break;
            default:
                using (var connection = new NpgsqlConnection(PostgreSqlConnection(config)))
                {
                    connection.Open();
                    using var command = new NpgsqlCommand(Tables.PostgreSql, connection);
                    command.ExecuteNonQuery();
                }
                break;
        }
    }

    /// <summary>The settings of the journal and snapshot plugins that follow from <c>actororch.store</c>.</summary>
    internal static Config PluginConfig(Config config)
    {
        var provider = Provider(config);
        if (provider == Sqlite && SqliteDirectory(config).Length == 0) return Config.Empty;
        return provider == Sqlite
            ? Plugins(typeof(SqliteJournal), typeof(SqliteSnapshots), "SQLite.MS", SqliteConnection(config, "journal"), SqliteConnection(config, "snapshots"))
            : Plugins(typeof(SqlWriteJournal), typeof(SqlSnapshotStore), "PostgreSQL.15", PostgreSqlConnection(config), PostgreSqlConnection(config));
    }

    private static Config Plugins(Type journalClass, Type snapshotClass, string provider, string journal, string snapshots) => ConfigurationFactory.ParseString($$"""
        akka.persistence.journal.sql.class = "{{NameOf(journalClass)}}"
        akka.persistence.snapshot-store.sql.class = "{{NameOf(snapshotClass)}}"
        akka.persistence.journal.sql.provider-name = "{{provider}}"
        akka.persistence.journal.sql.connection-string = "{{journal}}"
        akka.persistence.snapshot-store.sql.provider-name = "{{provider}}"
        akka.persistence.snapshot-store.sql.connection-string = "{{snapshots}}"
        """);

    private static string NameOf(Type plugin) => $"{plugin.FullName}, {plugin.Assembly.GetName().Name}";

    private static string Provider(Config config) => config.GetString("actororch.store.provider") switch
    {
        Sqlite => Sqlite,
        PostgreSql => PostgreSql,
        var unknown => throw new ConfigurationException($"actororch.store.provider: \"{unknown}\" is neither \"{Sqlite}\" nor \"{PostgreSql}\""),
    };

    private static string SqliteDirectory(Config config) => config.GetString("actororch.store.sqlite.directory");

    private static string SqliteConnection(Config config, string name) => new SqliteConnectionStringBuilder
    {
        DataSource = Path.Combine(SqliteDirectory(config), $"{name}.db"),
        // Also how long a statement waits for another process's or connection's lock.
        DefaultTimeout = 10,
    }.ToString();

    private static string PostgreSqlConnection(Config config)
    {
        var connection = config.GetString("actororch.store.postgresql.connection-string");
        return string.IsNullOrEmpty(connection)
            ? throw new ConfigurationException("actororch.store.postgresql.connection-string is not set")
            : connection;
    }

    private static void PrepareSqlite(string connectionString, string tables)
    {
        using var connection = new SqliteConnection(connectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        // The mode is kept in the file; synchronous=FULL, an fsync with every commit, is each connection's default.
        command.CommandText = $"PRAGMA journal_mode = WAL; {tables}";
        command.ExecuteNonQuery();
    }
}

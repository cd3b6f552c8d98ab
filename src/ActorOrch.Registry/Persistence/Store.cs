using System.Data.Common;
using ActorOrch.Registry.Files;
using ActorOrch.Registry.Persistence.Damage;
using ActorOrch.Registry.Persistence.Identity;
using ActorOrch.Registry.Persistence.Records;
using ActorOrch.Registry.Persistence.Sqlite;
using Akka.Configuration;
using Akka.Persistence.Sql.Journal;
using Akka.Persistence.Sql.Snapshot;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace ActorOrch.Registry.Persistence;

/// <summary>
/// The database behind Akka.Persistence: its connection settings and its tables. SQLite is two files, because a transaction that writes
/// a large snapshot would keep the journal's writers waiting if they shared one.
/// </summary>
public static class Store
{
    private const string Sqlite = "sqlite", PostgreSql = "postgresql";
    private const string Journal = "journal", Snapshots = "snapshots";

    /// <summary>
    /// Makes the store ready before the first actor starts: directory, files, tables. Idempotent. Throws <see cref="ConfigurationException"/>
    /// for settings that cannot be right, the database's own exception where it does not answer.
    /// </summary>
    public static void Prepare(Config config)
    {
        switch (Provider(config))
        {
            case Sqlite:
                SmallFile.MakeDirectory(SqliteDirectory(config));
                PrepareSqlite(SqliteConnection(config, Journal), Tables.SqliteJournal);
                PrepareSqlite(SqliteConnection(config, Snapshots), Tables.SqliteSnapshots);
                break;
            default:
                PreparePostgreSql(config);
                break;
        }
    }

    /// <summary>Whether no other process can have the same store.</summary>
    internal static bool IsOfOneProcess(Config config) => Provider(config) == Sqlite;

    /// <summary>
    /// What is there, before <see cref="Prepare"/> makes what is missing. Throws <see cref="ConfigurationException"/> for settings that cannot
    /// be right, the database's own exception where it does not answer.
    /// </summary>
    public static StoreFacts Inspect(Config config, DirectoryFacts directory) => Provider(config) == Sqlite
        ? SqliteInspection.Inspect(directory, SqliteFile(config, Journal), SqliteFile(config, Snapshots))
        : PostgreSqlInspection.Inspect(directory, PostgreSqlConnection(config));

    /// <summary>
    /// Writes into a store that is prepared whose it is. Returns the id that stands in it then: of several processes that begin on an empty
    /// database, one names it.
    /// </summary>
    /// <param name="clusterId">Of the data directory; a shared database belongs to several.</param>
    public static string Mark(Config config, string storeId, string clusterId)
    {
        if (Provider(config) == PostgreSql)
        {
            using var shared = new NpgsqlConnection(PostgreSqlConnection(config));
            shared.Open();
            return IdentityTable.Put(shared, IdentityTable.Store, storeId);
        }
        foreach (var name in (string[])[Journal, Snapshots])
        {
            using var connection = new SqliteConnection(SqliteConnection(config, name));
            connection.Open();
            IdentityTable.Put(connection, IdentityTable.Store, storeId);
            IdentityTable.Put(connection, IdentityTable.Cluster, clusterId);
        }
        return storeId;
    }

    /// <summary>
    /// Of a database that others may empty: writes down in it that something is stored, where that is so. Nothing on SQLite, whose files are known
    /// by themselves. Throws the database's own exception.
    /// </summary>
    public static void NoteRows(Config config)
    {
        if (PostgreSqlOf(config) is not { } settings) return;
        using var connection = new NpgsqlConnection(settings);
        connection.Open();
        PostgreSqlInspection.NoteRows(connection);
    }

    internal static T OnJournal<T>(Config config, Func<DbConnection, T> use) => OnTable(config, Journal, use);

    /// <summary>On a connection to the database that has a table: <c>journal</c> or <c>snapshot</c>.</summary>
    internal static T OnTable<T>(Config config, string table, Func<DbConnection, T> use)
    {
        using DbConnection connection = Provider(config) == Sqlite
            ? new SqliteConnection(SqliteConnection(config, table == Journal ? Journal : Snapshots))
            : new NpgsqlConnection(PostgreSqlConnection(config));
        connection.Open();
        return use(connection);
    }

    /// <summary>Whether rows that are damaged are to be set aside and not refused. Throws <see cref="ConfigurationException"/>.</summary>
    public static bool SetsDamageAside(Config config) => config.GetString("actororch.store.on-damage") switch
    {
        "refuse" => false,
        "set-aside" => true,
        var unknown => throw new ConfigurationException($"actororch.store.on-damage: \"{unknown}\" is neither \"refuse\" nor \"set-aside\""),
    };

    /// <summary>
    /// The rows of other actors than collections that are damaged, a line each; those of collections are found when they are recovered. Once,
    /// in a store that is prepared, and that nobody writes to if it is SQLite's. Throws the database's own exception.
    /// </summary>
    public static IReadOnlyList<string> FindDamage(Config config) => [.. FindDamage(config, Journal, "journal"), .. FindDamage(config, Snapshots, "snapshot")];

    private static List<string> FindDamage(Config config, string name, string table) => OnTable(config, table, connection => ActorRows.Read(connection, table)
        .Where(r => r.Why is not null)
        .Select(r => $"{(connection is NpgsqlConnection shared ? $"{PostgreSqlInspection.NameOf(shared)}, table {table}," : Path.GetFileName(SqliteFile(config, name)))} is damaged: {r.Id}, row {r.Number}: {r.Why}")
        .ToList());

    /// <summary>Of SQLite's files, the first that SQLite finds damaged by itself; null where it finds none, or on PostgreSQL. Leaves them as they are.</summary>
    public static string? FirstDamaged(Config config) =>
        Provider(config) == Sqlite ? new[] { SqliteFile(config, Journal), SqliteFile(config, Snapshots) }.FirstOrDefault(SqliteInspection.IsDamaged) : null;

    /// <summary>Sets aside what is damaged in a store that is prepared. Returns what that was, a line a row.</summary>
    public static IReadOnlyList<string> SetDamageAside(Config config)
    {
        var key = new Lazy<SecretsKey?>(() => SecretsKey.Of(config));
        return PostgreSqlOf(config) is { } connection
            ? StoreDamage.SetAsideOnPostgreSql(connection, () => key.Value)
            : StoreDamage.SetAsideOnSqlite(SqliteFile(config, Journal), SqliteFile(config, Snapshots), () => key.Value);
    }

    /// <summary>The cluster that SQLite's files in a directory say they belong to; null where none of them says.</summary>
    public static string? ClusterIdIn(string directory) => SqliteInspection
        .Inspect(new(directory, null, null, HasKeys: false), Path.Combine(directory, $"{Journal}.db"), Path.Combine(directory, $"{Snapshots}.db"))
        .Parts.Select(p => p.ClusterId).FirstOrDefault(id => id is not null);

    /// <summary>Of SQLite's files; null on PostgreSQL.</summary>
    public static StoreSeal? SealOf(Config config) => Provider(config) == Sqlite ? new(SqliteDirectory(config)) : null;

    /// <summary>Of SQLite's files; null on PostgreSQL.</summary>
    public static OpenStore? OpenOf(Config config) => Provider(config) == Sqlite ? new(SqliteDirectory(config)) : null;

    /// <summary>The file of the journal on SQLite; null on PostgreSQL.</summary>
    public static string? JournalFile(Config config) => Provider(config) == Sqlite ? SqliteFile(config, Journal) : null;

    /// <summary>The settings of the journal and snapshot plugins that follow from <c>actororch.store</c>.</summary>
    internal static Config PluginConfig(Config config)
    {
        var provider = Provider(config);
        if (provider == Sqlite && SqliteDirectory(config).Length == 0) return Config.Empty;
        return provider == Sqlite
            ? Plugins(typeof(SqliteJournal), typeof(SqliteSnapshots), "SQLite.MS", SqliteConnection(config, Journal), SqliteConnection(config, Snapshots))
            : Plugins(typeof(SqlWriteJournal), typeof(SqlSnapshotStore), "PostgreSQL.15", PostgreSqlConnection(config), PostgreSqlConnection(config));
    }

    private static Config Plugins(Type journalClass, Type snapshotClass, string provider, string journal, string snapshots) => ConfigurationFactory.ParseString($$"""
        akka.persistence.journal.sql.class = "{{NameOf(journalClass)}}"
        akka.persistence.snapshot-store.sql.class = "{{NameOf(snapshotClass)}}"
        akka.persistence.journal.sql.provider-name = "{{provider}}"
        akka.persistence.journal.sql.connection-string = {{Quote(journal)}}
        akka.persistence.snapshot-store.sql.provider-name = "{{provider}}"
        akka.persistence.snapshot-store.sql.connection-string = {{Quote(snapshots)}}
        """);

    /// <summary>As HOCON: a password may hold what ends a string there.</summary>
    private static string Quote(string text) => $"\"{text.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"";

    private static string NameOf(Type plugin) => $"{plugin.FullName}, {plugin.Assembly.GetName().Name}";

    private static string Provider(Config config) => config.GetString("actororch.store.provider") switch
    {
        Sqlite => Sqlite,
        PostgreSql => PostgreSql,
        var unknown => throw new ConfigurationException($"actororch.store.provider: \"{unknown}\" is neither \"{Sqlite}\" nor \"{PostgreSql}\""),
    };

    /// <summary>Where the store's files are; empty where it is no matter of files.</summary>
    internal static string DirectoryOf(Config config) => Provider(config) == Sqlite ? SqliteDirectory(config) : "";

    private static string SqliteDirectory(Config config) => config.GetString("actororch.store.sqlite.directory");

    private static string SqliteFile(Config config, string name) => Path.Combine(SqliteDirectory(config), $"{name}.db");

    private static string SqliteConnection(Config config, string name) => new SqliteConnectionStringBuilder
    {
        DataSource = SqliteFile(config, name),
        // A file that is gone is never made anew by whoever asks for it next: only a start makes one.
        Mode = SqliteOpenMode.ReadWrite,
        // How long a statement waits for another process's or connection's lock: less than a commit may take.
        DefaultTimeout = 5,
    }.ToString();

    /// <summary>How PostgreSQL is reached; null where there are no settings, or they name SQLite. Throws <see cref="ConfigurationException"/>.</summary>
    internal static string? PostgreSqlOf(Config? config) => config is not null && Provider(config) == PostgreSql ? PostgreSqlConnection(config) : null;

    internal static string PostgreSqlConnection(Config config)
    {
        var connection = config.GetString("actororch.store.postgresql.connection-string");
        if (string.IsNullOrEmpty(connection)) throw new ConfigurationException("actororch.store.postgresql.connection-string is not set");
        try
        {
            var builder = new NpgsqlConnectionStringBuilder(connection);
            // ContainsKey is true of every key that there could be. Who waits for a connection must learn that there is none before the commit is given up; the driver's own is 15.
            if (!builder.Keys.Contains("Timeout")) builder.Timeout = 5;
            if (!builder.Keys.Contains("Application Name")) builder.ApplicationName = "actororch";
            return builder.ToString();
        }
        catch (ArgumentException unreadable)
        {
            throw new ConfigurationException($"actororch.store.postgresql.connection-string cannot be read: {unreadable.Message}", unreadable);
        }
    }

    internal static void PrepareSqlite(string connectionString, string tables)
    {
        using var connection = new SqliteConnection(connectionString);
        MakePrivate(connection.DataSource);
        connection.Open();
        Ask(connection, FreePages.Configuration);
        // Kept in the file. Where shared memory is not to be had (some network file systems), SQLite stays with another mode.
        Require(connection.DataSource, "journal_mode", "wal", Ask(connection, "PRAGMA journal_mode = WAL"));
        // FULL, an fsync with every commit: the library's default for every connection, unless it was built otherwise.
        Require(connection.DataSource, "synchronous", "2", Ask(connection, "PRAGMA synchronous"));
        using var command = connection.CreateCommand();
        command.CommandText = tables;
        command.ExecuteNonQuery();
    }

    /// <summary>SQLite makes its log and its shared memory as readable as the file itself.</summary>
    internal static void MakePrivate(string file)
    {
        // One that is there is left alone: closing a file that SQLite has open in this process would release SQLite's locks on it.
        if (file != ":memory:" && !File.Exists(file)) SmallFile.TryCreatePrivate(file);
    }

    private static string Ask(SqliteConnection connection, string pragma)
    {
        using var command = connection.CreateCommand();
        command.CommandText = pragma;
        return $"{command.ExecuteScalar()}";
    }

    private static void PreparePostgreSql(Config config)
    {
        using var connection = new NpgsqlConnection(PostgreSqlConnection(config));
        connection.Open();
        if (config.GetBoolean("actororch.store.postgresql.require-durable"))
        {
            foreach (var setting in new[] { "fsync", "full_page_writes", "synchronous_commit" })
            {
                using var show = new NpgsqlCommand($"SHOW {setting}", connection);
                if ($"{show.ExecuteScalar()}" == "off")
                    throw new ConfigurationException(
                        $"PostgreSQL runs with {setting} = off: acknowledged writes would be lost with the power. Turn it on, or set actororch.store.postgresql.require-durable = false.");
            }
        }
        using var command = new NpgsqlCommand(Tables.PostgreSql, connection);
        command.ExecuteNonQuery();
    }

    private static void Require(string file, string pragma, string wanted, string found)
    {
        if (!string.Equals(found, wanted, StringComparison.OrdinalIgnoreCase))
            throw new ConfigurationException($"{file}: SQLite's {pragma} is {found}, not {wanted}: acknowledged writes would not survive a loss of power. Put actororch.store.sqlite.directory on a local file system.");
    }
}

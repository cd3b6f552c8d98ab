using System.Data.Common;

namespace ActorOrch.Registry.Persistence.Identity;

/// <summary>The table in which a database says whose it is. The same statements on SQLite and PostgreSQL.</summary>
internal static class IdentityTable
{
    public const string Create = "CREATE TABLE IF NOT EXISTS identity (name VARCHAR(64) NOT NULL PRIMARY KEY, value VARCHAR(255) NOT NULL);";

    public const string Store = "store", Cluster = "cluster", Key = "secrets-key";

    /// <summary>Stands there once the journal has rows, which it has for ever then.</summary>
    public const string Rows = "rows";

    /// <summary>Rises with each snapshot that is stored or deleted.</summary>
    public const string Saved = "saved";

    /// <summary>Null where the table, or the row, is not there.</summary>
    public static string? Read(DbConnection connection, string name) => Text(connection, "SELECT value FROM identity WHERE name = @name", ("@name", name));

    /// <summary>What stands there already stays. Returns what stands there afterwards.</summary>
    public static string Put(DbConnection connection, string name, string value)
    {
        Text(connection, "INSERT INTO identity (name, value) VALUES (@name, @value) ON CONFLICT (name) DO NOTHING", ("@name", name), ("@value", value));
        return Read(connection, name)!;
    }

    private static string? Text(DbConnection connection, string sql, params (string Name, string Value)[] parameters)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }
        return command.ExecuteScalar() as string;
    }
}

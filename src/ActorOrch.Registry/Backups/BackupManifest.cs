using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace ActorOrch.Registry.Backups;

/// <summary>A file of a backup.</summary>
/// <param name="Name">Below the data directory, with slashes.</param>
/// <param name="Sha256">Hexadecimal.</param>
public sealed record BackupFile(string Name, long Bytes, string Sha256);

/// <summary>The first entry of a backup: what else is in it.</summary>
/// <param name="Format">Of the backup as a whole.</param>
/// <param name="Created">When the databases were as they are in it.</param>
/// <param name="KeyId">Of the key with which Secrets are encrypted in it; null where none are.</param>
public sealed partial record BackupManifest(string Format, string StoreId, string ClusterId, DateTimeOffset Created, string? KeyId, IReadOnlyList<BackupFile> Files)
{
    public const string FileName = "manifest.json";
    public const string SqliteFormat = "actororch-backup/1", PostgreSqlFormat = "actororch-backup/2";
    public const string Journal = "journal.db", Snapshots = "snapshots.db", ClusterIdFile = "cluster-id", KeysDirectory = "pki", StoreIdFile = "pki/store-id";

    /// <summary>The keys between the processes of a cluster; a process alone has none.</summary>
    public const string ClusterKeysDirectory = "pki/cluster";

    private static readonly string[] NeededByAll = [ClusterIdFile, $"{KeysDirectory}/ca.crt", $"{KeysDirectory}/ca.key", StoreIdFile];

    /// <summary>Whether it holds a database of PostgreSQL, and not SQLite's files.</summary>
    [JsonIgnore]
    public bool IsOfPostgreSql => Format == PostgreSqlFormat;

    private IReadOnlyList<string> Databases => IsOfPostgreSql ? PostgreSqlCopies.Names : [Journal, Snapshots];

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, JsonSerializerOptions.Web);

    /// <summary>Throws <see cref="BackupException"/> for one that cannot be what this program wrote.</summary>
    public static BackupManifest Parse(ReadOnlySpan<byte> json)
    {
        BackupManifest? manifest;
        try
        {
            manifest = JsonSerializer.Deserialize<BackupManifest>(json, JsonSerializerOptions.Web);
        }
        catch (JsonException e)
        {
            throw new BackupException($"its {FileName} cannot be read: {e.Message}", e);
        }
        if (manifest is not { Files: not null, Format: not null }) throw new BackupException($"its {FileName} is not complete");
        if (manifest.Format is not (SqliteFormat or PostgreSqlFormat)) throw new BackupException($"it is of the format {manifest.Format}, and this version reads {SqliteFormat} and {PostgreSqlFormat}");
        if (manifest.Files.FirstOrDefault(f => f?.Name is null || !manifest.IsAllowed(f.Name)) is { } odd) throw new BackupException($"it holds a file \"{odd.Name}\", which no backup has");
        if (manifest.Files.Select(f => f.Name).Distinct(StringComparer.Ordinal).Count() != manifest.Files.Count) throw new BackupException("it names a file twice");
        if (manifest.Databases.Concat(NeededByAll).Except(manifest.Files.Select(f => f.Name)).FirstOrDefault() is { } missing) throw new BackupException($"{missing} is not in it");
        return manifest;
    }

    public static BackupFile Describe(string name, string path)
    {
        using var stream = File.OpenRead(path);
        return new(name, stream.Length, Convert.ToHexStringLower(SHA256.HashData(stream)));
    }

    /// <summary>Names that lead nowhere else.</summary>
    private bool IsAllowed(string name) => name is ClusterIdFile || Databases.Contains(name) || Key().IsMatch(name);

    [GeneratedRegex(@"\Apki/(cluster/)?[a-z0-9][a-z0-9._-]{0,63}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Key();
}

/// <summary>A backup cannot be made or used; the message says why, after its file's name.</summary>
public sealed class BackupException(string message, Exception? inner = null) : Exception(message, inner);

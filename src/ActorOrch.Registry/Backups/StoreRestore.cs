using System.Formats.Tar;
using System.Security.Cryptography;
using ActorOrch.Registry.Files;
using ActorOrch.Registry.Persistence;
using Akka.Configuration;

namespace ActorOrch.Registry.Backups;

/// <summary>Makes a data directory from a backup. The whole file is checked before anything is made.</summary>
public static class StoreRestore
{
    private const int LargestManifest = 1 << 20;
    private const int BufferBytes = 1 << 20;

    /// <summary>
    /// Throws <see cref="BackupException"/> for a file that is not, whole, what was written, and for a directory that is not empty;
    /// <see cref="IOException"/>, <see cref="UnauthorizedAccessException"/>.
    /// </summary>
    /// <param name="config">The settings that the cluster is to run with; without any, its store is SQLite's files in the data directory.</param>
    public static BackupManifest Read(string file, string dataDirectory, Config? config = null)
    {
        if (Directory.Exists(dataDirectory) && Directory.EnumerateFileSystemEntries(dataDirectory).Any())
            throw new BackupException($"{dataDirectory} is not empty: a cluster is only restored into an empty directory, so that nothing is lost by it");
        if (Directory.Exists(file)) throw new BackupException("it is a directory, not a file");
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read);
            var manifest = Check(stream, static (_, content) => Convert.ToHexStringLower(SHA256.HashData(content)));
            using var database = DatabaseFor(manifest, Store.PostgreSqlOf(config));
            stream.Position = 0;
            SmallFile.MakeDirectory(dataDirectory);
            var directories = manifest.Files.Select(f => Path.GetDirectoryName(Path.Combine(dataDirectory, f.Name))!).Distinct().Order(StringComparer.Ordinal).ToList();
            foreach (var directory in directories) SmallFile.MakeDirectory(directory);
            // The cluster's id last: without it nothing starts on what is only half there.
            string? clusterId = null;
            Check(stream, (name, content) =>
            {
                if (name == BackupManifest.ClusterIdFile) return Hash(clusterId = new StreamReader(content).ReadToEnd());
                if (database is not null && PostgreSqlCopies.Names.Contains(name)) return database.Load(name, content);
                return Write(Path.Combine(dataDirectory, name), content);
            });
            foreach (var directory in directories) SmallFile.SyncDirectory(directory);
            database?.Commit();
            SmallFile.Write(Path.Combine(dataDirectory, BackupManifest.ClusterIdFile), clusterId!);
            return manifest;
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw new BackupException("it is not a file that 'actororch backup' wrote, or it is cut or damaged", e);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException && !File.Exists(file))
        {
            throw new BackupException("there is no such file", e);
        }
    }

    /// <summary>Null of SQLite's files, which go into the data directory.</summary>
    private static PostgreSqlRestore? DatabaseFor(BackupManifest manifest, string? postgreSql) => (manifest.IsOfPostgreSql, postgreSql) switch
    {
        (false, null) => null,
        (true, { } connection) => PostgreSqlRestore.Open(connection),
        (true, null) => throw new BackupException("it is of a cluster that is stored in PostgreSQL: name the settings that it is to run with (--config FILE), with an empty database"),
        (false, _) => throw new BackupException("it is of a cluster that is stored in SQLite's files, and the settings name PostgreSQL (actororch.store.provider)"),
    };

    /// <summary>Goes through the file; <paramref name="read"/> reads each content and returns its SHA-256.</summary>
    private static BackupManifest Check(Stream stream, Func<string, Stream, string> read)
    {
        using var tar = new TarReader(stream, leaveOpen: true);
        var manifest = ManifestOf(tar.GetNextEntry());
        foreach (var expected in manifest.Files)
        {
            var entry = tar.GetNextEntry() ?? throw new BackupException($"it is cut: {expected.Name} is not in it");
            if (entry.Name != expected.Name || entry.EntryType != TarEntryType.RegularFile) throw new BackupException($"it holds \"{entry.Name}\" where {expected.Name} should be");
            if (entry.Length != expected.Bytes || read(expected.Name, entry.DataStream ?? Stream.Null) != expected.Sha256)
                throw new BackupException($"it is damaged: {expected.Name} is not what was written");
        }
        return tar.GetNextEntry() is { } more ? throw new BackupException($"it holds \"{more.Name}\", which it does not name") : manifest;
    }

    private static BackupManifest ManifestOf(TarEntry? first)
    {
        if (first is not { Name: BackupManifest.FileName, DataStream: { } content } || first.Length > LargestManifest) throw new BackupException("it is not a file that 'actororch backup' wrote");
        using var bytes = new MemoryStream();
        content.CopyTo(bytes);
        return BackupManifest.Parse(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    private static string Write(string path, Stream content)
    {
        SmallFile.CreatePrivate(path);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var target = new FileStream(path, FileMode.Open, FileAccess.Write);
        var buffer = new byte[BufferBytes];
        int read;
        while ((read = content.Read(buffer)) > 0)
        {
            hash.AppendData(buffer, 0, read);
            target.Write(buffer, 0, read);
        }
        target.Flush(flushToDisk: true);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)));
}

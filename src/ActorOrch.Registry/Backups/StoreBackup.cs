using System.Formats.Tar;
using ActorOrch.Registry.Files;
using ActorOrch.Registry.Persistence;
using Akka.Configuration;

namespace ActorOrch.Registry.Backups;

/// <summary>Writes a backup of a data directory, whose process may be running: the databases as they were at one moment, the keys, the cluster's id.</summary>
public static class StoreBackup
{
    /// <summary>
    /// Returns what it wrote. The file is its owner's alone, as the data directory is: it holds every key. Throws <see cref="BackupException"/>
    /// where there is nothing to back up here, <see cref="IOException"/>, <see cref="UnauthorizedAccessException"/>, the database's own exception.
    /// </summary>
    /// <param name="config">The settings that the cluster runs with; without any, its store is SQLite's files in the data directory.</param>
    public static BackupManifest Write(string dataDirectory, string file, TimeProvider time, Config? config = null)
    {
        var target = Path.GetFullPath(file);
        if (Path.Exists(target)) throw new BackupException("it is there already: a backup is written into a new file");
        RequireReadable(dataDirectory);
        var postgreSql = Store.PostgreSqlOf(config);
        if (!File.Exists(Path.Combine(dataDirectory, postgreSql is null ? BackupManifest.Journal : BackupManifest.ClusterIdFile)))
            throw new BackupException(WithoutDatabase(dataDirectory, postgreSql is null));
        IBackupDatabase database = postgreSql is null ? new SqliteBackup(dataDirectory) : new PostgreSqlBackup(postgreSql);
        var names = new List<string>([.. database.Names, BackupManifest.ClusterIdFile]);
        names.AddRange(Keys(dataDirectory));
        // Beside the target: there has to be room for it all anyway.
        var work = target + ".parts";
        SmallFile.MakeNewDirectory(work);
        var copies = new List<string>();
        try
        {
            var moment = time.GetUtcNow();
            var identity = database.Copy([.. database.Names.Select(CopyOf)]);
            foreach (var name in names.Skip(database.Names.Count))
                SmallFile.Write(CopyOf(name), SmallFile.Read(Path.Combine(dataDirectory, name)) ?? throw new BackupException($"{Path.Combine(dataDirectory, name)} is missing"));
            var clusterId = identity.ClusterId ?? SmallFile.ReadText(copies[database.Names.Count])!.TrimEnd('\n');
            RequireKeysOf(identity, dataDirectory, names, copies);
            var manifest = new BackupManifest(database.Format, identity.StoreId, clusterId, moment, identity.KeyId, [.. names.Zip(copies, BackupManifest.Describe)]);
            Pack(target, manifest, copies);
            return manifest;
        }
        finally
        {
            foreach (var copy in copies) File.Delete(copy);
            SmallFile.RemoveEmptyDirectory(work);
        }

        string CopyOf(string name)
        {
            copies.Add(Path.Combine(work, name.Replace('/', '_')));
            return copies[^1];
        }
    }

    private static IEnumerable<string> Keys(string dataDirectory) =>
        from directory in (string[])[BackupManifest.KeysDirectory, BackupManifest.ClusterKeysDirectory]
        let keys = new DirectoryInfo(Path.Combine(dataDirectory, directory))
        where keys.Exists
        from name in keys.EnumerateFiles().Select(f => f.Name).Order(StringComparer.Ordinal)
        where SmallFile.NextOf(Path.GetFileNameWithoutExtension(name)) != name
        select $"{directory}/{name}";

    /// <summary>Keys of another store would not open what is in the database.</summary>
    private static void RequireKeysOf(BackupIdentity identity, string dataDirectory, List<string> names, List<string> copies)
    {
        var at = names.IndexOf(BackupManifest.StoreIdFile);
        if (at < 0) throw new BackupException($"{Path.Combine(dataDirectory, BackupManifest.StoreIdFile)} is missing");
        var id = SmallFile.ReadText(copies[at])!.TrimEnd('\n');
        if (id != identity.StoreId) throw new BackupException($"the database belongs to the store {identity.StoreId}, and {Path.Combine(dataDirectory, BackupManifest.StoreIdFile)} to {id}");
    }

    private static void Pack(string target, BackupManifest manifest, List<string> copies)
    {
        var next = SmallFile.NextOf(target);
        File.Delete(next);
        SmallFile.CreatePrivate(next);
        using (var stream = new FileStream(next, FileMode.Open, FileAccess.Write))
        {
            using (var tar = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true))
            {
                Add(tar, BackupManifest.FileName, new MemoryStream(manifest.ToJson()), manifest.Created);
                foreach (var (file, copy) in manifest.Files.Zip(copies)) Add(tar, file.Name, File.OpenRead(copy), manifest.Created);
            }
            stream.Flush(flushToDisk: true);
        }
        SmallFile.FinishNew(target);
    }

    private static void Add(TarWriter tar, string name, Stream content, DateTimeOffset created)
    {
        using (content) tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = content, Mode = SmallFile.OwnerOnly, ModificationTime = created });
    }

    /// <summary>To a user who may not look into it, nothing in it is there.</summary>
    private static void RequireReadable(string dataDirectory)
    {
        if (!Directory.Exists(dataDirectory)) throw new BackupException($"there is no directory {dataDirectory}");
        try
        {
            _ = Directory.EnumerateFileSystemEntries(dataDirectory).Any();
        }
        catch (UnauthorizedAccessException e)
        {
            throw new BackupException($"{dataDirectory} cannot be read: permission denied", e);
        }
    }

    private static string WithoutDatabase(string dataDirectory, bool isSqlite) => isSqlite && File.Exists(Path.Combine(dataDirectory, BackupManifest.ClusterIdFile))
        ? $"{dataDirectory} has no journal.db: its cluster is stored in PostgreSQL, or it only works for one. Name the settings that the cluster runs with (--config FILE), on a process of its control plane"
        : $"{dataDirectory} is not the data directory of a cluster";
}

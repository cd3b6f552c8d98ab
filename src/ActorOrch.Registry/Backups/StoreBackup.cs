using System.Formats.Tar;
using Microsoft.Data.Sqlite;

namespace ActorOrch.Registry;

/// <summary>Writes a backup of a data directory, whose process may be running: both databases as they were at one moment, the keys, the cluster's id.</summary>
public static class StoreBackup
{
    /// <summary>
    /// Returns what it wrote. The file is its owner's alone, as the data directory is: it holds every key. Throws <see cref="BackupException"/>
    /// where there is nothing to back up here, <see cref="IOException"/>, <see cref="UnauthorizedAccessException"/>, the database's own exception.
    /// </summary>
    public static BackupManifest Write(string dataDirectory, string file, TimeProvider time)
    {
        var target = Path.GetFullPath(file);
        if (Path.Exists(target)) throw new BackupException($"{target} is there already");
        var journal = Path.Combine(dataDirectory, BackupManifest.Journal);
        if (!File.Exists(journal)) throw new BackupException(WithoutDatabase(dataDirectory));
        var names = new List<string> { BackupManifest.Journal, BackupManifest.Snapshots, BackupManifest.ClusterIdFile };
        names.AddRange(Keys(dataDirectory));
        // Beside the target: there has to be room for it all anyway.
        var work = target + ".parts";
        SmallFile.MakeNewDirectory(work);
        var copies = new List<string>();
        try
        {
            var moment = time.GetUtcNow();
            SqliteCopy.Copy((journal, CopyOf(BackupManifest.Journal)), (Path.Combine(dataDirectory, BackupManifest.Snapshots), CopyOf(BackupManifest.Snapshots)));
            foreach (var name in names.Skip(2))
                SmallFile.Write(CopyOf(name), SmallFile.Read(Path.Combine(dataDirectory, name)) ?? throw new BackupException($"{Path.Combine(dataDirectory, name)} is missing"));
            var manifest = Manifest(names, copies, moment);
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

    private static BackupManifest Manifest(List<string> names, List<string> copies, DateTimeOffset moment)
    {
        var facts = SqliteInspection.Inspect(new("", null, null, HasKeys: true), copies[0], copies[1]);
        if (facts.Behind is { } behind) throw new BackupException($"the databases do not fit together: of {behind} a snapshot holds more than its journal");
        if (facts.Parts.FirstOrDefault(p => p.StoreId is null || p.ClusterId is null || p.Damage is not null) is { } odd)
            throw new BackupException($"{Path.GetFileName(odd.Name)} {odd.Damage ?? "does not say whose it is"}");
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = copies[0], Pooling = false }.ToString());
        connection.Open();
        return new(
            BackupManifest.CurrentFormat, facts.Parts[0].StoreId!, facts.Parts[0].ClusterId!, moment, IdentityTable.Read(connection, IdentityTable.Key),
            [.. names.Zip(copies, BackupManifest.Describe)]);
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

    private static string WithoutDatabase(string dataDirectory) => File.Exists(Path.Combine(dataDirectory, BackupManifest.ClusterIdFile))
        ? $"""
            {dataDirectory} has no journal.db: its cluster is stored in PostgreSQL, or it only works for one. Back the database up with its own program,
              pg_dump --format=custom --table=journal --table=snapshot --table=identity --file=FILE DATABASE
            which is consistent while the cluster runs, and with it {dataDirectory}/cluster-id and {dataDirectory}/pki, without whose secrets.key the Secrets in it cannot be read.
            """
        : $"{dataDirectory} is not the data directory of a cluster";
}

using System.Security.Cryptography;
using ActorOrch.Registry.Files;
using ActorOrch.Registry.Persistence.Identity;
using ActorOrch.Registry.Persistence.Records;
using Akka.Configuration;

namespace ActorOrch.Hosting;

/// <summary>The directory of one process: nobody else may use it while this is held, and no other user may enter it.</summary>
internal sealed class DataDirectory : IDisposable
{
    private const int ClusterIdLength = 12;
    private const string LockName = "lock";

    private static readonly string[] WrittenKeys = ["ca.crt", "ca.key", "cluster/ca.pem", "cluster/ca.crt"];

    private readonly HeldFile _lock;
    private FileStream? _databaseLock;
    private string? _clusterId;

    private DataDirectory(string path, HeldFile @lock, bool damaged)
    {
        Path = path;
        _lock = @lock;
        try
        {
            _clusterId = ReadClusterId();
        }
        catch (DamagedFileException) when (damaged)
        {
            // Who opens it so takes it as if there were none.
        }
    }

    public string Path { get; }

    /// <summary>Tells this cluster's containers from those of another on the same engine.</summary>
    public string ClusterId => _clusterId ?? throw new InvalidOperationException("the data directory has no cluster's id yet");

    /// <summary>Null where it has none.</summary>
    public string? KnownClusterId => _clusterId;

    public string KubeconfigPath => System.IO.Path.Combine(Path, "kubeconfig");

    private string ClusterIdPath => System.IO.Path.Combine(Path, "cluster-id");

    private string StoreIdPath => System.IO.Path.Combine(Path, "pki", "store-id");

    /// <summary>
    /// Makes it where it is missing, and closes it to other users. Throws <see cref="StartupException"/> where it cannot be written, is in use
    /// or holds what is damaged.
    /// </summary>
    public static DataDirectory Open(DirectoryInfo directory)
    {
        Require(directory);
        return Open(directory, damaged: false);
    }

    /// <summary>Finds out, and makes and changes nothing, whether it may be a cluster's. Throws <see cref="StartupException"/>.</summary>
    public static void Require(DirectoryInfo directory)
    {
        var path = directory.FullName;
        if (File.Exists(path)) throw new StartupException($"the data directory {path} is a file, not a directory");
        RefuseShared(directory);
        try
        {
            if (directory.Exists && DataFiles.FirstForeign(directory) is { } foreign)
                throw new StartupException($"the data directory {path} holds other directories and no cluster (there is {foreign} in it): name an empty or a new one");
        }
        catch (UnauthorizedAccessException e)
        {
            throw new StartupException($"the data directory {path} cannot be read: permission denied", e);
        }
    }

    /// <summary>The same for one whose cluster's id may be damaged.</summary>
    public static DataDirectory OpenDamaged(DirectoryInfo directory) => Open(directory, damaged: true);

    private static DataDirectory Open(DirectoryInfo directory, bool damaged)
    {
        var path = directory.FullName;
        RefuseShared(directory);
        try
        {
            RefuseForeign(path);
            SmallFile.MakeDirectory(path);
            RequireKinds(path, damaged);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"the data directory {path} cannot be made: {Obstacle(path, e)}", e);
        }
        HeldFile? @lock = null;
        try
        {
            @lock = Lock(path);
            CloseToOthers(path);
            return new(path, @lock, damaged);
        }
        catch (DamagedFileException e)
        {
            @lock?.Dispose();
            throw StartupException.Damaged(e, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            @lock?.Dispose();
            throw new StartupException($"the data directory {path} cannot be written: {DiskFailure.Explain(e, path)}", e);
        }
    }

    /// <summary>What it says of the store that it belongs to. Throws <see cref="DamagedFileException"/>.</summary>
    public DirectoryFacts Facts()
    {
        var storeId = SmallFile.ReadText(StoreIdPath)?.TrimEnd('\n');
        if (storeId is not null && (storeId.Length == 0 || !storeId.All(char.IsAsciiHexDigitLower))) throw new DamagedFileException(StoreIdPath, "does not hold a store's id");
        var hasKeys = File.Exists(System.IO.Path.Combine(Path, "pki", "ca.crt")) || File.Exists(System.IO.Path.Combine(Path, "pki", "ca.key"));
        return new(Path, _clusterId, storeId, hasKeys) { Node = AnyNode() };
    }

    private string? AnyNode()
    {
        var nodes = System.IO.Path.Combine(Path, "nodes");
        return Directory.Exists(nodes) ? Directory.EnumerateDirectories(nodes).Order(StringComparer.Ordinal).FirstOrDefault() : null;
    }

    /// <summary>Held for as long as this is.</summary>
    public string LockPath => System.IO.Path.Combine(Path, LockName);

    /// <summary>What is written once and never again: a start without it is refused.</summary>
    public IReadOnlyList<string> Written(Config config) =>
    [
        ClusterIdPath, StoreIdPath, .. WrittenKeys.Select(k => System.IO.Path.Combine(Path, "pki", k)),
        .. SecretsKey.FileOf(config) is { Length: > 0 } key ? (string[])[key] : [],
    ];

    /// <summary>What is made anew where it is missing, and renewed in time.</summary>
    public IEnumerable<string> Renewed() => DataFiles.RenewedKeys.Select(k => System.IO.Path.Combine(Path, "pki", k));

    /// <summary>Says that it belongs to a store, the cluster's id last.</summary>
    public void Mark(string storeId, string clusterId)
    {
        SmallFile.Write(StoreIdPath, storeId + "\n");
        Mark(clusterId);
    }

    /// <summary>Of a process that has no store of its own. Throws <see cref="StartupException"/> where it has lost the id by which it knows what runs here.</summary>
    public void Mark()
    {
        if (_clusterId is null && Facts().Node is { } node)
            throw new StartupException($"{ClusterIdPath} is missing, and {node} is there, whose containers belong to the cluster that it named: {StartupException.DataLost}\n{StartupException.WhatToDo(Path)}");
        Mark(_clusterId ?? NewClusterId());
    }

    public static string NewClusterId() => RandomNumberGenerator.GetHexString(ClusterIdLength, lowercase: true);

    /// <summary>
    /// Keeps another process from the same database, should the lock beside it have been deleted. Throws <see cref="StartupException"/> where
    /// one has it. A file that is not there yet is locked when it is. SQLite's own locks are of another kind, and not touched.
    /// </summary>
    public void LockDatabase(string file)
    {
        if (_databaseLock is not null || !File.Exists(file)) return;
        try
        {
            _databaseLock = new(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException e) when (e.HResult == HeldFile.Held)
        {
            throw new StartupException($"the database {file} is in use: another actororch runs on it", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"the database {file} cannot be written: {DiskFailure.Explain(e, Path)}", e);
        }
    }

    public void Dispose()
    {
        _databaseLock?.Dispose();
        _lock.Dispose();
    }

    private void Mark(string clusterId)
    {
        if (_clusterId is null) SmallFile.Write(ClusterIdPath, clusterId + "\n");
        _clusterId = clusterId;
    }

    private static HeldFile Lock(string path) =>
        HeldFile.TryTake(System.IO.Path.Combine(path, LockName), path, out var holder) ?? throw new StartupException($"{holder} is running on {path}");

    /// <summary>What another user made, that user can exchange, keys and all. Where the administrator's file of access goes does not matter.</summary>
    private static void RefuseForeign(string path)
    {
        var looked = (string[])[path, .. Below(path), .. Below(System.IO.Path.Combine(path, "pki")), .. Below(System.IO.Path.Combine(path, "pki", "cluster"))];
        foreach (var entry in looked)
            if (!FileOwner.IsTrusted(entry, out var owner) && System.IO.Path.GetFileName(entry) != "kubeconfig")
                throw new StartupException(
                    $"{entry} belongs to another user (uid {owner}), who could exchange what is in it: name another data directory, or make it yours with chown after you have looked at it");

        static IEnumerable<string> Below(string directory) => Directory.Exists(directory) ? Directory.EnumerateFileSystemEntries(directory) : [];
    }

    /// <summary>Of one that is damaged nothing is opened but its lock.</summary>
    private static void RequireKinds(string path, bool damaged)
    {
        if (damaged && EntryKinds.Wrong(System.IO.Path.Combine(path, LockName)) is { } wrong) throw new StartupException($"{System.IO.Path.Combine(path, LockName)} {wrong}: remove it");
        if (!damaged && EntryKinds.FirstWrong(path) is var (entry, what)) throw StartupException.Damaged(new(entry, what), path);
    }

    private static void RefuseShared(DirectoryInfo directory)
    {
        if (directory.Exists && directory.UnixFileMode.HasFlag(UnixFileMode.StickyBit))
            throw new StartupException($"the data directory {directory.FullName} is shared by all users of the machine: name a directory of its own");
    }

    /// <summary>Files of earlier versions could be read by others.</summary>
    private static void CloseToOthers(string path)
    {
        foreach (var file in new DirectoryInfo(path).EnumerateFiles().Where(f => DataFiles.IsOwn(f.Name)))
            if (file.LinkTarget is null && file.UnixFileMode is var mode && (mode & SmallFile.OwnerOnly) != mode)
                file.UnixFileMode = mode & SmallFile.OwnerOnly;
        SmallFile.MakeDirectory(System.IO.Path.Combine(path, "nodes"));
    }

    /// <summary>What is in the way of a directory that could not be made.</summary>
    private static string Obstacle(string path, Exception failure)
    {
        if (failure is UnauthorizedAccessException) return "permission denied";
        var above = path;
        while (!System.IO.Path.Exists(above) && System.IO.Path.GetDirectoryName(above) is { } parent) above = parent;
        if (File.Exists(above)) return $"{above} is a file, not a directory";
        return failure is DirectoryNotFoundException or FileNotFoundException ? $"{above} takes no directories" : DiskFailure.Explain(failure, path) ?? HostConfig.OneLine(failure.Message);
    }

    private string? ReadClusterId()
    {
        if (SmallFile.ReadText(ClusterIdPath)?.TrimEnd('\n') is not { } id) return null;
        return id.Length == ClusterIdLength && id.All(char.IsAsciiHexDigitLower)
            ? id
            : throw new DamagedFileException(ClusterIdPath, $"does not hold a cluster's id ({ClusterIdLength} hexadecimal digits)");
    }
}

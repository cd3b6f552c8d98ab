using ActorOrch.Registry.Files;
using ActorOrch.Registry.Persistence.Sqlite;
using Akka.Actor;
using Akka.Event;

namespace ActorOrch.Registry.Persistence.Keeping;

/// <summary>
/// Looks after the files that a process's store rests on. A process goes on with a file that it has open though its name was removed or given
/// to another, and what it writes is lost with the process: so each commit asks first, and asks again before it is acknowledged. The kernel
/// says when a directory changes; then it is said in the log at once, and not with the next write. What a commit asks is whether there was such a
/// change; the files themselves are looked at after one, and once a second for what the kernel does not tell (a mount above them).
/// </summary>
public sealed class StoreWatch : IExtension, IDisposable
{
    /// <summary>Milliseconds.</summary>
    private const long LooksEvery = 1000;

    private static readonly string[] Databases = ["journal.db", "snapshots.db"];

    private readonly string _directory;
    private readonly ILoggingAdapter _log;
    private readonly Lock _telling = new();
    private readonly Lock _looking = new();
    private readonly List<FileSystemWatcher> _watchers = [];
    private readonly HashSet<string> _watched = new(StringComparer.Ordinal);
    private volatile KeptFile[] _needed;
    private volatile KeptFile[] _renewable = [];
    private readonly HashSet<string> _gone = new(StringComparer.Ordinal);
    private readonly PathNotices? _notices = PathNotices.TryOpen();
    private volatile string? _told;
    private volatile bool _isWell;
    private volatile bool _isNoticed = true;
    private long _looked;

    private StoreWatch(string directory, bool isAlone, ILoggingAdapter log)
    {
        _directory = directory;
        _log = log;
        _needed = directory.Length == 0 ? [] : [.. FilesOf(directory, isAlone).OfType<KeptFile>()];
        foreach (var file in _needed) Watch(file);
    }

    /// <summary>Of the store of the system's process. From its first use on the files are looked after.</summary>
    public static StoreWatch Of(ActorSystem system) => system.WithExtension<StoreWatch, Provider>();

    /// <summary>The first file that is not what it was, and what is wrong: "journal.db was replaced by another file". Null where all are.</summary>
    public string? Lost => Find() is var (file, wrong) ? $"{NameOf(file)} {wrong}" : null;

    /// <summary>Whether only write-ahead logs, and what SQLite keeps beside them, are lost: what is in them can still go into their files.</summary>
    public bool HasDatabases => !_needed.Any(f => !IsLog(f) && f.Wrong() is not null);

    /// <summary>Looks after more files: those that hold what they are to hold for ever, those that are held open, and those that are renewed.</summary>
    public void Keep(IEnumerable<string> written, IEnumerable<string> open, IEnumerable<string> renewed)
    {
        lock (_telling)
        {
            _needed = [.. _needed, .. written.Select(KeptFile.Holding).OfType<KeptFile>(), .. open.Select(KeptFile.Open).OfType<KeptFile>()];
            _renewable = [.. _renewable, .. renewed.Select(KeptFile.Present).OfType<KeptFile>()];
            foreach (var file in _needed.Concat(_renewable)) Watch(file);
            lock (_looking) _isWell = false;
        }
    }

    /// <summary>Before something is written, and before it is acknowledged. Throws <see cref="StoreLostException"/>.</summary>
    public void Require()
    {
        if (_isWell && _isNoticed && _notices is { Any: false } && Environment.TickCount64 - Volatile.Read(ref _looked) < LooksEvery) return;
        if (FindAnew() is not var (file, wrong))
        {
            if (_told is not null) Look();
            return;
        }
        Look();
        throw new StoreLostException(NameOf(file), wrong);
    }

    /// <summary>Says in the log what has changed since it last did.</summary>
    public void Look()
    {
        lock (_telling)
        {
            var found = Find();
            var now = found is var (file, wrong) ? $"{file.Path} {wrong}" : null;
            if (now != _told)
            {
                _told = now;
                if (found is var (lost, why)) _log.Error("{0}", LostFile.Describe(lost, why, _directory.Length > 0));
                else _log.Info("The store's files are in their places again: writes go on");
            }
            foreach (var renewable in _renewable)
            {
                var isGone = renewable.Wrong() is not null;
                if (isGone && _gone.Add(renewable.Path)) _log.Warning("{0} is not there any more. It is used until this process ends; the next start makes another, and what rests on this one is void then (of a certificate and its key, one alone is refused)", renewable.Path);
                else if (!isGone) _gone.Remove(renewable.Path);
            }
        }
    }

    public void Dispose()
    {
        lock (_telling)
        {
            foreach (var watcher in _watchers) watcher.Dispose();
            _watchers.Clear();
            _notices?.Dispose();
        }
    }

    private static IEnumerable<KeptFile?> FilesOf(string directory, bool isAlone)
    {
        foreach (var database in Databases)
        {
            var file = System.IO.Path.Combine(directory, database);
            yield return KeptFile.Open(file);
            // Where others share the files, the last of them removes the logs.
            if (!isAlone) continue;
            yield return KeptFile.Open(file + "-wal");
            yield return KeptFile.Open(file + "-shm");
        }
        if (isAlone) yield return KeptFile.Holding(System.IO.Path.Combine(directory, OpenStore.FileName));
    }

    private static bool IsLog(KeptFile file) => file.Path.EndsWith("-wal", StringComparison.Ordinal) || file.Path.EndsWith("-shm", StringComparison.Ordinal);

    /// <summary>Looks at the files and remembers whether all are well.</summary>
    private (KeptFile File, string Wrong)? FindAnew()
    {
        lock (_looking)
        {
            // In this order: while the files are looked at nobody takes them for well, and what happens after the notices were taken leaves new ones.
            _isWell = false;
            _notices?.Clear();
            Volatile.Write(ref _looked, Environment.TickCount64);
            var found = Find();
            _isWell = found is null;
            return found;
        }
    }

    private (KeptFile File, string Wrong)? Find()
    {
        foreach (var file in _needed)
            if (file.Wrong() is { } wrong)
                return (file, wrong);
        return null;
    }

    private string NameOf(KeptFile file) => System.IO.Path.GetRelativePath(_directory.Length > 0 ? _directory : System.IO.Path.GetDirectoryName(file.Path)!, file.Path);

    private void Watch(KeptFile file)
    {
        if (file.HoldsContent && _watched.Add(file.Path)) _isNoticed &= _notices?.TryWatchContent(file.Path) ?? false;
        var directory = System.IO.Path.GetDirectoryName(file.Path)!;
        if (!_watched.Add(directory)) return;
        _isNoticed &= _notices?.TryWatchNames(directory) ?? false;
        try
        {
            // Names, and what is in the small files; not each commit's growth of a log.
            var watcher = new FileSystemWatcher(directory) { NotifyFilter = NotifyFilters.FileName | (directory == _directory ? 0 : NotifyFilters.LastWrite) };
            _watchers.Add(watcher);
            watcher.Created += (_, _) => Look();
            watcher.Deleted += (_, _) => Look();
            watcher.Renamed += (_, _) => Look();
            watcher.Changed += (_, _) => Look();
            watcher.Error += (_, _) => Look();
            watcher.EnableRaisingEvents = true;
        }
        catch (IOException e)
        {
            // The kernel bounds how many there may be; commits and /readyz ask nonetheless.
            _log.Warning("{0} is not watched for files that are deleted, moved or replaced; that is found by the next write: {1}", directory, e.Message);
        }
    }

    private sealed class Provider : ExtensionIdProvider<StoreWatch>
    {
        public override StoreWatch CreateExtension(ExtendedActorSystem system)
        {
            var directory = system.Settings.Config.GetString("actororch.store.sqlite.directory", "");
            var isSqlite = system.Settings.Config.GetString("actororch.store.provider", "") == "sqlite";
            var isAlone = isSqlite && File.Exists(System.IO.Path.Combine(directory, OpenStore.FileName));
            var watch = new StoreWatch(isSqlite ? directory : "", isAlone, Logging.GetLogger(system, nameof(StoreWatch)));
            system.RegisterOnTermination(watch.Dispose);
            return watch;
        }
    }
}

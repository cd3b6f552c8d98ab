using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;
using ActorOrch.Registry.Files;
using Akka.Actor;
using Akka.Event;
using Microsoft.Win32.SafeHandles;

namespace ActorOrch.Registry.Persistence.Sqlite;

/// <summary>
/// How far SQLite's files have come, in a file beside them that outlives the process: one of them that has not come so far is an older one, put
/// in its place while nobody looked. Written after each commit and not synced: after a kill it is what it was, and after a loss of power it may
/// be behind, and never ahead of what is durable.
/// </summary>
public sealed class StoreMarks : IExtension, IDisposable
{
    internal const string FileName = "store.marks";

    private readonly ILoggingAdapter _log;
    private readonly Lock _gate = new();
    private readonly SafeFileHandle? _file;
    private readonly List<Kept> _kept = [];
    private bool _failed;

    /// <summary>One of the files while it is written to.</summary>
    /// <param name="copiedAt">Where its numbers are.</param>
    private sealed class Kept(string name, StoreMark mark, SafeFileHandle log, long copiedAt, long writtenAt)
    {
        public string Name => name;
        public StoreMark Mark { get; set; } = mark;
        public SafeFileHandle Log => log;
        public long CopiedAt => copiedAt;
        public long WrittenAt => writtenAt;
        public ulong Salts { get; set; } = SaltsOf(log) ?? 0;
    }

    private StoreMarks(string directory, ILoggingAdapter log)
    {
        _log = log;
        var path = PathIn(directory);
        if (directory.Length == 0 || !File.Exists(path)) return;
        var marks = Read(directory);
        _file = File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        var end = 0L;
        foreach (var (name, mark) in marks)
        {
            end += Encoding.ASCII.GetByteCount(mark.ToLine(name));
            var writtenAt = end - 1 - StoreMark.Digits;
            _kept.Add(new(name, mark, SmallFile.OpenUnlocked(MarkedDatabase.LogOf(MarkedDatabase.Named(name).In(directory))), writtenAt - 1 - StoreMark.Digits, writtenAt));
        }
    }

    /// <summary>Of the store of the system's process; of one that has none, it does nothing.</summary>
    public static StoreMarks Of(ActorSystem system) => system.WithExtension<StoreMarks, Provider>();

    public static string PathIn(string directory) => Path.Combine(directory, FileName);

    /// <summary>None where there is no file: of a store that no process of this version has written to. Throws <see cref="DamagedFileException"/>.</summary>
    internal static IReadOnlyList<(string Name, StoreMark Mark)> Read(string directory)
    {
        var path = PathIn(directory);
        if (SmallFile.ReadText(path) is not { } text) return [];
        var marks = text.TrimEnd('\n').Split('\n').Select(StoreMark.Parse).ToList();
        if (marks.Any(m => m is null || MarkedDatabase.All.All(d => d.Name != m.Value.Name))) throw new DamagedFileException(path, "does not hold what was written");
        return [.. marks.Select(m => m!.Value)];
    }

    /// <summary>Before the files are written to.</summary>
    internal static void Write(string directory, IEnumerable<(string Name, StoreMark Mark)> marks) =>
        SmallFile.Write(PathIn(directory), string.Concat(marks.Select(m => m.Mark.ToLine(m.Name))));

    /// <summary>After a commit that is synced, and before it is acknowledged.</summary>
    /// <param name="name">Of the file.</param>
    /// <param name="number">Of the commit or of one that came after it, and is synced, too.</param>
    internal void Written(string name, long number)
    {
        if (_file is null) return;
        lock (_gate)
        {
            if (_kept.Find(k => k.Name == name) is not { } kept) return;
            var (copied, written) = (kept.Mark.Copied, Math.Max(kept.Mark.Written, number));
            if (HasBegunAnew(kept))
            {
                // It does when all that it held is in the file, and what was acknowledged before was in it.
                copied = Math.Max(copied, kept.Mark.Written);
                Save(kept, copied, kept.CopiedAt);
            }
            kept.Mark = new(copied, written);
            Save(kept, written, kept.WrittenAt);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var kept in _kept) kept.Log.Dispose();
            _kept.Clear();
            _file?.Dispose();
        }
    }

    /// <summary>Whether the log has, since it was last asked.</summary>
    private static bool HasBegunAnew(Kept kept)
    {
        // Another connection may be writing it just now.
        if (SaltsOf(kept.Log) is not { } salts || salts == kept.Salts || SaltsOf(kept.Log) != salts) return false;
        kept.Salts = salts;
        return true;
    }

    private void Save(Kept kept, long number, long at)
    {
        Span<byte> digits = stackalloc byte[StoreMark.Digits];
        _ = Utf8Formatter.TryFormat(number, digits, out _, new('D', StoreMark.Digits));
        try
        {
            RandomAccess.Write(_file!, digits, at);
            _failed = false;
        }
        catch (IOException e)
        {
            // The commit is durable all the same.
            if (!_failed) _log.Warning("{0} cannot be written: that an older {1} was put in its place may not be noticed: {2}", FileName, kept.Name, e.Message);
            _failed = true;
        }
    }

    /// <summary>Of the log's header (sqlite.org/fileformat2.html#walformat): another pair whenever it begins anew. Null where it is empty.</summary>
    private static ulong? SaltsOf(SafeFileHandle log)
    {
        const int saltsAt = 16;
        Span<byte> salts = stackalloc byte[sizeof(ulong)];
        return RandomAccess.Read(log, salts, saltsAt) < salts.Length ? null : BinaryPrimitives.ReadUInt64BigEndian(salts);
    }

    private sealed class Provider : ExtensionIdProvider<StoreMarks>
    {
        public override StoreMarks CreateExtension(ExtendedActorSystem system)
        {
            var config = system.Settings.Config;
            var directory = config.GetString("actororch.store.provider", "") == "sqlite" ? config.GetString("actororch.store.sqlite.directory", "") : "";
            // Without it others may have the files, too.
            var isAlone = directory.Length > 0 && File.Exists(Path.Combine(directory, OpenStore.FileName));
            var marks = new StoreMarks(isAlone ? directory : "", Logging.GetLogger(system, nameof(StoreMarks)));
            system.RegisterOnTermination(marks.Dispose);
            return marks;
        }
    }
}

using ActorOrch.Registry.Files;

namespace ActorOrch.Registry.Persistence.Keeping;

/// <summary>A file that a store rests on, as it is when this is made.</summary>
internal abstract class KeptFile
{
    private readonly byte[] _name;

    private KeptFile(string path)
    {
        Path = path;
        _name = FileStamp.Name(path);
    }

    public string Path { get; }

    /// <summary>The file, where the process has it open: what is written goes there, whatever lies under the name.</summary>
    public virtual FileIdentity? Opened => null;

    /// <summary>Whether it has to hold what it did.</summary>
    public virtual bool HoldsContent => false;

    /// <summary>One that the process has open. Null where there is none.</summary>
    public static KeptFile? Open(string path) => FileStamp.Of(FileStamp.Name(path)) is { } stamp ? new OpenFile(path, stamp.File) : null;

    /// <summary>A small one that must go on to hold what it does. Null where there is none. Throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.</summary>
    public static KeptFile? Holding(string path) => SmallFile.Read(path) is { } content ? new WrittenOnce(path, content) : null;

    /// <summary>One that is written again from time to time. Null where there is none.</summary>
    public static KeptFile? Present(string path) => File.Exists(path) ? new Renewed(path) : null;

    /// <summary>What is wrong with it now, the end of a sentence that begins with its name; null where nothing is. Costs a call of the kernel.</summary>
    public string? Wrong() => FileStamp.Of(_name) is { } stamp ? Wrong(stamp) : "is not there any more";

    protected abstract string? Wrong(FileStamp stamp);

    private sealed class OpenFile(string path, FileIdentity file) : KeptFile(path)
    {
        public override FileIdentity? Opened => file;

        protected override string? Wrong(FileStamp stamp) => stamp.File == file ? null : "was replaced by another file";
    }

    private sealed class WrittenOnce(string path, byte[] content) : KeptFile(path)
    {
        private sealed record Look(FileStamp Stamp, string? Wrong);

        private volatile Look? _last;

        public override bool HoldsContent => true;

        protected override string? Wrong(FileStamp stamp)
        {
            if (_last is { } last && last.Stamp == stamp) return last.Wrong;
            var wrong = Compare();
            _last = new(stamp, wrong);
            return wrong;
        }

        private string? Compare()
        {
            try
            {
                return SmallFile.Read(Path) is { } now ? now.AsSpan().SequenceEqual(content) ? null : "was changed" : "is not there any more";
            }
            catch (DamagedFileException)
            {
                return "was changed";
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return $"cannot be read ({e.Message})";
            }
        }
    }

    private sealed class Renewed(string path) : KeptFile(path)
    {
        protected override string? Wrong(FileStamp stamp) => null;
    }
}

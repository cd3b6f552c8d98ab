namespace ActorOrch.Registry.Tests.Persistence.Disks;

/// <summary>
/// A disk with a cache that is lost with the power: what was written since the last sync of a file may be there afterwards, or not, or in
/// part, sector by sector and in any order. Remembers what is durable, and counts.
/// </summary>
/// <param name="honest">False: a disk that answers a sync and does nothing, as some do.</param>
internal sealed class VolatileDisk(bool honest = true) : IDiskObserver
{
    private const int Sector = 512;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, File> _files = [];

    /// <param name="durable">What is there before this disk has been written to.</param>
    private sealed class File(byte[] durable)
    {
        public MemoryStream Durable { get; } = Stream(durable);
        public List<Operation> Pending { get; } = [];
        public int Syncs { get; set; }
    }

    /// <summary>Bytes at an offset, or where there are none, a truncation to it.</summary>
    private readonly record struct Operation(long Offset, byte[]? Bytes);

    public int SyncsOf(string path)
    {
        lock (_gate) return _files.TryGetValue(path, out var file) ? file.Syncs : 0;
    }

    /// <summary>Writes to a file that have not been synced.</summary>
    public int UnsyncedOf(string path)
    {
        lock (_gate) return _files.TryGetValue(path, out var file) ? file.Pending.Count : 0;
    }

    public int Writing(string path, long offset, ReadOnlySpan<byte> bytes)
    {
        lock (_gate) Of(path).Pending.Add(new(offset, bytes.ToArray()));
        return NativeSqlite.Ok;
    }

    public void Truncating(string path, long size)
    {
        lock (_gate) Of(path).Pending.Add(new(size, null));
    }

    public int Syncing(string path)
    {
        lock (_gate)
        {
            var file = Of(path);
            file.Syncs++;
            if (!honest) return NativeSqlite.Ok;
            foreach (var operation in file.Pending) Apply(file.Durable, operation);
            file.Pending.Clear();
            return NativeSqlite.Ok;
        }
    }

    public void Deleted(string path)
    {
        lock (_gate) _files.Remove(path);
    }

    /// <summary>Makes <paramref name="after"/> what the directory would be if the power went now. Memory shared by processes is lost anyway.</summary>
    /// <param name="dice">0 to 1: decides which sectors of what was not synced made it.</param>
    public void LosePower(string directory, string after, Func<double> dice)
    {
        lock (_gate)
        {
            foreach (var path in Directory.GetFiles(directory))
            {
                if (path.EndsWith("-shm", StringComparison.Ordinal)) continue;
                if (!Path.GetFileName(path).Contains(".db", StringComparison.Ordinal))
                {
                    // Not SQLite's: the worst case is that all of it came to be durable.
                    System.IO.File.Copy(path, Path.Combine(after, Path.GetFileName(path)), overwrite: true);
                    continue;
                }
                var file = Of(path);
                using var left = Stream(file.Durable.ToArray());
                foreach (var operation in file.Pending) ApplyInPart(left, operation, dice);
                System.IO.File.WriteAllBytes(Path.Combine(after, Path.GetFileName(path)), left.ToArray());
            }
        }
    }

    private File Of(string path)
    {
        if (_files.TryGetValue(path, out var file)) return file;
        return _files[path] = new(System.IO.File.Exists(path) ? System.IO.File.ReadAllBytes(path) : []);
    }

    private static MemoryStream Stream(byte[] bytes)
    {
        var stream = new MemoryStream();
        stream.Write(bytes);
        return stream;
    }

    private static void ApplyInPart(MemoryStream stream, Operation operation, Func<double> dice)
    {
        if (operation.Bytes is not { } bytes)
        {
            if (dice() < 0.5) Apply(stream, operation);
            return;
        }
        for (var done = 0; done < bytes.Length;)
        {
            var count = (int)Math.Min(bytes.Length - done, Sector - ((operation.Offset + done) % Sector));
            if (dice() < 0.5) Apply(stream, new(operation.Offset + done, bytes[done..(done + count)]));
            done += count;
        }
    }

    private static void Apply(MemoryStream stream, Operation operation)
    {
        if (operation.Bytes is not { } bytes)
        {
            stream.SetLength(operation.Offset);
            return;
        }
        if (stream.Length < operation.Offset) stream.SetLength(operation.Offset);
        stream.Position = operation.Offset;
        stream.Write(bytes);
    }
}

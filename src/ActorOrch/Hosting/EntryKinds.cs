using ActorOrch.Registry.Files;

namespace ActorOrch.Hosting;

/// <summary>What lies under the names of a data directory: to read or write what is neither file nor directory may wait for ever, or do something else.</summary>
internal static class EntryKinds
{
    private const uint KindField = 0x1;
    private const int KindMask = 0xF000, Pipe = 0x1000, CharacterDevice = 0x2000, DirectoryKind = 0x4000, BlockDevice = 0x6000, Regular = 0x8000, Socket = 0xC000;

    /// <summary>The first entry that is not what its name says, and what it is: the end of a sentence. Null where all are, or are not there. Links are followed.</summary>
    public static (string Path, string What)? FirstWrong(string directory)
    {
        var pki = Path.Combine(directory, "pki");
        var directories = (string[])[Path.Combine(directory, "nodes"), pki, Path.Combine(pki, "cluster")];
        foreach (var path in directories)
            if (Wrong(path, DirectoryKind) is { } what)
                return (path, what);
        foreach (var path in DataFiles.Names.Select(n => Path.Combine(directory, n)).Concat(Below(pki)).Concat(Below(Path.Combine(pki, "cluster"))).Except(directories))
            if (Wrong(path, Regular) is { } what)
                return (path, what);
        return null;
    }

    /// <summary>The same of one file.</summary>
    public static string? Wrong(string path) => Wrong(path, Regular);

    private static IEnumerable<string> Below(string directory) => Directory.Exists(directory) ? Directory.EnumerateFileSystemEntries(directory) : [];

    private static string? Wrong(string path, int expected)
    {
        Span<byte> status = stackalloc byte[KernelStatus.Bytes];
        if (!KernelStatus.TryRead(KernelStatus.CurrentDirectory, [.. System.Text.Encoding.UTF8.GetBytes(path), 0], 0, KindField, status))
            return new FileInfo(path).LinkTarget is { } target ? $"is a link to {target}, which is not there or cannot be read" : null;
        var kind = BitConverter.ToUInt16(status[KernelStatus.Kind..]) & KindMask;
        return kind == expected ? null : $"is {NameOf(kind)}, not {NameOf(expected)}";
    }

    private static string NameOf(int kind) => kind switch
    {
        Regular => "a file",
        DirectoryKind => "a directory",
        Pipe => "a pipe",
        Socket => "a socket",
        CharacterDevice or BlockDevice => "a device",
        _ => "something else",
    };
}

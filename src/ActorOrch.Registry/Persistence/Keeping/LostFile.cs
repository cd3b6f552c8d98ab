using ActorOrch.Registry.Files;

namespace ActorOrch.Registry.Persistence.Keeping;

/// <summary>What is said of a file that is not what it was, and what can be done about it.</summary>
internal static class LostFile
{
    private const string OwnDescriptors = "/proc/self/fd";

    /// <param name="stopsWrites">Of a store in files; a database goes on.</param>
    public static string Describe(KeptFile file, string wrong, bool stopsWrites)
    {
        var begin = $"{file.Path} {wrong}, and the store rests on it{(stopsWrites ? ": nothing is written until it is as it was" : "")}. If it was moved, move it back. ";
        if (file.Opened is not { } opened) return begin + "Else put it back from a backup before this process is started again.";
        return begin + (DescriptorOf(opened) is { } descriptor
            ? $"Else save what this process has open before it ends: cp /proc/{Environment.ProcessId}/fd/{descriptor} {file.Path} - then stop it and start it again. "
            : "")
            + "Without that, stop it and restore the last backup into a directory that is empty: actororch restore FILE --data-dir DIR.";
    }

    /// <summary>Null where the process does not have it open.</summary>
    private static string? DescriptorOf(FileIdentity file)
    {
        foreach (var link in Directory.EnumerateFileSystemEntries(OwnDescriptors))
            if (FileStamp.Of(FileStamp.Name(link))?.File == file)
                return Path.GetFileName(link);
        return null;
    }
}

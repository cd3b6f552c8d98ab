using System.Globalization;

namespace ActorOrch.Agent.Volumes;

/// <summary>One file of a projected volume.</summary>
/// <param name="Path">Relative, with <c>/</c>.</param>
public sealed record ProjectedFile(string Path, byte[] Content, UnixFileMode Mode);

/// <summary>
/// Replaces a set of files at once, as upstream's AtomicWriter: the files live in a directory named after the time, <c>..data</c> points to
/// it, and each visible name is a link through <c>..data</c>. A reader sees all of the old or all of the new.
/// </summary>
internal static class AtomicWriter
{
    private const string DataLink = "..data";
    private const string NewDataLink = "..data_tmp";
    private const UnixFileMode DirectoryMode = (UnixFileMode)0b111_101_101;

    /// <summary>Returns whether anything changed.</summary>
    public static bool Write(string directory, IReadOnlyList<ProjectedFile> files, DateTimeOffset now)
    {
        var data = Path.Combine(directory, DataLink);
        var old = new DirectoryInfo(data).LinkTarget;
        var oldDirectory = old is null ? null : Path.Combine(directory, old);
        if (oldDirectory is not null && Same(oldDirectory, files)) return false;

        var name = Unused(directory, $"..{now.UtcDateTime.ToString("yyyy_MM_dd_HH_mm_ss.fffffff", CultureInfo.InvariantCulture)}");
        var fresh = Path.Combine(directory, name);
        Directory.CreateDirectory(fresh, DirectoryMode);
        foreach (var file in files) WriteFile(Path.Combine(fresh, file.Path), file);

        var link = Path.Combine(directory, NewDataLink);
        File.Delete(link);
        File.CreateSymbolicLink(link, name);
        Unix.Rename(link, data);

        LinkVisibleNames(directory, files);
        if (oldDirectory is not null && Directory.Exists(oldDirectory)) Directory.Delete(oldDirectory, recursive: true);
        return true;
    }

    private static void WriteFile(string path, ProjectedFile file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!, DirectoryMode);
        File.WriteAllBytes(path, file.Content);
        File.SetUnixFileMode(path, file.Mode);
    }

    private static void LinkVisibleNames(string directory, IReadOnlyList<ProjectedFile> files)
    {
        var wanted = files.Select(f => f.Path.Split('/')[0]).ToHashSet(StringComparer.Ordinal);
        foreach (var entry in new DirectoryInfo(directory).EnumerateFileSystemInfos())
        {
            if (entry.Name.StartsWith("..", StringComparison.Ordinal) || wanted.Remove(entry.Name)) continue;
            entry.Delete();
        }
        foreach (var name in wanted) File.CreateSymbolicLink(Path.Combine(directory, name), $"{DataLink}/{name}");
    }

    private static bool Same(string directory, IReadOnlyList<ProjectedFile> files)
    {
        if (!Directory.Exists(directory)) return false;
        if (Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).Count() != files.Count) return false;
        foreach (var file in files)
        {
            var path = Path.Combine(directory, file.Path);
            if (!File.Exists(path) || File.GetUnixFileMode(path) != file.Mode || !File.ReadAllBytes(path).AsSpan().SequenceEqual(file.Content)) return false;
        }
        return true;
    }

    private static string Unused(string directory, string name)
    {
        var candidate = name;
        for (var i = 1; Directory.Exists(Path.Combine(directory, candidate)); i++) candidate = $"{name}_{i}";
        return candidate;
    }
}

using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ActorOrch.Agent.Files;

namespace ActorOrch.Agent.Volumes;

/// <summary>One file of a projected volume.</summary>
/// <param name="Path">Relative, with <c>/</c>.</param>
public sealed record ProjectedFile(string Path, byte[] Content, UnixFileMode Mode);

/// <summary>
/// Replaces a set of files at once, as upstream's AtomicWriter: the files live in a directory named after the time, <c>..data</c> points to
/// it, and each visible name is a link through <c>..data</c>. A reader sees all of the old or all of the new. What stands in the volume is
/// trusted only where it has the form of what was made here; anything else is replaced, and never followed.
/// </summary>
internal static partial class AtomicWriter
{
    private const string DataLink = "..data";
    private const string NewDataLink = "..data_tmp";
    private const UnixFileMode DirectoryMode = (UnixFileMode)0b111_101_101;
    private const UnixFileMode ReadByGroup = UnixFileMode.GroupRead;

    /// <summary>Returns whether anything changed.</summary>
    /// <param name="group">Who may read the files beside their owner: the pod's <c>fsGroup</c>.</param>
    public static bool Write(Descriptor volume, IEnumerable<ProjectedFile> projected, DateTimeOffset now, uint? group = null)
    {
        // Of two files at one path the later source's counts.
        var files = new Dictionary<string, ProjectedFile>(StringComparer.Ordinal);
        foreach (var file in projected)
        {
            Check(file.Path);
            files[file.Path] = group is null ? file : file with { Mode = file.Mode | ReadByGroup };
        }
        var old = CurrentName(volume);
        if (old is not null && Same(volume, old, files.Values, group)) return false;

        var name = Unused(volume, $"..{now.UtcDateTime.ToString("yyyy_MM_dd_HH_mm_ss.fffffff", CultureInfo.InvariantCulture)}");
        using (var fresh = volume.EnsureDirectory(name, Directories(group)))
        {
            fresh.Own(group);
            fresh.SetMode(Directories(group));
            foreach (var file in files.Values) WriteFile(fresh, file, group);
        }
        TreeRemoval.Remove(volume, NewDataLink);
        volume.Link(NewDataLink, Encoded(name));
        if (old is null) TreeRemoval.Remove(volume, DataLink);
        volume.Rename(NewDataLink, DataLink);

        LinkVisibleNames(volume, files.Values);
        RemoveOlder(volume, name);
        return true;
    }

    /// <summary>Whether nothing stands in the directory but what is made here.</summary>
    public static bool MadeAllOf(Descriptor volume)
    {
        foreach (var name in volume.AllNames())
        {
            var text = name.ToString();
            if (!text.StartsWith("..", StringComparison.Ordinal) && LinkText(volume, name) != $"{DataLink}/{text}") return false;
        }
        return true;
    }

    private static UnixFileMode Directories(uint? group) => group is null ? DirectoryMode : DirectoryMode | UnixFileMode.SetGroup;

    private static FileName Encoded(string text) => FileName.Of([.. Encoding.UTF8.GetBytes(text), 0]);

    private static void Check(string path)
    {
        var names = path.Split('/');
        if (names[0].StartsWith("..", StringComparison.Ordinal) || names.Any(n => n is "" or "." or ".." || n.Contains('\0', StringComparison.Ordinal)))
            throw new VolumeException($"invalid path \"{path}\" of a projected file");
    }

    private static void WriteFile(Descriptor top, ProjectedFile file, uint? group)
    {
        var names = file.Path.Split('/');
        WithParent(top, names, (at, name) =>
        {
            var made = at.EnsureDirectory(name, Directories(group));
            made.Own(group);
            made.SetMode(Directories(group));
            return made;
        }, parent => parent.CreateFile(names[^1], file.Content, file.Mode, group));
    }

    /// <summary>Descends to the directory of a file, one name at a time.</summary>
    private static void WithParent(Descriptor top, string[] names, Func<Descriptor, string, Descriptor?> next, Action<Descriptor> act)
    {
        Descriptor? opened = null;
        try
        {
            var at = top;
            foreach (var name in names.AsSpan(0, names.Length - 1))
            {
                var below = next(at, name);
                opened?.Dispose();
                opened = below;
                if (below is null) return;
                at = below;
            }
            act(at);
        }
        finally
        {
            opened?.Dispose();
        }
    }

    private static void LinkVisibleNames(Descriptor volume, IEnumerable<ProjectedFile> files)
    {
        var wanted = files.Select(f => f.Path.Split('/')[0]).ToHashSet(StringComparer.Ordinal);
        foreach (var name in volume.AllNames())
        {
            var text = name.ToString();
            if (text.StartsWith("..", StringComparison.Ordinal)) continue;
            if (wanted.Contains(text) && LinkText(volume, name) == $"{DataLink}/{text}") wanted.Remove(text);
            else TreeRemoval.Remove(volume, name);
        }
        foreach (var name in wanted) volume.Link(name, Encoded($"{DataLink}/{name}"));
    }

    /// <summary>What earlier versions left, those that were cut off included.</summary>
    private static void RemoveOlder(Descriptor volume, string current)
    {
        foreach (var name in volume.AllNames())
            if (name.ToString() is var text && text != current && OwnName().IsMatch(text)) TreeRemoval.Remove(volume, name);
    }

    /// <summary>The directory of the files that can be seen; null where there is none of a form that was made here.</summary>
    private static string? CurrentName(Descriptor volume) => LinkText(volume, DataLink) is { } name && OwnName().IsMatch(name) ? name : null;

    private static string? LinkText(Descriptor directory, FileName name)
    {
        using var link = directory.Find(name);
        return link is { Status.Kind: FileKind.Link } ? Encoding.UTF8.GetString(link.ReadLink()) : null;
    }

    private static bool Same(Descriptor volume, string current, IReadOnlyCollection<ProjectedFile> files, uint? group)
    {
        using var top = volume.TryOpenDirectory(current);
        if (top is null) return false;
        foreach (var file in files)
        {
            var names = file.Path.Split('/');
            var same = false;
            WithParent(top, names, (at, name) => at.TryOpenDirectory(name), parent => same = Same(parent, names[^1], file, group));
            if (!same) return false;
        }
        return Count(top, files.SelectMany(f => Parents(f.Path)).Append("").ToHashSet(StringComparer.Ordinal), "") == files.Count;
    }

    private static bool Same(Descriptor parent, string name, ProjectedFile wanted, uint? group)
    {
        using var file = parent.TryOpenFile(name);
        if (file is null) return false;
        var status = file.Status;
        if (status.Size != wanted.Content.Length || status.Mode != wanted.Mode || (group is { } owner && status.Group != owner)) return false;
        var content = new byte[wanted.Content.Length];
        return RandomAccess.Read(file.Handle, content, 0) == content.Length && content.AsSpan().SequenceEqual(wanted.Content);
    }

    /// <summary>How many names there are that are no wanted directory.</summary>
    private static int Count(Descriptor directory, HashSet<string> wanted, string path)
    {
        var count = 0;
        foreach (var name in directory.AllNames())
        {
            var inner = path.Length == 0 ? name.ToString() : $"{path}/{name}";
            using var below = wanted.Contains(inner) ? directory.TryOpenDirectory(name) : null;
            count += below is null ? 1 : Count(below, wanted, inner);
        }
        return count;
    }

    private static IEnumerable<string> Parents(string path)
    {
        for (var at = path.LastIndexOf('/'); at > 0; at = path.LastIndexOf('/', at - 1)) yield return path[..at];
    }

    private static string Unused(Descriptor volume, string name)
    {
        var candidate = name;
        for (var i = 1; Exists(volume, candidate); i++) candidate = $"{name}_{i}";
        return candidate;
    }

    private static bool Exists(Descriptor volume, string name)
    {
        using var found = volume.Find(name);
        return found is not null;
    }

    [GeneratedRegex(@"^\.\.\d{4}_\d\d_\d\d_\d\d_\d\d_\d\d\.\d{7}(_\d+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex OwnName();
}

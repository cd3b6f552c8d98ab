using System.Globalization;
using System.Text;

namespace ActorOrch.Agent.Files;

/// <summary>The machine's mounts, as a process sees them (<c>/proc/PID/mountinfo</c>).</summary>
internal static class MountTable
{
    private const string Myself = "self";
    private const string Shared = "shared:";

    /// <param name="Id">As in <see cref="FileStatus.Mount"/>.</param>
    /// <param name="Point">Absolute; a char a byte, since names need not be text.</param>
    /// <param name="Root">What of its file system is mounted there, likewise.</param>
    /// <param name="PeerGroup">Whose mounts and unmounts it shares; null where it is private.</param>
    /// <param name="FileSystem">Its kind.</param>
    /// <param name="Source">What whoever mounted it called the source.</param>
    public sealed record Mount(ulong Id, string Point, string Root, string? PeerGroup, string FileSystem, string Source);

    public static IEnumerable<Mount> Read(string process = Myself) => File.ReadLines($"/proc/{process}/mountinfo", Encoding.Latin1).Select(Parse);

    /// <summary>The mount that a path leads into: of those at the longest part of it the last, which covers the others.</summary>
    /// <param name="path">Absolute, without links; a char a byte.</param>
    public static Mount? Covering(IEnumerable<Mount> mounts, string path)
    {
        Mount? found = null;
        foreach (var mount in mounts)
            if (IsAtOrAbove(mount.Point, path) && mount.Point.Length >= (found?.Point.Length ?? 0)) found = mount;
        return found;
    }

    internal static Mount Parse(string line)
    {
        var fields = line.Split(' ');
        var separator = Array.IndexOf(fields, "-", 6);
        return new(
            ulong.Parse(fields[0], CultureInfo.InvariantCulture), Unescape(fields[4]), Unescape(fields[3]),
            fields[6..separator].FirstOrDefault(o => o.StartsWith(Shared, StringComparison.Ordinal))?[Shared.Length..],
            Unescape(fields[separator + 1]), Unescape(fields[separator + 2]));
    }

    private static bool IsAtOrAbove(string point, string path) =>
        point == "/" || path == point || (path.StartsWith(point, StringComparison.Ordinal) && path[point.Length] == '/');

    /// <summary>
    /// Unmounts all that is mounted below a directory, the deepest first, whoever mounted it. Each is reached by open directories, so that no link
    /// leads to a mount elsewhere. Throws <see cref="IOException"/> where one stays.
    /// </summary>
    public static void UnmountBelow(Descriptor directory) => Unmount(directory, within: "");

    /// <summary>Likewise what is mounted at a name in a directory and below it. Nothing there: no error.</summary>
    public static void UnmountAll(Descriptor parent, FileName name) => Unmount(parent, within: Encoding.Latin1.GetString(name.Bytes, 0, name.Bytes.Length - 1));

    private static void Unmount(Descriptor directory, string within)
    {
        var top = Encoding.Latin1.GetString(directory.RealPath()) + "/";
        while (true)
        {
            // Of those at one place the last covers the others.
            var mounts = Read().Where(m => m.Point.StartsWith(top, StringComparison.Ordinal) && (within.Length == 0 || IsAtOrAbove(top + within, m.Point)))
                .Reverse().OrderByDescending(m => m.Point.Count(c => c == '/')).ToList();
            if (mounts.Count == 0) return;
            // One that others cover comes when they have gone.
            if (mounts.Count(mount => Unmount(directory, mount.Point[top.Length..], mount.Id)) == 0)
                throw new IOException($"{mounts[0].Point} cannot be unmounted");
        }
    }

    private static bool Unmount(Descriptor directory, string path, ulong id)
    {
        var opened = new List<Descriptor>();
        try
        {
            var at = directory;
            foreach (var name in path.Split('/'))
            {
                if (at.Find(FileName.Of([.. Encoding.Latin1.GetBytes(name), 0])) is not { } next) return false;
                opened.Add(next);
                at = next;
                if (opened.Count > 1)
                {
                    opened[0].Dispose();
                    opened.RemoveAt(0);
                }
            }
            if (at.Status.Mount != id) return false;
            Mounting.Unmount(at);
            return true;
        }
        finally
        {
            foreach (var open in opened) open.Dispose();
        }
    }

    /// <summary>Blanks, tabs, line ends and backslashes stand there in octal.</summary>
    private static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal)) return text;
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 3 < text.Length)
            {
                plain.Append((char)Convert.ToInt32(text.Substring(i + 1, 3), 8));
                i += 3;
            }
            else plain.Append(text[i]);
        }
        return plain.ToString();
    }
}

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
    public sealed record Mount(ulong Id, string Point, string Root, string? PeerGroup);

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
        var options = fields.Skip(6).TakeWhile(f => f != "-");
        return new(
            ulong.Parse(fields[0], CultureInfo.InvariantCulture), Unescape(fields[4]), Unescape(fields[3]),
            options.FirstOrDefault(o => o.StartsWith(Shared, StringComparison.Ordinal))?[Shared.Length..]);
    }

    private static bool IsAtOrAbove(string point, string path) =>
        point == "/" || path == point || (path.StartsWith(point, StringComparison.Ordinal) && path[point.Length] == '/');

    /// <summary>
    /// Unmounts all that is mounted at or below a directory, the last first, whoever mounted it. Each is reached by open directories, so that no link
    /// leads to a mount elsewhere. Throws <see cref="IOException"/> where one stays.
    /// </summary>
    public static void UnmountBelow(Descriptor directory)
    {
        var top = Encoding.Latin1.GetString(directory.RealPath());
        while (true)
        {
            var mounts = Read().Where(m => m.Point.StartsWith(top + "/", StringComparison.Ordinal)).Reverse().ToList();
            if (mounts.Count == 0) return;
            // One that others cover comes when they have gone.
            if (mounts.Count(mount => Unmount(directory, mount.Point[(top.Length + 1)..], mount.Id)) == 0)
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

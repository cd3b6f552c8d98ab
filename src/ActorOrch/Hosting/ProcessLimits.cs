using System.Globalization;

namespace ActorOrch.Hosting;

/// <summary>What the kernel allows this process. Where it is too little, all that comes later fails in ways that say nothing of it.</summary>
internal static class ProcessLimits
{
    /// <summary>Files, sockets and libraries that a process has open when it has just started, and a few for those who call it.</summary>
    public const long LeastFiles = 256;

    private const string Limits = "/proc/self/limits", OpenFiles = "Max open files";

    /// <summary>Throws <see cref="StartupException"/>.</summary>
    public static void Require()
    {
        if (File.Exists(Limits) && MostFiles(File.ReadLines(Limits)) is { } most and < LeastFiles)
            throw new StartupException($"this process may open {most} files, and needs {LeastFiles} at least: raise the limit (ulimit -n, or LimitNOFILE of its unit)");
    }

    /// <summary>As many as may be open now; null where that is not limited.</summary>
    public static long? MostFiles(IEnumerable<string> limits) =>
        limits.FirstOrDefault(l => l.StartsWith(OpenFiles, StringComparison.Ordinal)) is { } line
        && line[OpenFiles.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var soft, ..]
        && long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}

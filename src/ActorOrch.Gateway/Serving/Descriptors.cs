using System.Globalization;

namespace ActorOrch.Gateway.Serving;

/// <summary>
/// How many connections the process's limit of descriptors allows for: where the last one is spent on a connection, no database, no container
/// and no further connection can be opened. (The runtime has raised the limit to the most that the process may have.)
/// </summary>
internal static class Descriptors
{
    private const int Fewest = 16;
    private const int MostConnections = 32 * 1024;

    /// <summary>Kept for all else, where the limit is low; else an eighth.</summary>
    private const int LeastReserve = 64;

    /// <summary>By this process's limit, and what it has open.</summary>
    public static int Connections() => Connections(Limit(File.ReadLines("/proc/self/limits")), Directory.EnumerateFileSystemEntries("/proc/self/fd").Count());

    internal static int Connections(long limit, int open) =>
        (int)Math.Clamp(limit - open - Math.Max(LeastReserve, limit / 8), Fewest, MostConnections);

    /// <param name="limits">As <c>/proc/PID/limits</c> has them: name, soft limit, hard limit, unit.</param>
    internal static long Limit(IEnumerable<string> limits)
    {
        const string name = "Max open files";
        var line = limits.FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal));
        var soft = line?[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : long.MaxValue / 2;
    }
}

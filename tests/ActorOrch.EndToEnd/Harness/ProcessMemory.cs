using System.Globalization;

namespace ActorOrch.EndToEnd.Harness;

/// <summary>What stands in the memory of another process of this user.</summary>
internal static class ProcessMemory
{
    private const int Part = 1 << 20;

    /// <summary>Whether some bytes are anywhere in it.</summary>
    public static bool Holds(int process, byte[] wanted)
    {
        using var memory = File.OpenHandle($"/proc/{process}/mem");
        var buffer = new byte[Part + wanted.Length];
        foreach (var line in File.ReadAllLines($"/proc/{process}/maps"))
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            // Files that are mapped are not what it has been told.
            if (!fields[1].StartsWith("rw", StringComparison.Ordinal) || (fields.Length > 5 && fields[5].StartsWith('/'))) continue;
            var range = fields[0].Split('-');
            var (at, end) = (long.Parse(range[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture), long.Parse(range[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
            for (; at < end; at += Part)
                if (Read(memory, buffer.AsSpan(0, (int)Math.Min(buffer.Length, end - at)), at) is var read && buffer.AsSpan(0, read).IndexOf(wanted) >= 0) return true;
        }
        return false;
    }

    /// <summary>A part that is reserved only, or gone by now, holds nothing.</summary>
    private static int Read(Microsoft.Win32.SafeHandles.SafeFileHandle memory, Span<byte> buffer, long at)
    {
        try
        {
            return RandomAccess.Read(memory, buffer, at);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}

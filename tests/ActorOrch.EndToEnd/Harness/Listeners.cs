using System.Diagnostics;
using System.Text.RegularExpressions;

namespace ActorOrch.EndToEnd.Harness;

/// <summary>A socket that others can reach: a TCP or UDP address with its port, or the path of a Unix socket (<c>@name</c> for an abstract one).</summary>
public sealed record Listener(string Protocol, string Address)
{
    public override string ToString() => $"{Protocol} {Address}";
}

/// <summary>What a process listens on, as <c>ss</c> tells.</summary>
public static partial class Listeners
{
    public static async Task<IReadOnlyList<Listener>> OfAsync(int processId)
    {
        var all = new List<Listener>();
        foreach (var options in (string[])["-Hltnp", "-Hlunp", "-Hlxp"])
        {
            using var ss = Process.Start(new ProcessStartInfo("ss", options) { RedirectStandardOutput = true })!;
            foreach (var line in (await ss.StandardOutput.ReadToEndAsync()).Split('\n').Where(l => l.Contains($"pid={processId},", StringComparison.Ordinal)))
            {
                // State or type, state, two queues, the local address; of a Unix socket with its inode as another word.
                var words = Spaces().Split(line.Trim());
                all.Add(options == "-Hlxp" ? new("unix", words[4]) : new(options[3] == 't' ? "tcp" : "udp", words[3]));
            }
            await ss.WaitForExitAsync();
            if (ss.ExitCode != 0) throw new InvalidOperationException($"ss {options} ended with {ss.ExitCode}");
        }
        return all;
    }

    [GeneratedRegex(" +")]
    private static partial Regex Spaces();
}

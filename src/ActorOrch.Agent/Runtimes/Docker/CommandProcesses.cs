using System.Globalization;
using System.Runtime.InteropServices;

namespace ActorOrch.Agent.Runtimes.Docker;

/// <summary>The processes of a command that runs in a container, on the container's own machine.</summary>
internal static partial class CommandProcesses
{
    private const int Sigkill = 9;

    /// <summary>As often as a process may fork between being seen and being killed.</summary>
    private const int MostRounds = 5;

    private readonly record struct Seen(int Pid, int Parent, int Session);

    /// <summary>Kills the command's process and all that it has begun, also what its own parents have left behind: the session is the same.</summary>
    /// <param name="running">Whether the command's own process is there: if not, its number may be another's by now.</param>
    public static void Kill(int pid, bool running, string containerId)
    {
        if (!running && Read(pid) is not null) return;
        for (var round = 0; round < MostRounds; round++)
        {
            var all = All();
            // Whatever a number stands for by now: nothing outside of the container is touched.
            var victims = Of(pid, all).Where(p => IsIn(p, containerId)).ToList();
            if (victims.Count(victim => kill(victim, Sigkill) == 0) == 0) return;
        }
    }

    /// <summary>The process, its descendants and its session.</summary>
    private static HashSet<int> Of(int pid, List<Seen> all)
    {
        var children = all.ToLookup(p => p.Parent);
        var found = all.Where(p => p.Pid == pid || p.Session == pid).Select(p => p.Pid).ToHashSet();
        var todo = new Stack<int>(found);
        while (todo.TryPop(out var next))
            foreach (var child in children[next])
                if (found.Add(child.Pid)) todo.Push(child.Pid);
        return found;
    }

    private static List<Seen> All()
    {
        var all = new List<Seen>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
            if (int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var pid) && Read(pid) is { } seen) all.Add(seen);
        return all;
    }

    /// <summary>Null where there is no such process any more, or nothing but its exit status.</summary>
    private static Seen? Read(int pid)
    {
        try
        {
            // proc(5): state, parent, process group and session follow on the program's name, which is in parentheses and may hold any character.
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is not ("Z" or "X")
                && int.TryParse(fields[1], CultureInfo.InvariantCulture, out var parent) && int.TryParse(fields[3], CultureInfo.InvariantCulture, out var session)
                ? new(pid, parent, session)
                : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static bool IsIn(int pid, string containerId)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cgroup").Contains(containerId, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    [LibraryImport("libc")]
    private static partial int kill(int pid, int signal);
}

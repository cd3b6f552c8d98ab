namespace ActorOrch.Agent.Runtimes.Docker;

/// <summary>Whether a process has ended, from the kernel: the engine learns of it a moment later.</summary>
internal static class ProcessEnd
{
    /// <summary>True where there is no such process any more, or nothing but its exit status.</summary>
    public static bool HasCome(int pid)
    {
        try
        {
            // proc(5): the state follows on the program's name, which is in parentheses and may hold any character.
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[stat.LastIndexOf(')') + 2] is 'Z' or 'X';
        }
        catch (IOException)
        {
            // It ended before the file was opened, or while it was read.
            return true;
        }
    }
}

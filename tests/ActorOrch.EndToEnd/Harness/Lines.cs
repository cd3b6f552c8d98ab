namespace ActorOrch.EndToEnd.Harness;

/// <summary>Reads what a process that goes on prints, but waits for no line for ever.</summary>
public static class Lines
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>The next line, or null at the end. Throws <see cref="TimeoutException"/> where none comes within a minute.</summary>
    public static async Task<string?> NextLineAsync(this StreamReader reader)
    {
        try
        {
            return await reader.ReadLineAsync().WaitAsync(Limit);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"no further line within {Limit.TotalSeconds:0} s");
        }
    }
}

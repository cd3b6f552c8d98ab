namespace ActorOrch.Resources;

/// <summary>A list of which only the first three are printed, and how many more there are.</summary>
internal static class ShortList
{
    private const int Shown = 3;

    public static string Print(IEnumerable<string> items, string empty)
    {
        var first = new List<string>(Shown);
        var count = 0;
        foreach (var item in items)
        {
            if (count++ < Shown) first.Add(item);
        }
        if (count == 0) return empty;
        var text = string.Join(',', first);
        return count > Shown ? $"{text} + {count - Shown} more..." : text;
    }
}

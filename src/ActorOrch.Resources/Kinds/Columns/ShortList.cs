namespace ActorOrch.Resources.Kinds.Columns;

/// <summary>A list of which only the first three are printed, and how many more there are.</summary>
internal static class ShortList
{
    private const int Shown = 3;

    public static string Print(IEnumerable<string> items, string empty)
    {
        var first = new List<string>(Shown);
        var count = 0L;
        foreach (var item in items)
        {
            if (count++ < Shown) first.Add(item);
        }
        return Print(first, count, empty);
    }

    /// <summary>Likewise of a list that would be long to count.</summary>
    /// <param name="items">The first three are looked at.</param>
    public static string Print(IEnumerable<string> items, long count, string empty)
    {
        if (count == 0) return empty;
        var text = string.Join(',', items.Take(Shown));
        return count > Shown ? $"{text} + {count - Shown} more..." : text;
    }
}

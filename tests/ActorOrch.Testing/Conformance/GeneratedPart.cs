namespace ActorOrch.Testing.Conformance;

/// <summary>The part of a page that a command makes, between two comments that say so.</summary>
/// <param name="command">What makes it.</param>
public sealed class GeneratedPart(string command)
{
    private readonly string _begin = $"<!-- made by: {command} -->\n";
    private const string End = "<!-- end of what is made -->\n";

    /// <summary>The page with <paramref name="made"/> in the place of what was there.</summary>
    /// <exception cref="InvalidDataException">The page does not have both comments, in this order.</exception>
    public string Replace(string page, string made)
    {
        var begin = page.IndexOf(_begin, StringComparison.Ordinal);
        var end = begin < 0 ? -1 : page.IndexOf(End, begin, StringComparison.Ordinal);
        if (end < 0) throw new InvalidDataException($"the page has no part between \"{_begin.TrimEnd()}\" and \"{End.TrimEnd()}\"");
        return $"{page[..(begin + _begin.Length)]}{made}{page[end..]}";
    }
}

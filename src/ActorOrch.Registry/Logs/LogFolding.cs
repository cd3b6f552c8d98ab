namespace ActorOrch.Registry.Logs;

/// <summary>
/// Keeps a log readable and its disk free, whatever fails how often: within a window the same line is written once, lines of one kind a few
/// times, and all together a bounded number of times. What was left out is counted, and said when the window ends.
/// </summary>
internal sealed class LogFolding
{
    /// <summary>Of one kind, different ones.</summary>
    internal const int MostOfKind = 20;

    internal const int MostInAll = 200;

    /// <summary>So many are counted by themselves; the rest together.</summary>
    private const int MostCounted = 100;

    internal static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, Kind> _kinds = [];
    private int _written;
    private int _uncounted;

    /// <summary>Whether anything was left out in this window, so that its end has something to say.</summary>
    public bool HasFolded { get; private set; }

    /// <summary>Whether any line came in this window.</summary>
    public bool IsEmpty => _kinds.Count == 0;

    /// <summary>Whether a line is to be written.</summary>
    /// <param name="kind">What lines of one cause have in common: the template of the message, the type of the exception.</param>
    /// <param name="text">The whole line.</param>
    public bool Admit(string kind, string text)
    {
        if (!_kinds.TryGetValue(kind, out var known))
        {
            if (_kinds.Count >= MostCounted || _written >= MostInAll)
            {
                _uncounted++;
                HasFolded = true;
                return false;
            }
            _kinds[kind] = known = new(text);
        }
        if (_written < MostInAll && known.Seen.Count < MostOfKind && known.Seen.Add(string.GetHashCode(text, StringComparison.Ordinal)))
        {
            _written++;
            return true;
        }
        known.Folded++;
        HasFolded = true;
        return false;
    }

    /// <summary>What was left out since the last call, a line each; begins the next window.</summary>
    public IReadOnlyList<string> EndWindow()
    {
        var lines = new List<string>();
        foreach (var kind in _kinds.Values)
            if (kind.Folded > 0) lines.Add($"said {kind.Folded} more times in {Window.TotalSeconds:0} s, or in like words: {FirstLine(kind.First)}");
        if (_uncounted > 0) lines.Add($"{_uncounted} more lines of other kinds were left out in {Window.TotalSeconds:0} s");
        _kinds.Clear();
        (_written, _uncounted, HasFolded) = (0, 0, false);
        return lines;
    }

    private static string FirstLine(string text)
    {
        const int most = 500;
        var end = text.AsSpan().IndexOfAny('\r', '\n');
        var line = end < 0 ? text : text[..end];
        return line.Length <= most ? line : line[..most];
    }

    private sealed class Kind(string first)
    {
        public string First { get; } = first;
        public HashSet<int> Seen { get; } = [];
        public int Folded { get; set; }
    }
}

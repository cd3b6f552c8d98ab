using System.Globalization;
using System.Text.RegularExpressions;

namespace ActorOrch.Registry.Clustering;

/// <summary>
/// Finds braces, brackets and texts that are not closed, or that close nothing: the parser takes what it has until then for the whole. Also what
/// ends the parser itself: includes, and what is nested deeper than its stack. Pure.
/// </summary>
internal static partial class HoconBrackets
{
    private const int Deepest = 100;

    /// <summary>What is wrong with the first that is; null where none is.</summary>
    public static string? FirstWrong(string hocon)
    {
        var open = new Stack<(char Bracket, int Line)>();
        var line = 1;
        for (var i = 0; i < hocon.Length; i++)
        {
            var c = hocon[i];
            if (c == '\n') line++;
            else if (c == '#' || (c == '/' && i + 1 < hocon.Length && hocon[i + 1] == '/')) i = Math.Max(i, IndexOr(hocon, '\n', i) - 1);
            else if (c == '"')
            {
                if (EndOfText(hocon, i) is not { } end) return string.Create(CultureInfo.InvariantCulture, $"the text that begins in line {line} is never closed");
                line += hocon.AsSpan(i, end - i).Count('\n');
                i = end - 1;
            }
            else if (c is '{' or '[')
            {
                open.Push((c, line));
                if (open.Count > Deepest) return string.Create(CultureInfo.InvariantCulture, $"the '{c}' in line {line} is nested deeper than {Deepest}");
            }
            else if (c == 'i' && (i == 0 || hocon[i - 1] is '{' or ',' || char.IsWhiteSpace(hocon[i - 1])) && Include().IsMatch(hocon, i))
                return string.Create(CultureInfo.InvariantCulture, $"the include in line {line} is not supported: write what that file holds");
            else if (c is '}' or ']')
            {
                if (!open.TryPop(out var last) || last.Bracket != (c == '}' ? '{' : '['))
                    return string.Create(CultureInfo.InvariantCulture, $"the '{c}' in line {line} closes nothing");
            }
        }
        return open.TryPop(out var unclosed) ? string.Create(CultureInfo.InvariantCulture, $"the '{unclosed.Bracket}' in line {unclosed.Line} is never closed") : null;
    }

    /// <summary>The place behind a quoted text that begins here; null where it does not end.</summary>
    private static int? EndOfText(string hocon, int start)
    {
        const string triple = "\"\"\"";
        if (string.CompareOrdinal(hocon, start, triple, 0, triple.Length) == 0)
        {
            var end = hocon.IndexOf(triple, start + triple.Length, StringComparison.Ordinal);
            return end < 0 ? null : end + triple.Length;
        }
        for (var i = start + 1; i < hocon.Length; i++)
        {
            if (hocon[i] == '\\') i++;
            else if (hocon[i] == '"') return i + 1;
        }
        return null;
    }

    private static int IndexOr(string hocon, char c, int start) => hocon.IndexOf(c, start) is >= 0 and var found ? found : hocon.Length;

    [GeneratedRegex("""\Ginclude\s*("|(url|file|classpath|required)\s*\()""")]
    private static partial Regex Include();
}

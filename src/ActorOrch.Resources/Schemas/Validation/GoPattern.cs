using System.Globalization;
using System.Text;

namespace ActorOrch.Resources.Schemas.Validation;

/// <summary>From the syntax of Go's regular expressions to .NET's: the same letters mean a little more here than there.</summary>
internal static class GoPattern
{
    private static readonly Dictionary<string, string> Posix = new(StringComparer.Ordinal)
    {
        ["alnum"] = "0-9A-Za-z",
        ["alpha"] = "A-Za-z",
        ["ascii"] = @"\x00-\x7F",
        ["blank"] = @"\t ",
        ["cntrl"] = @"\x00-\x1F\x7F",
        ["digit"] = "0-9",
        ["graph"] = "!-~",
        ["lower"] = "a-z",
        ["print"] = " -~",
        ["punct"] = @"!-/:-@\[-`{-~",
        ["space"] = @"\t\n\v\f\r ",
        ["upper"] = "A-Z",
        ["word"] = "0-9A-Za-z_",
        ["xdigit"] = "0-9A-Fa-f",
    };

    /// <summary>What is no pattern there is given as it is or as something that is none here.</summary>
    public static string Translate(string pattern)
    {
        var result = new StringBuilder(pattern.Length + 8);
        var at = 0;
        // Where lines count, $ ends each of them; else only the text, not a line feed before its end.
        var ofLines = HasLineFlag(pattern);
        while (at < pattern.Length)
            switch (pattern[at])
            {
                case '\\':
                    Escape(pattern, ref at, result, inClass: false);
                    break;
                case '[':
                    Class(pattern, ref at, result);
                    break;
                case '$' when !ofLines:
                    result.Append(@"\z");
                    at++;
                    break;
                case '(' when pattern.AsSpan(at).StartsWith("(?P<"):
                    result.Append("(?<");
                    at += 4;
                    break;
                default:
                    result.Append(pattern[at++]);
                    break;
            }
        return result.ToString();
    }

    private static bool HasLineFlag(string pattern)
    {
        for (var at = pattern.IndexOf("(?", StringComparison.Ordinal); at >= 0; at = pattern.IndexOf("(?", at + 2, StringComparison.Ordinal))
            if (pattern.AsSpan(at + 2) is var flags && flags[..Math.Max(0, flags.IndexOfAnyExcept("imsU"))].Contains('m')) return true;
        return false;
    }

    private static void Class(string pattern, ref int at, StringBuilder result)
    {
        result.Append('[');
        at++;
        if (at < pattern.Length && pattern[at] == '^')
        {
            result.Append('^');
            at++;
        }
        for (var isFirst = true; at < pattern.Length && (isFirst || pattern[at] != ']'); isFirst = false)
            switch (pattern[at])
            {
                case '\\':
                    Escape(pattern, ref at, result, inClass: true);
                    break;
                case '[' when Named(pattern, at) is { } set:
                    result.Append(set.Characters);
                    at = set.End;
                    break;
                // Would take one set from another.
                case '[' or ']':
                    result.Append('\\').Append(pattern[at++]);
                    break;
                default:
                    result.Append(pattern[at++]);
                    break;
            }
        if (at >= pattern.Length) return;
        result.Append(']');
        at++;
    }

    private static (string Characters, int End)? Named(string pattern, int at)
    {
        if (!pattern.AsSpan(at).StartsWith("[:")) return null;
        var end = pattern.IndexOf(":]", at + 2, StringComparison.Ordinal);
        return end >= 0 && Posix.TryGetValue(pattern[(at + 2)..end], out var characters) ? (characters, end + 2) : null;
    }

    private static void Escape(string pattern, ref int at, StringBuilder result, bool inClass)
    {
        if (at + 1 >= pattern.Length)
        {
            result.Append(pattern[at++]);
            return;
        }
        var letter = pattern[at + 1];
        at += 2;
        if (OfAscii(letter) is { } set) result.Append(inClass && char.IsAsciiLetterLower(letter) ? set : inClass ? $@"\{letter}" : $"[{(char.IsAsciiLetterUpper(letter) ? "^" : "")}{set}]");
        else if (letter is 'p' or 'P' && at < pattern.Length && pattern[at] != '{') result.Append('\\').Append(letter).Append('{').Append(pattern[at++]).Append('}');
        else if (letter == 'x' && at < pattern.Length && pattern[at] == '{') Character(pattern, ref at, result);
        else if (letter == 'Q' && !inClass) Literal(pattern, ref at, result);
        else result.Append('\\').Append(letter);
    }

    // Of Unicode's here.
    private static string? OfAscii(char letter) => char.ToLowerInvariant(letter) switch
    {
        'd' => "0-9",
        'w' => "0-9A-Za-z_",
        's' => @"\t\n\f\r ",
        _ => null,
    };

    private static void Character(string pattern, ref int at, StringBuilder result)
    {
        var end = pattern.IndexOf('}', at);
        if (end > 0 && int.TryParse(pattern.AsSpan(at + 1, end - at - 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) && Rune.IsValid(code))
        {
            foreach (var part in new Rune(code).ToString()) result.Append(CultureInfo.InvariantCulture, $@"\u{(int)part:X4}");
            at = end + 1;
        }
        else result.Append(@"\x");
    }

    private static void Literal(string pattern, ref int at, StringBuilder result)
    {
        var end = pattern.IndexOf(@"\E", at, StringComparison.Ordinal);
        var text = end < 0 ? pattern[at..] : pattern[at..end];
        foreach (var letter in text)
        {
            if (char.IsAscii(letter) && !char.IsAsciiLetterOrDigit(letter)) result.Append(CultureInfo.InvariantCulture, $@"\x{(int)letter:X2}");
            else result.Append(letter);
        }
        at = end < 0 ? pattern.Length : end + 2;
    }
}

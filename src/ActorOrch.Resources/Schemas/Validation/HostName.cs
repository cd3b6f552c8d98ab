using System.Globalization;
using System.Text;

namespace ActorOrch.Resources.Schemas.Validation;

/// <summary>Names of hosts as upstream's format <c>hostname</c> has them: letters and symbols of any script, and a last label of at least two characters.</summary>
internal static class HostName
{
    private const int LongestName = 255;
    private const int LongestLabel = 63;

    public static bool IsValid(string text)
    {
        if (text.Length is 0 or > LongestName || Encoding.UTF8.GetByteCount(text) > LongestName) return false;
        var labels = text.Split('.');
        if (labels.Any(l => Encoding.UTF8.GetByteCount(l) > LongestLabel)) return false;
        if (labels is [var only]) return IsOnly([.. only.EnumerateRunes()]);
        return labels[..^1].All(l => IsInner([.. l.EnumerateRunes()])) && IsLast([.. labels[^1].EnumerateRunes()]);
    }

    // A character, then a dash at most, then others.
    private static bool IsOnly(Rune[] label) =>
        label.Length > 0 && IsLetter(label[0]) && label[1..] is var rest && (rest is [var dash, .. var more] && IsDash(dash) ? more : rest).All(IsLetter);

    private static bool IsInner(Rune[] label) =>
        label.Length > 0 && IsLetter(label[0]) && IsLetter(label[^1]) && label.All(r => IsLetter(r) || IsDash(r));

    private static bool IsLast(Rune[] label)
    {
        if (label.Count(IsLetter) < 2 || !IsInner(label)) return false;
        for (var i = 1; i < label.Length; i++)
            if (IsDash(label[i]) && IsDash(label[i - 1])) return false;
        return true;
    }

    private static bool IsDash(Rune rune) => rune.Value == '-';

    private static bool IsLetter(Rune rune) => rune.IsAscii && char.IsAsciiLetterOrDigit((char)rune.Value) || Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter
        or UnicodeCategory.MathSymbol or UnicodeCategory.CurrencySymbol or UnicodeCategory.ModifierSymbol or UnicodeCategory.OtherSymbol;
}

using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;

namespace ActorOrch.Resources.Quantities;

/// <summary>Reads the text form of a <see cref="Quantity"/>: a signed number, then a suffix or an exponent.</summary>
internal static class QuantityParser
{
    private const string SuffixError = "unable to parse quantity's suffix";
    private const string NumberError = "unable to parse numeric part of quantity";

    private const int MostExponent = 1_000_000_000;

    /// <summary>What lies beyond so many digits only says that there is more: the largest quantity has 28, in billionths.</summary>
    private const int MostDigits = 80;

    private static readonly string[] Decimal = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
    private static readonly string[] Binary = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

    /// <param name="exponent">A multiple of 3 from -9 to 18.</param>
    internal static string DecimalSuffix(int exponent) => Decimal[(exponent + 9) / 3];

    /// <param name="power">Of 1024, from 0 to 6.</param>
    internal static string BinarySuffix(int power) => Binary[power];

    internal static bool TryParse(ReadOnlySpan<char> text, out Quantity quantity, [NotNullWhen(false)] out string? error)
    {
        quantity = default;
        error = Quantity.FormatError;
        var start = text.Length > 0 && text[0] is '+' or '-' ? 1 : 0;
        var end = start;
        while (end < text.Length && text[end] is (>= '0' and <= '9') or '.') end++;
        var number = text[start..end];
        var suffix = text[end..];
        if (number.IsEmpty || !IsSuffix(suffix)) return false;

        error = NumberError;
        if (number.Count('.') > 1 || number is ".") return false;

        error = SuffixError;
        if (!TryScale(suffix, out var tens, out var power, out var format)) return false;

        var point = number.IndexOf('.');
        var decimals = point < 0 ? 0 : number.Length - point - 1;
        var nanos = Scale(number, 9 + tens - decimals, power);
        if (text[0] == '-') nanos = -nanos;
        // Less than one unit has no binary form; upstream avoids rounding it up to one.
        if (format == QuantityFormat.BinarySI && Int128.Abs(nanos) < 1_000_000_000) format = QuantityFormat.DecimalSI;
        quantity = new(nanos, format);
        error = null;
        return true;
    }

    private static bool IsSuffix(ReadOnlySpan<char> suffix)
    {
        var i = 0;
        while (i < suffix.Length && "eEinumkKMGTP".Contains(suffix[i])) i++;
        if (i < suffix.Length && suffix[i] is '+' or '-') i++;
        while (i < suffix.Length && char.IsAsciiDigit(suffix[i])) i++;
        return i == suffix.Length;
    }

    private static bool TryScale(ReadOnlySpan<char> suffix, out int tens, out int power, out QuantityFormat format)
    {
        (tens, power, format) = (0, 0, QuantityFormat.DecimalSI);
        for (var i = 0; i < Decimal.Length; i++)
            if (suffix.SequenceEqual(Decimal[i]))
            {
                tens = i * 3 - 9;
                return true;
            }
        format = QuantityFormat.BinarySI;
        for (power = 1; power < Binary.Length; power++)
            if (suffix.SequenceEqual(Binary[power])) return true;
        (power, format) = (0, QuantityFormat.DecimalExponent);
        if (suffix[0] is not ('e' or 'E') || !long.TryParse(suffix[1..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var exponent)) return false;
        // More than any text has digits: beyond it only the cap or the smallest amount is left.
        tens = (int)Math.Clamp(exponent, -MostExponent, MostExponent);
        return true;
    }

    /// <summary>The number without its point, times 10^<paramref name="tens"/> and 1024^<paramref name="power"/>, rounded up, at most the largest quantity.</summary>
    private static Int128 Scale(ReadOnlySpan<char> number, int tens, int power)
    {
        Int128 mantissa = 0;
        var digits = 0;
        foreach (var c in number)
        {
            if (c == '.') continue;
            if (digits > 0 || c != '0') digits++;
            if (digits > 18) return ScaleBig(number, tens, power);
            mantissa = mantissa * 10 + (c - '0');
        }
        // 18 digits, 1024^6 and 10^9 together stay within 128 bits; anything wilder takes the slow way.
        if (tens > 9 && power > 0 || tens is > 18 or < -18) return ScaleBig(number, tens, power);
        mantissa <<= 10 * power;
        if (tens < 0) return DivideUp(mantissa, (Int128)BigInteger.Pow(10, -tens));
        for (; tens > 0; tens--) mantissa *= 10;
        return mantissa;
    }

    private static Int128 ScaleBig(ReadOnlySpan<char> number, int tens, int power)
    {
        var digits = number.ToString().Replace(".", "", StringComparison.Ordinal).AsSpan().TrimStart('0');
        if (digits.IsEmpty) return 0;
        var more = false;
        if (digits.Length > MostDigits)
        {
            more = digits[MostDigits..].ContainsAnyExcept('0');
            tens += digits.Length - MostDigits;
            digits = digits[..MostDigits];
        }
        var mantissa = BigInteger.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture) << (10 * power);
        // Beyond these the answer no longer depends on the exponent: the cap, or the smallest amount.
        tens = Math.Clamp(tens, -2 * MostDigits, 60);
        if (tens >= 0) return (Int128)BigInteger.Min(mantissa * BigInteger.Pow(10, tens), (BigInteger)Quantity.Most);
        var divided = BigInteger.DivRem(mantissa, BigInteger.Pow(10, -tens), out var rest);
        if (more || !rest.IsZero) divided++;
        return (Int128)BigInteger.Min(divided, (BigInteger)Quantity.Most);
    }

    private static Int128 DivideUp(Int128 value, Int128 by)
    {
        var (whole, rest) = Int128.DivRem(value, by);
        return rest == 0 ? whole : whole + 1;
    }
}

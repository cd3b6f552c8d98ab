using System.Globalization;
using System.Text.Json.Nodes;

namespace ActorOrch.Resources.Schemas.Validation;

/// <summary>A number as Go holds one out of JSON: whole ones that fit in 64 bits as such, all others as floating point.</summary>
internal readonly record struct ValueNumber(long? Integer, double Float)
{
    // Beyond it neighbours cannot be told apart (2^53-1), and none of them counts as whole.
    private const double MostExact = 9007199254740991;

    /// <summary>Whether it is one of the integers, be it written with a point or an exponent.</summary>
    public bool IsWhole => Integer is not null || (Math.Abs(Float) <= MostExact && double.IsInteger(Float));

    public static ValueNumber Of(JsonValue value)
    {
        var text = value.ToJsonString();
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)) return new(whole, whole);
        return new(null, double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN);
    }

    /// <summary>As Go's <c>%v</c> prints it.</summary>
    public override string ToString() => Integer is { } whole ? whole.ToString(CultureInfo.InvariantCulture) : Print(Float);

    /// <summary>As Go's <c>%v</c> prints a floating point number: its shortest form, with an exponent from a million and below a ten-thousandth.</summary>
    public static string Print(double number)
    {
        if (double.IsNaN(number)) return "NaN";
        if (double.IsInfinity(number)) return number > 0 ? "+Inf" : "-Inf";
        if (number == 0) return "0";
        var parts = Math.Abs(number).ToString("R", CultureInfo.InvariantCulture).Split('E');
        var whole = parts[0].Split('.')[0];
        var all = parts[0].Replace(".", "", StringComparison.Ordinal);
        var digits = all.TrimStart('0');
        var written = parts.Length > 1 && int.TryParse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var power) ? power : 0;
        // Of the first digit.
        var exponent = whole.Length - 1 - (all.Length - digits.Length) + written;
        digits = digits.TrimEnd('0');
        var text = exponent is < -4 or >= 6 ? WithExponent(digits, exponent) : WithPoint(digits, exponent);
        return number < 0 ? $"-{text}" : text;
    }

    private static string WithExponent(string digits, int exponent) => string.Create(
        CultureInfo.InvariantCulture, $"{digits[0]}{(digits.Length > 1 ? "." : "")}{digits[1..]}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");

    private static string WithPoint(string digits, int exponent)
    {
        if (exponent < 0) return $"0.{new string('0', -exponent - 1)}{digits}";
        digits = digits.PadRight(exponent + 1, '0');
        return digits.Length == exponent + 1 ? digits : $"{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}";
    }
}

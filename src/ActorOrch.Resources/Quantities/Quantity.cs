using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ActorOrch.Resources.Quantities;

/// <summary>How a quantity was written, and so how it is printed.</summary>
public enum QuantityFormat
{
    /// <summary><c>500m</c>, <c>12M</c>.</summary>
    DecimalSI,

    /// <summary><c>12e6</c>.</summary>
    DecimalExponent,

    /// <summary><c>1536Mi</c>.</summary>
    BinarySI,
}

/// <summary>
/// An amount of a resource (<c>api/resource Quantity</c>): exact down to one billionth, finer amounts are rounded away from zero,
/// and capped at ±(2^63-1). Compared by amount; the format only decides how it prints.
/// </summary>
public readonly struct Quantity : IEquatable<Quantity>, IComparable<Quantity>
{
    public const string FormatError = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

    private const long NanosPerUnit = 1_000_000_000;
    private const long NanosPerMilli = 1_000_000;

    // 2^63-1 units in billionths take 93 bits.
    internal static readonly Int128 Most = (Int128)long.MaxValue * NanosPerUnit;

    private readonly Int128 _nanos;

    internal Quantity(Int128 nanos, QuantityFormat format)
    {
        _nanos = Int128.Clamp(nanos, -Most, Most);
        Format = format;
    }

    public static Quantity Zero => default;

    public QuantityFormat Format { get; }

    public bool IsZero => _nanos == 0;

    public int Sign => Int128.Sign(_nanos);

    internal Int128 Nanos => _nanos;

    /// <summary>Whole units (bytes, pods), rounded away from zero.</summary>
    public long Value => RoundAway(_nanos, NanosPerUnit);

    /// <summary>Thousandths (CPU), rounded away from zero; the extreme of <see cref="long"/> where that does not hold them.</summary>
    public long MilliValue => RoundAway(_nanos, NanosPerMilli);

    /// <summary>Whether the amount is a whole number of thousandths.</summary>
    public bool IsWholeMilli => _nanos % NanosPerMilli == 0;

    /// <summary>Whether the amount is a whole number of units.</summary>
    public bool IsWhole => _nanos % NanosPerUnit == 0;

    public static Quantity FromValue(long units, QuantityFormat format = QuantityFormat.DecimalSI) => new((Int128)units * NanosPerUnit, format);

    public static Quantity FromMilli(long thousandths) => new((Int128)thousandths * NanosPerMilli, QuantityFormat.DecimalSI);

    /// <summary>Parses upstream's syntax. Throws <see cref="FormatException"/> with upstream's message.</summary>
    public static Quantity Parse(string text) => TryParse(text, out var quantity, out var error) ? quantity : throw new FormatException(error);

    public static bool TryParse(ReadOnlySpan<char> text, out Quantity quantity) => QuantityParser.TryParse(text, out quantity, out _);

    /// <summary>Parses upstream's syntax; <paramref name="error"/> is upstream's message.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Quantity quantity, [NotNullWhen(false)] out string? error) =>
        QuantityParser.TryParse(text, out quantity, out error);

    /// <summary>The sum, printed as this one is, or as <paramref name="other"/> where this one is zero.</summary>
    public Quantity Add(Quantity other) => new(_nanos + other._nanos, IsZero ? other.Format : Format);

    /// <summary>The difference, printed as this one is, or as <paramref name="other"/> where this one is zero.</summary>
    public Quantity Subtract(Quantity other) => new(_nanos - other._nanos, IsZero ? other.Format : Format);

    public static Quantity operator +(Quantity a, Quantity b) => a.Add(b);

    public static Quantity operator -(Quantity a, Quantity b) => a.Subtract(b);

    public static bool operator <(Quantity a, Quantity b) => a._nanos < b._nanos;

    public static bool operator >(Quantity a, Quantity b) => a._nanos > b._nanos;

    public static bool operator <=(Quantity a, Quantity b) => a._nanos <= b._nanos;

    public static bool operator >=(Quantity a, Quantity b) => a._nanos >= b._nanos;

    public static bool operator ==(Quantity a, Quantity b) => a._nanos == b._nanos;

    public static bool operator !=(Quantity a, Quantity b) => a._nanos != b._nanos;

    public int CompareTo(Quantity other) => _nanos.CompareTo(other._nanos);

    public bool Equals(Quantity other) => _nanos == other._nanos;

    public override bool Equals(object? obj) => obj is Quantity other && Equals(other);

    public override int GetHashCode() => _nanos.GetHashCode();

    /// <summary>The canonical form: no fraction, the largest suffix that keeps the amount exact.</summary>
    public override string ToString()
    {
        if (_nanos == 0) return "0";
        var small = Int128.Abs(_nanos) < (Int128)1024 * NanosPerUnit;
        return Format == QuantityFormat.BinarySI && !small ? PrintBinary() : PrintDecimal(Format == QuantityFormat.DecimalExponent);
    }

    private string PrintDecimal(bool exponents)
    {
        var mantissa = _nanos;
        var exponent = -9;
        while (exponent < 18 && mantissa % 1000 == 0)
        {
            mantissa /= 1000;
            exponent += 3;
        }
        var digits = mantissa.ToString(CultureInfo.InvariantCulture);
        if (exponents) return exponent == 0 ? digits : string.Create(CultureInfo.InvariantCulture, $"{digits}e{exponent}");
        return digits + QuantityParser.DecimalSuffix(exponent);
    }

    private string PrintBinary()
    {
        var mantissa = Value;
        var power = 0;
        while (power < 6 && mantissa % 1024 == 0)
        {
            mantissa /= 1024;
            power++;
        }
        return mantissa.ToString(CultureInfo.InvariantCulture) + QuantityParser.BinarySuffix(power);
    }

    private static long RoundAway(Int128 nanos, long unit)
    {
        var (whole, rest) = Int128.DivRem(nanos, unit);
        if (rest != 0) whole += Int128.Sign(nanos);
        return (long)Int128.Clamp(whole, long.MinValue, long.MaxValue);
    }
}

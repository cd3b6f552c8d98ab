using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Schemas.Validation;

/// <summary>Checks a number: the range of its format, factor and bounds. Whole numbers are compared as such, all others as floating point.</summary>
internal static class NumberCheck
{
    // How far apart two numbers of floating point are, by their size, that count as equal.
    private const double Tolerance = 1e-9;

    private static readonly Field Nowhere = new(null, "<nil>");

    /// <returns>How many checks matched.</returns>
    public static int Run(Field value, ValueNumber number, ValueRules rules, FieldErrors errors)
    {
        CheckRange(value, number, rules, errors);
        if (rules.MultipleOf is { } factor) CheckFactor(value, number, factor, errors);
        if (rules.Minimum is { } least && IsBeyond(Compare(number, least), -1, rules.IsMinimumExclusive))
            Invalid(value, number, $"should be greater than {(rules.IsMinimumExclusive ? "" : "or equal to ")}{Bound(number, least)}", errors);
        if (rules.Maximum is { } most && IsBeyond(Compare(number, most), 1, rules.IsMaximumExclusive))
            Invalid(value, number, $"should be less than {(rules.IsMaximumExclusive ? "" : "or equal to ")}{Bound(number, most)}", errors);
        return 2;
    }

    private static void CheckRange(Field value, ValueNumber number, ValueRules rules, FieldErrors errors)
    {
        if (rules.Types is not [var type]) return;
        var fits = (type, rules.Format) switch
        {
            ("integer", "int32") => number.IsWhole && number.Float is >= int.MinValue and <= int.MaxValue,
            ("number", "float") => Math.Abs(number.Float) <= float.MaxValue,
            _ => true,
        };
        // What is no whole number has a wrong type, which is told already.
        if (!fits && (type != "integer" || number.IsWhole))
            errors.Invalid(Nowhere, "", $"Checked value must be of type {type} with format {rules.Format} in {value.Path}");
    }

    private static void CheckFactor(Field value, ValueNumber number, double factor, FieldErrors errors)
    {
        if (factor <= 0) errors.Invalid(value, new ValueNumber(null, factor), $"factor MultipleOf declared for {value.Path} must be positive: {ValueNumber.Print(factor)}");
        else if (!IsMultiple(number, factor)) Invalid(value, number, $"should be a multiple of {Bound(number, factor)}", errors);
    }

    private static bool IsMultiple(ValueNumber number, double factor)
    {
        if (number.Integer is { } whole && double.IsInteger(factor) && factor <= long.MaxValue / 2) return whole % (long)factor == 0;
        var times = number.Float / factor;
        return double.IsFinite(times) && Math.Abs(times - Math.Round(times)) <= Tolerance * Math.Max(1, Math.Abs(times));
    }

    private static int Compare(ValueNumber number, double bound)
    {
        // A bound beyond all 64-bit numbers is one as a floating point number only.
        if (number.Integer is { } whole && double.IsInteger(bound) && Math.Abs(bound) < long.MaxValue) return whole.CompareTo((long)bound);
        return number.Float.CompareTo(bound);
    }

    private static bool IsBeyond(int order, int side, bool isExclusive) => Math.Sign(order) == side || (isExclusive && order == 0);

    private static string Bound(ValueNumber number, double bound) =>
        number.Integer is not null && double.IsInteger(bound) && Math.Abs(bound) < long.MaxValue ? new ValueNumber((long)bound, bound).ToString() : ValueNumber.Print(bound);

    private static void Invalid(Field value, ValueNumber number, string what, FieldErrors errors) =>
        errors.Invalid(value, number, $"{value.Path} in body {what}");
}

using System.Globalization;

namespace ActorOrch.Resources.Selectors;

/// <summary>One condition of a label selector.</summary>
/// <param name="Values">Sorted by their code units; one where the selector was written with <c>=</c> or <c>!=</c>.</param>
public sealed record LabelRequirement(string Key, LabelOperator Operator, IReadOnlyList<string> Values)
{
    /// <summary>Whether it was written with <c>=</c> or <c>!=</c> rather than as a set.</summary>
    public bool Exact { get; init; }

    public bool Matches(IReadOnlyDictionary<string, string> labels)
    {
        var exists = labels.TryGetValue(Key, out var value);
        return Operator switch
        {
            LabelOperator.In => exists && Has(value!),
            LabelOperator.NotIn => !exists || !Has(value!),
            LabelOperator.Exists => exists,
            LabelOperator.DoesNotExist => !exists,
            _ => exists && Compare(value!),
        };
    }

    private bool Has(string value)
    {
        const int few = 8;
        if (Values.Count > few) return Search(value);
        for (var i = 0; i < Values.Count; i++)
            if (Values[i] == value) return true;
        return false;
    }

    private bool Search(string value)
    {
        var (low, high) = (0, Values.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = string.CompareOrdinal(Values[middle], value);
            if (order == 0) return true;
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }
        return false;
    }

    private bool Compare(string value)
    {
        if (!TryInteger(value, out var left) || !TryInteger(Values[0], out var right)) return false;
        return Operator == LabelOperator.GreaterThan ? left > right : left < right;
    }

    internal static bool TryInteger(string text, out long number) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);

    /// <summary>As selectors are written: <c>a=b</c>, <c>e in (x,y)</c>, <c>!f</c>.</summary>
    public override string ToString() => Operator switch
    {
        LabelOperator.Exists => Key,
        LabelOperator.DoesNotExist => $"!{Key}",
        LabelOperator.GreaterThan => $"{Key}>{Values[0]}",
        LabelOperator.LessThan => $"{Key}<{Values[0]}",
        LabelOperator.In when Exact => $"{Key}={Values[0]}",
        LabelOperator.NotIn when Exact => $"{Key}!={Values[0]}",
        LabelOperator.In => $"{Key} in ({string.Join(',', Values)})",
        _ => $"{Key} notin ({string.Join(',', Values)})",
    };
}

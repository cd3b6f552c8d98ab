using System.Globalization;
using ActorOrch.Resources.Numbers;
using k8s.Models;

namespace ActorOrch.Controllers.Deployments;

/// <summary>A number of pods given as such or as a percentage of the replicas.</summary>
public static class IntOrPercent
{
    /// <summary>Resolves against <paramref name="total"/>; <paramref name="fallback"/> stands in for a missing value.</summary>
    public static int Resolve(IntOrString? value, string fallback, int total, bool roundUp)
    {
        var text = value is null || string.IsNullOrEmpty(value.Value) ? fallback : value.Value;
        if (!text.EndsWith('%')) return Saturating.ToInt32(Parse(text));
        var hundredths = (Int128)Parse(text.AsSpan(0, text.Length - 1)) * total;
        return (int)Int128.Clamp((hundredths + (roundUp ? 99 : 0)) / 100, int.MinValue, int.MaxValue);
    }

    /// <summary>Validation has seen that it is a number, of as many digits as anyone likes.</summary>
    private static long Parse(ReadOnlySpan<char> digits) =>
        long.TryParse(digits, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number
            : digits.StartsWith("-") ? long.MinValue : long.MaxValue;
}

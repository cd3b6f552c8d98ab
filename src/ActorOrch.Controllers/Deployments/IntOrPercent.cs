using System.Globalization;
using k8s.Models;

namespace ActorOrch.Controllers.Deployments;

/// <summary>A number of pods given as such or as a percentage of the replicas.</summary>
public static class IntOrPercent
{
    /// <summary>Resolves against <paramref name="total"/>; <paramref name="fallback"/> stands in for a missing value.</summary>
    public static int Resolve(IntOrString? value, string fallback, int total, bool roundUp)
    {
        var text = value is null || string.IsNullOrEmpty(value.Value) ? fallback : value.Value;
        if (!text.EndsWith('%')) return int.Parse(text, CultureInfo.InvariantCulture);
        var hundredths = int.Parse(text.AsSpan(0, text.Length - 1), NumberStyles.Integer, CultureInfo.InvariantCulture) * (long)total;
        return (int)((hundredths + (roundUp ? 99 : 0)) / 100);
    }
}

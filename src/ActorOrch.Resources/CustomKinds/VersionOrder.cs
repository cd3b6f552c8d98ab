using System.Globalization;
using System.Text.RegularExpressions;

namespace ActorOrch.Resources.CustomKinds;

/// <summary>The order in which Kubernetes prefers versions: <c>v10, v2, v1, v11beta2, v10beta3, v3beta1, v12alpha1, v11alpha2, foo1, foo10</c>.</summary>
internal sealed partial class VersionOrder : IComparer<string>
{
    public static readonly VersionOrder NewestFirst = new();

    public int Compare(string? x, string? y)
    {
        var (one, other) = (Pattern().Match(x ?? ""), Pattern().Match(y ?? ""));
        if (!one.Success || !other.Success) return one.Success == other.Success ? string.CompareOrdinal(x, y) : one.Success ? -1 : 1;
        var stability = Stability(other).CompareTo(Stability(one));
        if (stability != 0) return stability;
        var major = Number(other, "major").CompareTo(Number(one, "major"));
        return major != 0 ? major : Number(other, "minor").CompareTo(Number(one, "minor"));
    }

    private static int Stability(Match match) => match.Groups["stage"].Value switch
    {
        "" => 2,
        "beta" => 1,
        _ => 0,
    };

    private static decimal Number(Match match, string group) =>
        decimal.TryParse(match.Groups[group].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    [GeneratedRegex(@"\Av(?<major>[1-9][0-9]{0,9})(?:(?<stage>alpha|beta)(?<minor>[1-9][0-9]{0,9}))?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}

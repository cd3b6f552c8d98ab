using System.Globalization;
using System.Text;

namespace ActorOrch.Testing.Conformance;

/// <summary>The README's table of what works, made of the results that are kept.</summary>
public static class CompatibilityTable
{
    /// <summary>
    /// A row an area, in the order in which the features name the areas. What a feature's tests have shown is in the column of what works, all
    /// else in that of what is missing.
    /// </summary>
    /// <exception cref="InvalidDataException">A behaviour is of no area that the table has, or an area has no feature.</exception>
    public static string Make(IReadOnlyList<Behaviour> behaviours, IReadOnlyList<Behaviour> features)
    {
        var conformance = behaviours.ToLookup(b => CompatibilityAreas.Of(b.Area));
        var areas = features.Select(f => f.Area).Distinct().ToList();
        if (conformance.Select(c => c.Key).Except(areas).FirstOrDefault() is { } lost) throw new InvalidDataException($"no feature is of the area \"{lost}\"");

        var text = new StringBuilder("| area | conformance | works | missing (refused, or accepted with a warning or an event) |\n|---|---|---|---|\n");
        foreach (var area in areas)
        {
            var own = features.Where(f => f.Area == area).ToList();
            text.Append(CultureInfo.InvariantCulture, $"| {area} | {Count([.. conformance[area]])} | {Words(own, f => f.Outcome == Outcome.Passed)} | {Words(own, f => f.Outcome != Outcome.Passed)} |\n");
        }
        var passed = behaviours.Count(b => b.Outcome == Outcome.Passed);
        var last = behaviours.Where(b => b.Date is not null).MaxBy(b => b.Date);
        return text.Append(CultureInfo.InvariantCulture, $"\n{passed} of {behaviours.Count} behaviours of Kubernetes' conformance suite passed, {behaviours.Count(b => b.Outcome == Outcome.Failed)} failed")
            .Append(last is null ? "" : string.Create(CultureInfo.InvariantCulture, $" (the last run on {last.Date:yyyy-MM-dd}, of {last.Commit})"))
            .Append("; no test has shown the others.\n").ToString();
    }

    private static string Count(IReadOnlyCollection<Behaviour> behaviours)
    {
        if (behaviours.Count == 0) return "";
        var failed = behaviours.Count(b => b.Outcome == Outcome.Failed);
        var passed = string.Create(CultureInfo.InvariantCulture, $"{behaviours.Count(b => b.Outcome == Outcome.Passed)} of {behaviours.Count}");
        return failed == 0 ? passed : string.Create(CultureInfo.InvariantCulture, $"{passed}, {failed} failed");
    }

    private static string Words(IEnumerable<Behaviour> features, Func<Behaviour, bool> which) =>
        string.Join("; ", features.Where(which).Select(f => f.Words.Replace("|", "\\|", StringComparison.Ordinal)));
}

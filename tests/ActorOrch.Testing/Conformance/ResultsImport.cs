namespace ActorOrch.Testing.Conformance;

/// <summary>Puts the results of a run into what is kept. What has passed before may fail only where somebody says so by its name.</summary>
public sealed class ResultsImport(IReadOnlyDictionary<string, bool> run, DateOnly date, string commit, IReadOnlySet<string> regressed)
{
    /// <summary>The lines as they are after the run; those of which it says nothing stay as they were.</summary>
    /// <exception cref="RegressionException">Something that had passed failed and is not among what may, or what may did not.</exception>
    public IReadOnlyList<Behaviour> Apply(IReadOnlyList<Behaviour> kept)
    {
        var lost = kept.Where(b => b.Outcome == Outcome.Passed && Of(b) == Outcome.Failed).Select(b => b.Name).ToHashSet();
        var unnamed = lost.Except(regressed).Order(StringComparer.Ordinal).Select(n => $"passed before and failed now: {n}");
        var unfounded = regressed.Except(lost).Order(StringComparer.Ordinal).Select(n => $"said to fail now, and does not: {n}");
        if (unnamed.Concat(unfounded).ToArray() is { Length: > 0 } problems) throw new RegressionException(problems);
        return [.. kept.Select(b => Of(b) is var now && now != Outcome.Unknown ? b with { Outcome = now, Date = date, Commit = commit } : b)];
    }

    /// <summary>Tests of the run that no line names.</summary>
    public IEnumerable<string> Unknown(IReadOnlyList<Behaviour> kept) => run.Keys.Except(kept.SelectMany(b => b.ShownBy)).Order(StringComparer.Ordinal);

    /// <summary>A failure of any decides, a success only of all.</summary>
    private Outcome Of(Behaviour behaviour)
    {
        var deciding = behaviour.Deciding;
        if (deciding.Any(t => run.TryGetValue(t, out var passed) && !passed)) return Outcome.Failed;
        return deciding.Count > 0 && deciding.All(run.ContainsKey) ? Outcome.Passed : Outcome.Unknown;
    }
}

/// <summary>A run does not show what has been shown before.</summary>
/// <param name="problems">One a line, each with the behaviour's name.</param>
public sealed class RegressionException(IReadOnlyList<string> problems) : Exception(string.Join('\n', problems))
{
    public IReadOnlyList<string> Problems { get; } = problems;
}

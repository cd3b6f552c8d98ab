namespace ActorOrch.Testing.Conformance;

/// <summary>What the tests of a behaviour have shown.</summary>
public enum Outcome
{
    /// <summary>No test has shown anything yet.</summary>
    Unknown,

    Passed,

    Failed,
}

/// <summary>One line of a file of results.</summary>
/// <param name="Area">What it belongs to.</param>
/// <param name="Words">What is promised; area and words together are its name.</param>
/// <param name="Outcome">Of the tests in <paramref name="ShownBy"/>, when they were last recorded.</param>
/// <param name="ShownBy">
/// Tests: full names of the repository's own, and specs of a suite that is run by hand, each after its suite's name (<c>e2e 1.20: …</c>).
/// </param>
/// <param name="Date">The day of the run; of no test, none.</param>
/// <param name="Commit">What was tested, abbreviated; of no test, none.</param>
public sealed record Behaviour(string Area, string Words, Outcome Outcome, IReadOnlyList<string> ShownBy, DateOnly? Date, string? Commit)
{
    private const string Own = "ActorOrch.";

    public string Name => $"{Area}: {Words}";

    /// <summary>Those that every run of the repository's own tests runs.</summary>
    public IEnumerable<string> OwnTests => ShownBy.Where(t => t.StartsWith(Own, StringComparison.Ordinal));

    /// <summary>Those whose results are the outcome: of a suite that is run by hand, and the repository's own where no such suite has any.</summary>
    public IReadOnlyList<string> Deciding =>
        ShownBy.Where(t => !t.StartsWith(Own, StringComparison.Ordinal)).ToArray() is { Length: > 0 } specs ? specs : [.. OwnTests];
}

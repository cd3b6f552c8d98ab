using ActorOrch.Testing.Conformance;

namespace ActorOrch.Architecture.Tests.Conformance;

public sealed class ResultsImportTests
{
    private static readonly DateOnly Today = new(2026, 11, 29);

    private static readonly Behaviour[] Kept =
    [
        new("a", "passed", Outcome.Passed, ["s: 1"], new(2026, 11, 28), "1111111"),
        new("a", "failed", Outcome.Failed, ["s: 2"], new(2026, 11, 28), "1111111"),
        new("a", "unknown", Outcome.Unknown, ["s: 3", "ActorOrch.T.Three"], null, null),
        new("a", "untested", Outcome.Unknown, [], null, null),
        new("a", "of two", Outcome.Passed, ["s: 4", "s: 5"], new(2026, 11, 28), "1111111"),
        new("a", "own", Outcome.Passed, ["ActorOrch.T.Own"], new(2026, 11, 28), "1111111"),
    ];

    [Fact]
    public void A_result_that_is_new_is_taken_with_its_date_and_commit_and_all_else_stays()
    {
        var now = Apply([], ("s: 2", true), ("s: 3", false), ("s: 4", true));

        Assert.Equal(Kept[1] with { Outcome = Outcome.Passed, Date = Today, Commit = "2222222" }, now[1]);
        Assert.Equal(Kept[2] with { Outcome = Outcome.Failed, Date = Today, Commit = "2222222" }, now[2]);
        Assert.Equal([Kept[0], Kept[3], Kept[4], Kept[5]], [now[0], now[3], now[4], now[5]]);
    }

    [Theory]
    [InlineData("s: 1", "a: passed")]
    [InlineData("s: 5", "a: of two")]
    [InlineData("ActorOrch.T.Own", "a: own")]
    public void What_had_passed_may_fail_only_where_it_is_named(string test, string name)
    {
        var refusal = Assert.Throws<RegressionException>(() => Apply([], (test, false), ("s: 2", true)));

        Assert.Equal([$"passed before and failed now: {name}"], refusal.Problems);
        Assert.Equal(Outcome.Failed, Apply([name], (test, false)).Single(b => b.Name == name).Outcome);
    }

    [Theory]
    [InlineData("a: passed")]
    [InlineData("a: failed")]
    [InlineData("nothing")]
    public void What_is_named_without_having_failed_is_refused(string name) =>
        Assert.Equal([$"said to fail now, and does not: {name}"], Assert.Throws<RegressionException>(() => Apply([name], ("s: 1", true), ("s: 2", false))).Problems);

    [Fact]
    public void The_suite_decides_where_it_has_a_spec_and_the_repositorys_own_test_where_it_has_none()
    {
        Assert.Equal(Outcome.Unknown, Apply([], ("ActorOrch.T.Three", true))[2].Outcome);
        Assert.Equal(Today, Apply([], ("ActorOrch.T.Own", true))[5].Date);
    }

    [Fact]
    public void Tests_that_no_line_names_are_told() =>
        Assert.Equal(["s: 6"], new ResultsImport(new Dictionary<string, bool> { ["s: 6"] = true, ["s: 1"] = true }, Today, "2222222", new HashSet<string>()).Unknown(Kept));

    private static IReadOnlyList<Behaviour> Apply(string[] regressed, params (string Test, bool Passed)[] run) =>
        new ResultsImport(run.ToDictionary(r => r.Test, r => r.Passed), Today, "2222222", regressed.ToHashSet()).Apply(Kept);
}

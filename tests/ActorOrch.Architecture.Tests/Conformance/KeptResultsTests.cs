using ActorOrch.Testing.Conformance;

namespace ActorOrch.Architecture.Tests.Conformance;

/// <summary>What has been shown once stays shown: the results that the repository keeps, its tests and its README agree.</summary>
public sealed class KeptResultsTests
{
    private static readonly KeptResults Results = new(KeptResults.Repository());

    [Fact]
    public void Each_of_our_tests_that_shows_a_behaviour_is_there()
    {
        var tests = TestNames.Below(Path.Combine(KeptResults.Repository(), "tests"));

        Results.All.SelectMany(b => b.OwnTests.Where(t => !tests.Contains(t)).Select(t => $"{b.Name}: there is no test {t}")).AssertNone();
    }

    [Fact]
    public void What_works_has_a_test_of_ours_that_every_run_runs() =>
        Results.Features.Where(f => f.Outcome == Outcome.Passed && !f.OwnTests.Any()).Select(f => $"{f.Name}: no test of ours").AssertNone();

    [Fact]
    public void The_readmes_table_is_what_the_results_make()
    {
        var (kept, made) = Results.Readme();

        Assert.Equal(made, kept);
    }

    [Fact]
    public void The_files_are_as_they_would_be_written()
    {
        foreach (var (name, lines) in new[] { ("behaviours.tsv", Results.Behaviours), ("features.tsv", Results.Features) })
            Assert.Equal(ResultsFile.Format(lines), File.ReadAllText(Path.Combine(KeptResults.Repository(), "tests/ActorOrch.EndToEnd/Conformance", name)));
        Assert.Equal(Results.Behaviours.Select(b => b.Name).Order(StringComparer.Ordinal), Results.Behaviours.Select(b => b.Name));
    }

    [Fact]
    public void A_run_that_does_not_show_what_was_shown_is_told()
    {
        var shown = Results.All.First(b => b.Outcome == Outcome.Passed && b.OwnTests.Any());
        var test = shown.OwnTests.First();

        Assert.Contains($"{shown.Name}: {test} did not run", Results.LostIn(new Dictionary<string, bool>()));
        Assert.Contains($"{shown.Name}: {test} did not pass", Results.LostIn(new Dictionary<string, bool> { [test] = false }));
        Assert.Empty(Results.LostIn(Results.All.SelectMany(b => b.OwnTests).Distinct().ToDictionary(t => t, _ => true)));
    }
}

using ActorOrch.Testing.Conformance;

namespace ActorOrch.Architecture.Tests.Conformance;

public sealed class ResultsFileTests
{
    private const string Heading = "behaviour\tresult\tshown by\tdate\tcommit\n";

    [Fact]
    public void What_is_written_is_read()
    {
        Behaviour[] lines =
        [
            new("pods", "logs", Outcome.Passed, ["ActorOrch.A.B", "e2e 1.20: [k8s.io] logs: all"], new(2026, 11, 28), "71d762d"),
            new("pods", "resize", Outcome.Failed, ["e2e 1.20: resize"], new(2026, 11, 27), "d95867e"),
            new("pods", "ephemeral", Outcome.Unknown, [], null, null),
        ];

        var text = ResultsFile.Format(lines);

        Assert.Equal(text, ResultsFile.Format(ResultsFile.Parse(text)));
        Assert.Contains("pods: logs\tpassed\tActorOrch.A.B | e2e 1.20: [k8s.io] logs: all\t2026-11-28\t71d762d\n", text, StringComparison.Ordinal);
        Assert.Equal(["ActorOrch.A.B"], ResultsFile.Parse(text)[0].OwnTests);
        Assert.Equal(["e2e 1.20: [k8s.io] logs: all"], ResultsFile.Parse(text)[0].Deciding);
    }

    [Theory]
    [InlineData("", "expected five columns")]
    [InlineData("pods: logs\tpassed\tA.B\t2026-11-28", "expected five columns")]
    [InlineData("logs\t-\t-\t-\t-", "is no area, colon, words")]
    [InlineData("pods: logs\tPASSED\tA.B\t2026-11-28\t71d762d", "\"PASSED\" is no result")]
    [InlineData("pods: logs\tpassed\t-\t2026-11-28\t71d762d", "passed, but no test is named")]
    [InlineData("pods: logs\tpassed\tA.B | \t2026-11-28\t71d762d", "a test has no name")]
    [InlineData("pods: logs\tpassed\tA.B\t28.11.2026\t71d762d", "\"28.11.2026\" is no date")]
    [InlineData("pods: logs\tpassed\tA.B\t2026-11-28\tmain", "\"main\" is no commit")]
    [InlineData("pods: logs\t-\tA.B\t2026-11-28\t-", "no result, but a date or a commit")]
    public void A_line_that_cannot_be_is_named_with_what_is_wrong(string line, string what)
    {
        var refusal = Assert.Throws<FormatException>(() => ResultsFile.Parse($"{Heading}{line}\n"));

        Assert.StartsWith("line 2: ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(what, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void So_is_a_name_that_comes_twice_and_a_file_without_its_heading_or_end()
    {
        const string line = "pods: logs\t-\t-\t-\t-\n";
        Assert.StartsWith("line 3: \"pods: logs\"", Assert.Throws<FormatException>(() => ResultsFile.Parse(Heading + line + line)).Message, StringComparison.Ordinal);
        Assert.StartsWith("line 1: ", Assert.Throws<FormatException>(() => ResultsFile.Parse(line)).Message, StringComparison.Ordinal);
        Assert.StartsWith("line 2: ", Assert.Throws<FormatException>(() => ResultsFile.Parse(Heading + line.TrimEnd('\n'))).Message, StringComparison.Ordinal);
    }
}

using ActorOrch.Testing.Conformance;

namespace ActorOrch.Architecture.Tests.Conformance;

public sealed class CompatibilityTableTests
{
    private static readonly Behaviour[] Features =
    [
        new("pods", "logs", Outcome.Passed, ["ActorOrch.T.Logs"], new(2026, 11, 28), "1111111"),
        new("cluster", "one machine", Outcome.Passed, ["ActorOrch.T.One"], new(2026, 11, 28), "1111111"),
        new("pods", "a | b", Outcome.Failed, ["ActorOrch.T.Or"], new(2026, 11, 28), "1111111"),
        new("pods", "resize", Outcome.Unknown, [], null, null),
    ];

    private static readonly Behaviour[] Behaviours =
    [
        new("node/pods", "QOS", Outcome.Passed, ["s: 1"], new(2026, 11, 29), "2222222"),
        new("node/pre_stop", "prestop", Outcome.Failed, ["s: 2"], new(2026, 11, 28), "1111111"),
        new("common/node/pods", "logs", Outcome.Unknown, [], null, null),
    ];

    [Fact]
    public void Each_area_has_a_row_of_what_its_tests_have_shown() => Assert.Equal("""
        | area | conformance | works | missing (refused, or accepted with a warning or an event) |
        |---|---|---|---|
        | pods | 1 of 3, 1 failed | logs | a \| b; resize |
        | cluster |  | one machine |  |

        1 of 3 behaviours of Kubernetes' conformance suite passed, 1 failed (the last run on 2026-11-29, of 2222222); no test has shown the others.

        """, CompatibilityTable.Make(Behaviours, Features));

    [Fact]
    public void A_behaviour_that_has_no_row_is_named()
    {
        Assert.Contains("\"services\"", Assert.Throws<InvalidDataException>(
            () => CompatibilityTable.Make([new("network/service", "x", Outcome.Unknown, [], null, null)], Features)).Message, StringComparison.Ordinal);
        Assert.Contains("\"elsewhere/x\"", Assert.Throws<InvalidDataException>(
            () => CompatibilityTable.Make([new("elsewhere/x", "x", Outcome.Unknown, [], null, null)], Features)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_made_stands_between_its_comments_and_the_rest_of_the_page_stays()
    {
        var part = new GeneratedPart("make it");
        var page = "before\n<!-- made by: make it -->\nold\n<!-- end of what is made -->\nafter\n";

        Assert.Equal(page.Replace("old", "new", StringComparison.Ordinal), part.Replace(page, "new\n"));
        Assert.Throws<InvalidDataException>(() => part.Replace("<!-- end of what is made -->\n<!-- made by: make it -->\n", "new\n"));
        Assert.Throws<InvalidDataException>(() => part.Replace("<!-- made by: another -->\n<!-- end of what is made -->\n", "new\n"));
    }
}

using System.Globalization;
using System.Text;

namespace ActorOrch.Testing.Conformance;

/// <summary>
/// Results of behaviours as text: a heading, then a line a behaviour with name, result (<c>passed</c>, <c>failed</c> or <c>-</c>), the tests
/// that show it (separated by <c> | </c>), date and commit, separated by tabs.
/// </summary>
public static class ResultsFile
{
    private const string Heading = "behaviour\tresult\tshown by\tdate\tcommit";
    private const string None = "-";
    private const string Separator = " | ";

    /// <summary>Reads the text of a file of results.</summary>
    /// <exception cref="FormatException">A line is not as it has to be; the message names its number and what is wrong.</exception>
    public static IReadOnlyList<Behaviour> Parse(string text)
    {
        var lines = text.Split('\n');
        if (lines[0] != Heading) throw new FormatException($"line 1: expected \"{Heading}\"");
        if (lines[^1].Length > 0) throw new FormatException($"line {lines.Length}: the last line has no end");
        var found = new List<Behaviour>();
        var names = new HashSet<string>();
        for (var i = 1; i < lines.Length - 1; i++)
        {
            var behaviour = Line(lines[i], i + 1);
            if (!names.Add(behaviour.Name)) throw new FormatException($"line {i + 1}: \"{behaviour.Name}\" has a line already");
            found.Add(behaviour);
        }
        return found;
    }

    public static string Format(IEnumerable<Behaviour> behaviours)
    {
        var text = new StringBuilder(Heading).Append('\n');
        foreach (var b in behaviours)
            text.AppendJoin('\t', b.Name, Word(b.Outcome), b.ShownBy.Count == 0 ? None : string.Join(Separator, b.ShownBy),
                b.Date?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? None, b.Commit ?? None).Append('\n');
        return text.ToString();
    }

    private static Behaviour Line(string line, int number)
    {
        FormatException Bad(string what) => new($"line {number}: {what}");

        if (line.Split('\t') is not [var name, var result, var tests, var date, var commit]) throw Bad($"expected five columns: \"{line}\"");
        if (name.Split(": ", 2) is not [{ Length: > 0 } area, { Length: > 0 } words]) throw Bad($"\"{name}\" is no area, colon, words");
        var outcome = result switch
        {
            None => Outcome.Unknown,
            "passed" => Outcome.Passed,
            "failed" => Outcome.Failed,
            _ => throw Bad($"\"{result}\" is no result"),
        };
        string[] shownBy = tests == None ? [] : tests.Split(Separator);
        if (shownBy.Any(string.IsNullOrWhiteSpace)) throw Bad("a test has no name");
        if (outcome == Outcome.Unknown) return date == None && commit == None ? new(area, words, outcome, shownBy, null, null) : throw Bad("no result, but a date or a commit");
        if (shownBy.Length == 0) throw Bad($"{result}, but no test is named");
        if (!DateOnly.TryParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) throw Bad($"\"{date}\" is no date");
        if (commit.Length < 7 || !commit.All(char.IsAsciiHexDigitLower)) throw Bad($"\"{commit}\" is no commit");
        return new(area, words, outcome, shownBy, day, commit);
    }

    private static string Word(Outcome outcome) => outcome switch
    {
        Outcome.Passed => "passed",
        Outcome.Failed => "failed",
        _ => None,
    };
}

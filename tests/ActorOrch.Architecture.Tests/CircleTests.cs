using System.Text.RegularExpressions;

namespace ActorOrch.Architecture.Tests;

/// <summary>
/// Folders of a project use each other in one direction: each can be understood with what it uses, and without who uses it. The ways back
/// that are still there are listed, and the list gets shorter only.
/// </summary>
public sealed partial class CircleTests
{
    private static readonly IReadOnlySet<Use> WaysBack = File.ReadLines(Path.Combine(Sources.Top, "tests", "ActorOrch.Architecture.Tests", "ways-back.txt"))
        .Where(line => line.Length > 0 && line[0] != '#')
        .Select(line => line.Split(" -> "))
        .Select(parts => new Use(parts[0], parts[1]))
        .ToHashSet();

    private static readonly IReadOnlySet<Use> Uses = (
        from project in Sources.Projects
        where Sources.Name(project).StartsWith("src/", StringComparison.Ordinal)
        from file in Sources.Of(project)
        let text = File.ReadAllText(file)
        let home = Home().Match(text)
        where home.Success
        from Match used in Used().Matches(text)
        let to = used.Groups["name"].Value
        where to == Path.GetFileName(project) || to.StartsWith(Path.GetFileName(project) + ".", StringComparison.Ordinal)
        select new Use(home.Groups["name"].Value, to)).ToHashSet();

    private sealed record Use(string From, string To)
    {
        public override string ToString() => $"{From} -> {To}";
    }

    /// <summary>Turn round what closes the circle: move what both need below them, or hand in what is called.</summary>
    [Fact]
    public void Folders_do_not_use_each_other_in_circles() => Uses.Except(WaysBack)
        .Where(use => Reaches(use.To, use.From, Uses.Except(WaysBack)))
        .Select(use => $"{use} is a part of a circle")
        .Order()
        .AssertNone();

    [Fact]
    public void Ways_back_that_are_gone_leave_the_list() => WaysBack
        .Where(way => !Uses.Contains(way) || !Reaches(way.To, way.From, Uses.Except(WaysBack)))
        .Select(way => $"{way} closes no circle any more: take it off the list")
        .AssertNone();

    private static bool Reaches(string from, string to, IEnumerable<Use> uses)
    {
        var next = uses.ToLookup(u => u.From, u => u.To);
        var seen = new HashSet<string> { from };
        var left = new Stack<string>([from]);
        while (left.TryPop(out var at))
        {
            if (at == to) return true;
            foreach (var used in next[at])
                if (seen.Add(used)) left.Push(used);
        }
        return false;
    }

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Home();

    [GeneratedRegex(@"^using (?<name>ActorOrch[\w.]*);", RegexOptions.Multiline)]
    private static partial Regex Used();
}

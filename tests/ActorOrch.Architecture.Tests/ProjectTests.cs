using System.Text.RegularExpressions;

namespace ActorOrch.Architecture.Tests;

/// <summary>What a project may use stands in the table of <c>src/README.md</c>, and nowhere else is more.</summary>
public sealed partial class ProjectTests
{
    private static readonly IReadOnlyDictionary<string, string[]> Used = Directory
        .EnumerateFiles(Path.Combine(Sources.Top, "src"), "*.csproj", SearchOption.AllDirectories)
        .ToDictionary(f => Path.GetFileNameWithoutExtension(f), f => Reference().Matches(File.ReadAllText(f)).Select(m => m.Groups["name"].Value).Order().ToArray());

    [Fact]
    public void Every_project_uses_those_that_the_table_names()
    {
        var table = Row().Matches(File.ReadAllText(Path.Combine(Sources.Top, "src", "README.md"))).ToDictionary(r => r.Groups["name"].Value, r => r.Groups["may"].Value);

        Assert.Equal(Used.Keys.Order(), table.Keys.Order());
        Assert.All(Used, project => Assert.Equal(Allowed(project.Key, table[project.Key]), project.Value));
    }

    /// <summary>The machine's side, the network and the API know the control plane by what is agreed with it alone.</summary>
    [Theory]
    [InlineData("ActorOrch.Agent")]
    [InlineData("ActorOrch.Gateway")]
    [InlineData("ActorOrch.Networking")]
    public void It_does_not_use_the_controllers_even_by_others(string project)
    {
        var reached = new HashSet<string>();
        Reach(project);
        Assert.DoesNotContain("ActorOrch.Controllers", reached);
        Assert.Contains("ActorOrch.Contracts", reached);

        void Reach(string from)
        {
            foreach (var used in Used[from])
                if (reached.Add(used)) Reach(used);
        }
    }

    private static IEnumerable<string> Allowed(string project, string may) => may switch
    {
        "nothing of ours" => [],
        "all" => Used.Keys.Where(name => name != project).Order(),
        _ => Remark().Replace(may, "").Split(", ").Select(name => "ActorOrch." + name.Trim()).Order(),
    };

    [GeneratedRegex(@"<ProjectReference\s+Include=""[^""]*?(?<name>[^/""]+)\.csproj""")]
    private static partial Regex Reference();

    [GeneratedRegex(@"^\| `(?<name>ActorOrch[\w.]*)` \|.*\| (?<may>[^|]+) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"\s*\([^)]*\)")]
    private static partial Regex Remark();
}

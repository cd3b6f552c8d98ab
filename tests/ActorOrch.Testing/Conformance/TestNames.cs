using System.Text.RegularExpressions;

namespace ActorOrch.Testing.Conformance;

/// <summary>The full names of tests, as their sources have them.</summary>
public static partial class TestNames
{
    /// <summary>Of all sources below a folder.</summary>
    public static IReadOnlySet<string> Below(string folder) => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
        .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal))
        .SelectMany(f => In(File.ReadAllText(f)))
        .ToHashSet();

    /// <summary>Namespace, class and method of each fact and theory. Those that a class inherits are under the name of the class that has them.</summary>
    public static IEnumerable<string> In(string source)
    {
        var space = Space().Match(source).Groups[1].Value;
        var type = "";
        foreach (Match match in TypeOrTest().Matches(source))
            if (match.Groups["type"] is { Success: true } declared) type = declared.Value;
            else yield return $"{space}.{type}.{match.Groups["test"].Value}";
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Space();

    [GeneratedRegex(@"^\s*(?:(?:public|internal|file|sealed|static|abstract|partial)\s+)+class (?<type>\w+)|^\s*\[(?:Fact|Theory)\b[^\n]*\n(?:\s*(?:\[[^\n]*|//[^\n]*)\n)*\s*public (?:static )?(?:async )?[\w<>]+ (?<test>\w+)\(", RegexOptions.Multiline)]
    private static partial Regex TypeOrTest();
}

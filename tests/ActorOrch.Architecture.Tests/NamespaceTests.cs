using System.Text.RegularExpressions;

namespace ActorOrch.Architecture.Tests;

/// <summary>A namespace is a folder, so that a file's usings say on which others it depends.</summary>
public sealed partial class NamespaceTests
{
    [Fact]
    public void Namespaces_are_those_of_their_folders() => (
        from project in Sources.Projects
        from file in Sources.Of(project)
        let expected = Expected(project, file)
        from Match declared in Declared().Matches(File.ReadAllText(file))
        where declared.Groups["name"].Value != expected
        select $"{Sources.Name(file)} is of {declared.Groups["name"].Value}, its folder of {expected}")
        .AssertNone();

    [Fact]
    public void Types_outside_of_a_namespace_are_programs_alone() => (
        from project in Sources.Projects
        from file in Sources.Of(project)
        where Path.GetFileName(file) != "Program.cs" && !Declared().IsMatch(File.ReadAllText(file))
        select $"{Sources.Name(file)} has no namespace")
        .AssertNone();

    /// <summary>A using for a whole project hides who depends on whom.</summary>
    [Fact]
    public void Namespaces_of_ours_are_used_file_by_file() => (
        from project in Sources.Projects
        from file in Sources.Of(project).Concat(Directory.GetFiles(project, "*.csproj")).Concat(Directory.GetFiles(Sources.Top, "*.props"))
        where Everywhere().IsMatch(File.ReadAllText(file))
        select $"{Sources.Name(file)} uses a namespace of ours for all files")
        .AssertNone();

    [Fact]
    public void Types_that_the_configuration_names_are_there() => (
        from file in Directory.EnumerateFiles(Path.Combine(Sources.Top, "config"), "*.hocon")
        from Match named in Named().Matches(File.ReadAllText(file))
        where !Code.Modules.Any(m => m.Assembly.Name.Name == named.Groups["assembly"].Value && m.GetType(named.Groups["type"].Value) is not null)
        select $"{Sources.Name(file)}: there is no {named.Value}")
        .AssertNone();

    [Fact]
    public void Sources_and_names_are_found()
    {
        Assert.True(Sources.Projects.Sum(p => Sources.Of(p).Count(f => Declared().IsMatch(File.ReadAllText(f)))) > 1000);
        Assert.Matches(Named(), File.ReadAllText(Path.Combine(Sources.Top, "config", "reference.hocon")));
    }

    private static string Expected(string project, string file)
    {
        var folder = Path.GetRelativePath(project, Path.GetDirectoryName(file)!);
        return Path.GetFileName(project) + (folder == "." ? "" : "." + folder.Replace('/', '.'));
    }

    [GeneratedRegex(@"^\s*namespace\s+(?<name>[\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Declared();

    [GeneratedRegex(@"global\s+using\s+(static\s+)?ActorOrch|<Using\s+Include=""ActorOrch")]
    private static partial Regex Everywhere();

    [GeneratedRegex(@"""(?<type>ActorOrch[\w.+]*)\s*,\s*(?<assembly>ActorOrch[\w.]*)""")]
    private static partial Regex Named();
}

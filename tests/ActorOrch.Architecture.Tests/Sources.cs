using System.Runtime.CompilerServices;

namespace ActorOrch.Architecture.Tests;

/// <summary>The repository as it is written.</summary>
internal static class Sources
{
    /// <summary>The repository's directory.</summary>
    public static string Top { get; } = Find();

    /// <summary>The directories of all projects, tests among them.</summary>
    public static IEnumerable<string> Projects => Directory.EnumerateFiles(Top, "*.csproj", SearchOption.AllDirectories).Select(f => Path.GetDirectoryName(f)!).Order();

    /// <summary>The files of a project that are compiled, but for those that the build makes.</summary>
    public static IEnumerable<string> Of(string project) => Directory.EnumerateFiles(project, "*.cs", SearchOption.AllDirectories)
        .Where(f => Path.GetRelativePath(project, f).Split('/')[0] is not ("obj" or "bin"))
        .Order();

    /// <summary>A path as it is said in messages.</summary>
    public static string Name(string path) => Path.GetRelativePath(Top, path);

    private static string Find([CallerFilePath] string here = "") => here[..here.LastIndexOf("/tests/", StringComparison.Ordinal)];
}

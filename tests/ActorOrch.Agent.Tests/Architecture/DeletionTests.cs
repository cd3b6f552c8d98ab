using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace ActorOrch.Agent.Tests.Architecture;

/// <summary>
/// Data is never deleted, owned or opened by a path that somebody else can bend. The calls that do so have one home each; wherever else in the
/// sources one appears, this fails and says what to use.
/// </summary>
public sealed partial class DeletionTests
{
    private const string Home = "src/ActorOrch.Agent/Files/";

    /// <summary>What may stand nowhere but in the files named, and what stands in its place.</summary>
    private static readonly (Regex Call, string Instead, string[] Except)[] Everywhere =
    [
        (RecursiveDelete(), "TreeRemoval.Remove", []),
        // The data directory itself has no link that anybody but its owner made.
        (ResolvedLink(), "Descriptor.Find and ReadLink", ["src/ActorOrch/Hosting/DataDirectory.cs", "src/ActorOrch/Hosting/EntryKinds.cs", "src/ActorOrch.Registry/Persistence/Sqlite/MarkedDatabase.cs"]),
        (Ownership(), "Descriptor.Own and SetMode", [Home]),
        (MountCall(), "Mounting", [Home]),
    ];

    /// <summary>Below these, what pods write is at hand: there the class library's calls by path are not used at all.</summary>
    private static readonly string[] NearPods = ["src/ActorOrch.Agent/Volumes/", "src/ActorOrch.Agent/Pods/"];

    /// <summary>Calls by path that are allowed near pods all the same, each with a path that no pod can bend.</summary>
    private static readonly string[] Harmless =
    [
        "src/ActorOrch.Agent/Volumes/PodDirectories.cs: Directory.CreateDirectory(_data",
        "src/ActorOrch.Agent/Volumes/PodDirectories.cs: File.SetUnixFileMode(_data",
        "src/ActorOrch.Agent/Volumes/Mounts.cs: File.Exists(options.HostResolvConf",
        "src/ActorOrch.Agent/Volumes/Mounts.cs: File.ReadAllText(options.HostResolvConf",
        "src/ActorOrch.Agent/Pods/Isolation/SeccompProfiles.cs: new FileInfo(path",
        "src/ActorOrch.Agent/Pods/Isolation/SeccompProfiles.cs: File.ReadAllTextAsync(path",
    ];

    [Fact]
    public void Nothing_is_deleted_resolved_owned_or_mounted_but_by_the_one_way()
    {
        var found =
            from source in Sources()
            from rule in Everywhere
            where !rule.Except.Any(e => source.Path.StartsWith(e, StringComparison.Ordinal))
            from Match match in rule.Call.Matches(source.Code)
            select $"{source.Path}: {match.Value.Trim()} (use {rule.Instead})";

        Assert.Empty(found);
    }

    [Fact]
    public void Near_pods_files_are_reached_by_descriptors_alone()
    {
        var found =
            from source in Sources()
            where NearPods.Any(n => source.Path.StartsWith(n, StringComparison.Ordinal))
            from Match match in ByPath().Matches(source.Code)
            let call = $"{source.Path}: {match.Value}"
            where !Harmless.Contains(call)
            select call;

        Assert.Empty(found);
    }

    [Theory]
    [InlineData("Directory.Delete(path, true)")]
    [InlineData("Directory.Delete(path)")]
    [InlineData("info.Delete(recursive: true)")]
    [InlineData("new DirectoryInfo(path).Delete(true)")]
    [InlineData("System.IO.Directory . Delete (p)")]
    public void Each_form_of_a_recursive_deletion_is_seen(string code) => Assert.Matches(RecursiveDelete(), code);

    [Theory]
    [InlineData("File.Open(path)")]
    [InlineData("new FileInfo(path)")]
    [InlineData("new FileStream(path, mode)")]
    [InlineData("Directory.EnumerateFiles(x)")]
    public void Each_form_of_a_call_by_path_is_seen(string code) => Assert.Matches(ByPath(), code);

    [Fact]
    public void The_sources_are_found() => Assert.Contains(Sources(), s => s.Path == Home + "TreeRemoval.cs");

    private static IEnumerable<(string Path, string Code)> Sources([CallerFilePath] string here = "")
    {
        var top = here[..here.LastIndexOf("/tests/", StringComparison.Ordinal)];
        return Directory.EnumerateFiles(Path.Combine(top, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal))
            .Select(f => (Path.GetRelativePath(top, f), Comments().Replace(File.ReadAllText(f), "")));
    }

    [GeneratedRegex(@"//[^\n]*")]
    private static partial Regex Comments();

    [GeneratedRegex(@"\bDirectory\s*\.\s*Delete\s*\(|\.\s*Delete\s*\(\s*(recursive\s*:\s*)?true|\bDirectoryInfo\s*\([^;\n]*\)\s*\.\s*Delete\s*\(")]
    private static partial Regex RecursiveDelete();

    [GeneratedRegex(@"\bResolveLinkTarget\b|\.\s*LinkTarget\b")]
    private static partial Regex ResolvedLink();

    [GeneratedRegex(@"\bint\s+(l|f)?ch(own|mod)(at)?\s*\(|""(chown|chmod|rm)""")]
    private static partial Regex Ownership();

    [GeneratedRegex(@"\bint\s+(u?mount2?|pivot_root|move_mount|open_tree)\s*\(|""u?mount""")]
    private static partial Regex MountCall();

    [GeneratedRegex(@"(?<![.\w])(File|Directory)\s*\.\s*\w+\s*\([\w.]*|\bnew\s+(FileInfo|DirectoryInfo|FileStream|StreamReader|StreamWriter)\s*\([\w.]*|\bPath\s*\.\s*Exists\s*\([\w.]*")]
    private static partial Regex ByPath();
}

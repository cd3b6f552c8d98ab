using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace ActorOrch.Registry.Tests.Files;

/// <summary>
/// Whatever a process keeps in small files is written in one step that survives a loss of power, and for its owner alone. Calls that write
/// otherwise stand where a test names them.
/// </summary>
public sealed partial class WritingTests
{
    /// <summary>File and call, each with its reason.</summary>
    private static readonly HashSet<string> Allowed =
    [
        // The one way itself.
        "src/ActorOrch.Registry/Files/SmallFile.cs: File.Move(",
        "src/ActorOrch.Registry/Files/SmallFile.cs: FileMode.CreateNew",
        // Only its lock counts: what it says is for a message.
        "src/ActorOrch.Registry/Files/HeldFile.cs: FileMode.OpenOrCreate",
        // The kernel's settings.
        "src/ActorOrch.Networking/Kernel/LinuxNodeNetwork.cs: File.WriteAllText(",
        "src/ActorOrch.Agent/Runtimes/Docker/DockerRuntime.Network.cs: File.WriteAllText(",
    ];

    [Fact]
    public void Files_are_written_by_the_one_way()
    {
        var found = Sources().SelectMany(s => Writes().Matches(s.Code).Select(m => $"{s.Path}: {Blanks().Replace(m.Value, "")}")).ToHashSet();

        Assert.Empty(found.Except(Allowed));
        Assert.Empty(Allowed.Except(found));
    }

    [Theory]
    [InlineData("File.WriteAllBytes(path, [])")]
    [InlineData("await File.WriteAllTextAsync(path, text)")]
    [InlineData("System.IO.File . AppendAllText(path, text)")]
    [InlineData("File.Create(path)")]
    [InlineData("File.OpenWrite(path)")]
    [InlineData("new FileStream(path, FileMode.Create)")]
    [InlineData("new StreamWriter(path)")]
    public void Each_other_way_is_seen(string code) => Assert.Matches(Writes(), code);

    private static IEnumerable<(string Path, string Code)> Sources([CallerFilePath] string here = "")
    {
        var top = here[..here.LastIndexOf("/tests/", StringComparison.Ordinal)];
        return Directory.EnumerateFiles(Path.Combine(top, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal))
            .Select(f => (Path.GetRelativePath(top, f), Comments().Replace(File.ReadAllText(f), "")));
    }

    [GeneratedRegex(@"//[^\n]*")]
    private static partial Regex Comments();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    [GeneratedRegex(@"(?<!\w)File\s*\.\s*(Write|Append|Create|Replace|Move|Copy|OpenWrite)\w*\s*\(|\bFileMode\s*\.\s*(Create|CreateNew|OpenOrCreate|Append|Truncate)\b|\bnew\s+StreamWriter\s*\(")]
    private static partial Regex Writes();
}

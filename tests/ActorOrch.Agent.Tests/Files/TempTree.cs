using System.Diagnostics;
using ActorOrch.Agent.Files;

namespace ActorOrch.Agent.Tests.Files;

/// <summary>A directory of the test's own, and beside it one that nothing may touch.</summary>
internal sealed class TempTree : IDisposable
{
    private const string Secret = "precious";
    private readonly string _top = Directory.CreateTempSubdirectory("agent-tree").FullName;

    public TempTree()
    {
        Directory.CreateDirectory(Root);
        Directory.CreateDirectory(Path.Combine(Victim, "sub"));
        File.WriteAllText(Path.Combine(Victim, "file"), Secret);
        File.WriteAllText(Path.Combine(Victim, "sub", "file"), Secret);
    }

    public string Root => Path.Combine(_top, "root");
    public string Victim => Path.Combine(_top, "victim");

    public string At(string path) => Path.Combine(Root, path);

    public string Write(string path, string content = "")
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), content);
        return At(path);
    }

    public void Link(string path, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.CreateSymbolicLink(At(path), target);
    }

    public Descriptor Open() => Descriptor.OpenPath(Root);

    public void AssertVictimIsWhole()
    {
        Assert.Equal(Secret, File.ReadAllText(Path.Combine(Victim, "file")));
        Assert.Equal(Secret, File.ReadAllText(Path.Combine(Victim, "sub", "file")));
        Assert.Equal(["file", "sub"], Directory.EnumerateFileSystemEntries(Victim).Select(Path.GetFileName).Order());
    }

    public static string Shell(string script)
    {
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh") { ArgumentList = { "-c", script }, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = shell.StandardOutput.ReadToEnd();
        var errors = shell.StandardError.ReadToEnd();
        shell.WaitForExit();
        Assert.True(shell.ExitCode == 0, $"{script}: {output}{errors}");
        return output;
    }

    public void Dispose()
    {
        using (var top = Descriptor.OpenPath(_top)) MountTable.UnmountBelow(top);
        TreeRemoval.Remove(_top);
    }
}

using ActorOrch.Agent.Pods.Containers;
using ActorOrch.Agent.Tests.Files;
using ActorOrch.Agent.Volumes;
using k8s.Models;

namespace ActorOrch.Agent.Tests.Pods.Containers;

public sealed class TerminationMessagesTests : IDisposable
{
    private const string Uid = "uid";
    private readonly TempTree _tree = new();
    private readonly PodDirectories _directories;
    private readonly string _file;

    public TerminationMessagesTests()
    {
        _directories = new(_tree.Root);
        _directories.Ensure();
        Mounts.AddTerminationMessage([], new V1Container { Name = "main" }, _directories, Uid, 0);
        _file = _directories.TerminationMessage(Uid, "main", 0);
    }

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void The_end_of_what_was_written_is_read()
    {
        File.WriteAllText(_file, new string('a', 10_000) + "end");

        Assert.Equal(new string('a', 4093) + "end", Left());
    }

    [Fact]
    public void A_file_of_any_size_costs_no_more_than_a_message()
    {
        TempTree.Shell($"truncate -s 4T {_file}");
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Equal(4096, Left()!.Length);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public void Nothing_written_or_never_started_is_no_message()
    {
        Assert.Null(Left());
        Assert.Null(TerminationMessages.Left(_directories, Uid, "main", 7));
        Assert.Null(TerminationMessages.Left(_directories, Uid, "other", 0));
        Assert.Null(TerminationMessages.Left(_directories, "other", "main", 0));
    }

    [Theory]
    [InlineData("mkfifo {file}")]
    [InlineData("ln -s {victim}/file {file}")]
    [InlineData("ln -s /etc/passwd {file}")]
    [InlineData("mkdir {file}")]
    [InlineData("mknod {file} c 1 5")]
    [InlineData("mknod {file} c 5 0")]
    public void What_was_put_in_its_place_is_neither_read_nor_waited_for(string attack)
    {
        TempTree.Shell($"rm {_file}; {attack.Replace("{file}", _file, StringComparison.Ordinal).Replace("{victim}", _tree.Victim, StringComparison.Ordinal)}");

        Assert.Null(Left());

        // The next run's file replaces it.
        Mounts.AddTerminationMessage([], new V1Container { Name = "main" }, _directories, Uid, 0);
        Assert.Equal("666 0\n", TempTree.Shell($"stat -c '%a %s' {_file}"));
        _tree.AssertVictimIsWhole();
    }

    [Fact]
    public void A_directory_above_it_may_be_a_link_of_somebody_elses()
    {
        TempTree.Shell($"cd {_directories.Pod(Uid)}/containers && rm -r main && ln -s {_tree.Victim} main && cp main/file main/0");

        Assert.Null(Left());

        TempTree.Shell($"rm {_tree.Victim}/0");
    }

    private string? Left() => TerminationMessages.Left(_directories, Uid, "main", 0);
}

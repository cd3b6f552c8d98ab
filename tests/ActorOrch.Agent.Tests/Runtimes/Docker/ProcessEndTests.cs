using System.Diagnostics;
using System.Globalization;
using ActorOrch.Agent.Runtimes.Docker;

namespace ActorOrch.Agent.Tests.Runtimes.Docker;

public sealed class ProcessEndTests
{
    [Fact]
    public void One_that_runs_has_not_ended() => Assert.False(ProcessEnd.HasCome(Environment.ProcessId));

    [Fact]
    public async Task One_that_its_parent_has_heard_of_is_gone()
    {
        using var process = Process.Start("true");
        await process.WaitForExitAsync();

        Assert.True(ProcessEnd.HasCome(process.Id));
    }

    [Fact]
    public async Task One_that_its_parent_does_not_ask_about_has_ended_all_the_same()
    {
        // What the shell becomes never asks about the shell's child; the end of its output tells that the child has closed it.
        using var parent = Process.Start(new ProcessStartInfo("sh", ["-c", "true & echo $!; exec sleep 60 >&-"]) { RedirectStandardOutput = true })!;
        try
        {
            var child = int.Parse((await parent.StandardOutput.ReadToEndAsync()).Trim(), CultureInfo.InvariantCulture);

            Assert.True(SpinWait.SpinUntil(() => ProcessEnd.HasCome(child), TimeSpan.FromSeconds(30)));
        }
        finally
        {
            parent.Kill();
        }
    }
}

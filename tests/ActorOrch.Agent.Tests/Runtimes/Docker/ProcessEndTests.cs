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
        // The child ends with its input, when the shell has long become a program that never asks about children.
        var start = new ProcessStartInfo("sh", ["-c", "exec 3<&0; cat <&3 >/dev/null & echo $!; exec 3<&-; exec sleep 60 >&-"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        using var parent = Process.Start(start)!;
        try
        {
            var child = int.Parse((await parent.StandardOutput.ReadToEndAsync()).Trim(), CultureInfo.InvariantCulture);
            Assert.False(ProcessEnd.HasCome(child));
            // The shell closes its output a moment before it is the other program.
            Assert.True(SpinWait.SpinUntil(() => File.ReadAllText($"/proc/{parent.Id}/comm").Trim() == "sleep", TimeSpan.FromSeconds(30)));
            parent.StandardInput.Close();

            Assert.True(SpinWait.SpinUntil(() => ProcessEnd.HasCome(child), TimeSpan.FromSeconds(30)));
            Assert.True(Directory.Exists($"/proc/{child}"));
        }
        finally
        {
            parent.Kill();
        }
    }
}

using ActorOrch.Registry.Logs;
using Akka.Actor;
using Akka.Event;
using Akka.TestKit.Xunit2;

namespace ActorOrch.Registry.Tests.Logs;

public sealed class LogFoldingTests() : TestKit("akka.loglevel = OFF\nakka.stdout-loglevel = OFF")
{
    private readonly LogFolding _folding = new();

    [Fact]
    public void The_same_line_is_written_once_a_window_and_counted()
    {
        var written = Enumerable.Range(0, 1000).Count(_ => _folding.Admit("failed", "a failed: broken\n at X"));
        Assert.Equal(1, written);
        Assert.Equal(["said 999 more times in 10 s, or in like words: a failed: broken"], _folding.EndWindow());
        Assert.True(_folding.Admit("failed", "a failed: broken\n at X"));
        Assert.Empty(_folding.EndWindow());
    }

    [Fact]
    public void Lines_of_one_kind_are_bounded_and_do_not_hide_another()
    {
        var written = Enumerable.Range(0, 1000).Count(i => _folding.Admit("failed", $"{i} failed"));
        Assert.Equal(LogFolding.MostOfKind, written);
        Assert.True(_folding.Admit("other", "something else"));
        Assert.Equal([$"said {1000 - LogFolding.MostOfKind} more times in 10 s, or in like words: 0 failed"], _folding.EndWindow());
    }

    [Fact]
    public void All_lines_together_are_bounded_and_so_is_what_is_said_about_them()
    {
        var written = Enumerable.Range(0, 100_000).Count(i => _folding.Admit($"kind {i}", $"line {i}"));
        Assert.True(written <= LogFolding.MostInAll);
        var said = _folding.EndWindow();
        Assert.Equal(100_000 - written, int.Parse(said[^1].Split(' ')[0]));
        Assert.True(said.Count <= LogFolding.MostInAll);
    }

    [Fact]
    public async Task Warnings_and_errors_fold_and_what_was_asked_for_does_not()
    {
        var lines = new List<string>();
        var logger = Sys.ActorOf(Props.Create(() => new FoldingLogger(line => Add(lines, line))));
        var failure = new InvalidOperationException("broken");
        for (var i = 0; i < 50; i++)
        {
            logger.Tell(new Error(failure, "source", typeof(LogFoldingTests), "it failed"));
            logger.Tell(new Info("source", typeof(LogFoldingTests), "informed"));
        }
        await logger.GracefulStop(TimeSpan.FromSeconds(10));
        lock (lines)
        {
            Assert.Equal(50, lines.Count(l => l.Contains("informed", StringComparison.Ordinal)));
            Assert.Single(lines, l => l.Contains("it failed", StringComparison.Ordinal) && l.Contains("[ERROR]", StringComparison.Ordinal));
            Assert.Contains(lines, l => l.Contains("said 49 more times", StringComparison.Ordinal));
        }
    }

    private static void Add(List<string> lines, string line)
    {
        lock (lines) lines.Add(line);
    }
}

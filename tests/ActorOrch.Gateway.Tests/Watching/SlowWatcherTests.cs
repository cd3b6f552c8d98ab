using System.IO.Pipelines;
using ActorOrch.Registry;
using ActorOrch.Resources;

namespace ActorOrch.Gateway.Tests;

public sealed class SlowWatcherTests
{
    private static readonly StoredObject Object = new(BuiltIn.ConfigMaps, new("a", "b"), 1, new byte[1000]);

    [Fact]
    public async Task A_client_that_does_not_read_is_cut_between_two_events()
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 4000, resumeWriterThreshold: 2000));
        var backlog = new WatchBacklog(20, pipe.Writer.CancelPendingFlush);
        backlog.Bound();
        var filter = ObjectFilter.Everything(BuiltIn.ConfigMaps);
        var stream = new WatchStream(BuiltIn.ConfigMaps, pipe.Writer, backlog, PlainForm.Instance, filter, bookmarks: false, after: 0);

        var running = stream.RunAsync(CancellationToken.None);
        for (var revision = 1; revision <= 1000; revision++)
            backlog.OnChanges([new(ChangeKind.Added, new(BuiltIn.ConfigMaps, new("a", "b"), revision, Object.Json), null)], Snapshot.Empty);
        await running.WaitAsync(TimeSpan.FromSeconds(20));
        await pipe.Writer.CompleteAsync();

        Assert.True(backlog.Overrun);
        var sent = await ReadAllAsync(pipe.Reader);
        Assert.True(sent.Length > 0);
        // Whole events alone: each is as long as the others.
        Assert.Equal(0, sent.Length % (Object.Json.Length + """{"type":"ADDED","object":}""".Length + 1));
    }

    private static async Task<byte[]> ReadAllAsync(PipeReader reader)
    {
        using var all = new MemoryStream();
        await reader.CopyToAsync(all);
        return all.ToArray();
    }
}

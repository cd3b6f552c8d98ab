using System.Globalization;
using System.IO.Pipelines;
using System.Text.Json.Nodes;
using ActorOrch.Gateway.Answers;
using ActorOrch.Gateway.Forms;
using ActorOrch.Gateway.Reading;
using ActorOrch.Gateway.Tests.Fixtures;
using ActorOrch.Gateway.Watching;
using ActorOrch.Registry.Watching;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Gateway.Tests.Watching;

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
        var stream = new WatchStream(BuiltIn.ConfigMaps, pipe.Writer, backlog, PlainForm.Of(BuiltIn.ConfigMaps), filter, bookmarks: false, after: 0);

        var running = stream.RunAsync(CancellationToken.None);
        for (var revision = 1; revision <= 1000; revision++)
            backlog.Add([new(ChangeKind.Added, new(BuiltIn.ConfigMaps, new("a", "b"), revision, Object.Json), null)]);
        await running.WaitAsync(TimeSpan.FromSeconds(20));
        await pipe.Writer.CompleteAsync();

        Assert.True(backlog.Overrun);
        var sent = await ReadAllAsync(pipe.Reader);
        Assert.True(sent.Length > 0);
        // Whole events alone: each is as long as the others.
        Assert.Equal(0, sent.Length % (Object.Json.Length + """{"type":"ADDED","object":}""".Length + 1));
    }

    [Fact]
    public async Task A_large_event_goes_piece_by_piece_and_arrives_whole()
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 4000, resumeWriterThreshold: 2000));
        var backlog = new WatchBacklog(20, pipe.Writer.CancelPendingFlush);
        backlog.Bound();
        var stream = new WatchStream(
            BuiltIn.ConfigMaps, pipe.Writer, backlog, PlainForm.Of(BuiltIn.ConfigMaps), ObjectFilter.Everything(BuiltIn.ConfigMaps), bookmarks: false, after: 0);
        var large = new StoredObject(BuiltIn.ConfigMaps, new("a", "b"), 1, new byte[1_500_000]);
        backlog.Add([new(ChangeKind.Added, large, null)]);
        backlog.Post(WatchBatch.End);

        var running = stream.RunAsync(CancellationToken.None);
        Assert.True(pipe.Reader.TryRead(out var first));
        Assert.InRange(first.Buffer.Length, 1, 2 * LargePieces.PieceBytes);
        pipe.Reader.AdvanceTo(first.Buffer.Start);
        var reading = ReadAllAsync(pipe.Reader);
        await running.WaitAsync(TimeSpan.FromSeconds(20));
        await pipe.Writer.CompleteAsync();

        Assert.Equal(large.Json.Length + """{"type":"ADDED","object":}""".Length + 1, (await reading).Length);
        Assert.False(stream.Torn);
    }

    [Fact]
    public async Task A_client_that_does_not_read_loses_its_connection_and_misses_nothing_when_it_resumes()
    {
        const int changes = WatchBacklog.MostChanges + 12_000;
        await using var gateway = await TestGateway.StartAsync(change: o => o with { SlowWatcherGrace = TimeSpan.FromMilliseconds(100) });
        var watch = await WatchReader.OpenAsync(gateway.Client, "/api/v1/configmaps?watch=true&resourceVersion=1");
        for (var i = 0; i < changes; i++) await PutAsync(gateway, i);

        var seen = 1L;
        await using (watch)
        {
            while (await TryNextAsync(watch) is { } change) Assert.Equal(++seen, RevisionOf(change));
        }
        Assert.InRange(seen, 2, changes);

        await using var again = await WatchReader.OpenAsync(gateway.Client, $"/api/v1/configmaps?watch=true&resourceVersion={seen}");
        while (seen <= changes) Assert.Equal(++seen, RevisionOf((await again.NextAsync())!));
    }

    private static async Task PutAsync(TestGateway gateway, int i) => await gateway.Registry.PutAsync(
        BuiltIn.ConfigMaps,
        JsonNode.Parse($$$"""{"metadata":{"name":"a","namespace":"w"},"data":{"{{{i}}}":"{{{new string('x', 2000)}}}"}}""")!.AsObject());

    private static long RevisionOf(JsonObject change) =>
        long.Parse(change["object"]!["metadata"]!["resourceVersion"]!.GetValue<string>(), CultureInfo.InvariantCulture);

    /// <summary>Null where the connection has gone, between two events or in the middle of one.</summary>
    private static async Task<JsonObject?> TryNextAsync(WatchReader watch)
    {
        try
        {
            return await watch.NextAsync();
        }
        catch (Exception gone) when (gone is IOException or HttpRequestException or System.Text.Json.JsonException)
        {
            return null;
        }
    }

    private static async Task<byte[]> ReadAllAsync(PipeReader reader)
    {
        using var all = new MemoryStream();
        await reader.CopyToAsync(all);
        return all.ToArray();
    }
}

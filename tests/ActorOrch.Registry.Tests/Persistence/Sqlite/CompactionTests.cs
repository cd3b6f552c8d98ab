using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Persistence.Sqlite;
using ActorOrch.Registry.Watching;
using ActorOrch.Registry.Writes;
using ActorOrch.Resources.Catalog;
using Akka.Actor;
using Microsoft.Data.Sqlite;
using static ActorOrch.Registry.Tests.Samples;

namespace ActorOrch.Registry.Tests.Persistence.Sqlite;

/// <summary>That the files follow what is in them: live objects and the window of history.</summary>
public sealed class CompactionTests : IAsyncLifetime
{
    private const int Window = 256, ObjectBytes = 10_000;

    /// <summary>What is left free in each of the two files at most (see <see cref="FreePages"/>), and their logs.</summary>
    private const long FreeBytes = 2 * (8 << 20), LogBytes = 32 << 20;

    /// <summary>For so many rounds at a time a log may be longer: where the disk cannot keep up, it is cut later (see <see cref="WriteAheadLog"/>).</summary>
    private const int LongLogRounds = 1000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryDirectory _directory = new();
    private ActorSystem _system = null!;
    private ICollection _collection = null!;

    public async Task InitializeAsync()
    {
        (_system, var registry) = await TestRegistry.StartOnAsync($"""
            {TestRegistry.OnSqlite(_directory.Path)}
            actororch.registry.history.versions = {Window}
            actororch.registry.history.memory.versions = {Window}
            actororch.registry.checkpoint.commits = 64
            actororch.registry.checkpoint.bytes = 1 MiB
            """);
        _collection = registry[BuiltIn.ConfigMaps];
    }

    public async Task DisposeAsync()
    {
        await _system.Terminate();
        SqliteConnection.ClearAllPools();
        _directory.Dispose();
    }

    /// <summary>Of both databases and their logs.</summary>
    private long FilesBytes => DatabaseBytes + BytesOf("*.db-wal");

    private long DatabaseBytes => BytesOf("*.db");

    private long BytesOf(string files) => Directory.GetFiles(_directory.Path, files).Sum(f => new FileInfo(f).Length);

    private long LiveBytes => _collection.Latest.Objects.Values.Sum(o => (long)o.Json.Length);

    [Fact]
    public async Task Files_stay_as_small_as_live_objects_and_window_however_many_versions_are_written()
    {
        const int objects = 8, rounds = 1500;
        await WriteAsync([.. Enumerable.Range(0, objects).Select(i => Create($"n{i}", Data(i)))]);
        // The window, as much again until the next checkpoint (1 MB at least), and two checkpoints.
        var bound = 2 * (Window + History.SegmentSize) * ObjectBytes + 4 * LiveBytes + (4 << 20) + FreeBytes;
        Assert.True(bound + LogBytes < (long)rounds * objects * ObjectBytes * 2 / 3, $"the bound of {bound:N0} bytes says nothing");

        var longLog = 0;
        for (var round = 0; round < rounds; round++)
        {
            await ReplaceAsync(objects, round);
            Assert.True(DatabaseBytes < bound, $"after {round} rounds the databases have {DatabaseBytes:N0} bytes; the bound is {bound:N0}");
            longLog = FilesBytes < bound + LogBytes ? 0 : longLog + 1;
            Assert.True(longLog < LongLogRounds, $"for {longLog} rounds the files with their logs have had more than {bound + LogBytes:N0} bytes: {FilesBytes:N0}");
        }
    }

    [Fact]
    public async Task Files_shrink_when_objects_are_gone_and_have_left_the_window()
    {
        const int objects = 9000, left = 8;
        for (var i = 0; i < objects; i += 100) await WriteAsync([.. Enumerable.Range(i, 100).Select(n => Create($"n{n}", Data(n)))]);
        var before = FilesBytes;
        Assert.True(before > LiveBytes, $"{LiveBytes:N0} bytes of objects are in files of {before:N0}");

        for (var i = left; i < objects; i += 100)
            await WriteAsync([.. Enumerable.Range(i, Math.Min(100, objects - i)).Select(n => Remove($"n{n}", _collection.Latest.Get(Key($"n{n}"))!.Revision))]);

        var bound = 2 * (Window + History.SegmentSize) * ObjectBytes + 4 * LiveBytes + (4 << 20) + FreeBytes + LogBytes;
        Assert.True(bound < before, $"the bound of {bound:N0} bytes says nothing: the files had {before:N0}");
        for (var round = 0; FilesBytes >= bound; round++)
        {
            Assert.True(round < 5000, $"{round} rounds after the objects were removed the files have {FilesBytes:N0} bytes of {before:N0}; the bound is {bound:N0}");
            await ReplaceAsync(left, round);
        }
    }

    private static string Data(int seed) => new((char)('a' + seed % 26), ObjectBytes);

    private Task ReplaceAsync(int objects, int round) => WriteAsync([.. Enumerable.Range(0, objects).Select(i => Replace($"n{i}", _collection.Latest.Get(Key($"n{i}"))!.Revision, Data(round + i)))]);

    private async Task WriteAsync(Write[] writes)
    {
        foreach (var result in await _collection.WriteAsync(writes).WaitAsync(Patience)) Assert.Equal(WriteOutcome.Committed, result.Outcome);
    }
}

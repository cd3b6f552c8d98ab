using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using ActorOrch.Registry.Api;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Watching;
using ActorOrch.Registry.Writes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;
using ActorOrch.Testing;

namespace ActorOrch.Registry.Tests.Api;

/// <summary>Many writers of one object that name no version.</summary>
public sealed class WriteTurnsTests
{
    private const int Writers = 16;
    private const int Rounds = 25;

    private static readonly ObjectKey Key = new("default", "hot");
    private static readonly WriteOptions Options = new();

    [Fact]
    public async Task Patches_of_one_object_are_applied_in_order_and_share_commits()
    {
        using var directory = new TemporaryDirectory();
        var (system, registry) = await TestRegistry.StartAsync(directory.Path);
        try
        {
            var api = new ObjectApi(registry, [], TimeProvider.System, new Random(1));
            var created = await CreateAsync(api);
            var commits = new CommitCounter();
            using var subscription = registry[BuiltIn.ConfigMaps].Subscribe(created.Revision, commits);

            var answers = await PatchAllAsync(api);

            Assert.Equal(Enumerable.Range(1, Writers * Rounds).Select(n => created.Revision + n), answers.Select(a => a.Revision).Order());
            Assert.Equal(Writers * Rounds, commits.Changes);
            Assert.True(commits.Batches < Writers * Rounds, $"{commits.Batches} commits of {commits.Changes} changes");
        }
        finally
        {
            await system.Terminate();
        }
    }

    [Fact]
    public async Task What_was_made_on_top_of_a_write_that_was_lost_is_made_again()
    {
        var registry = new InMemoryRegistry();
        var api = new ObjectApi(registry, [], TimeProvider.System, new Random(1));
        await CreateAsync(api);
        var writes = 0;
        registry.Of(BuiltIn.ConfigMaps).Fault = _ => Interlocked.Increment(ref writes) % 3 == 0 ? new(WriteOutcome.Conflict) : null;

        await PatchAllAsync(api);

        Assert.True(writes > Writers * Rounds);
    }

    [Fact]
    public async Task A_write_that_looks_at_versions_waits_for_those_before_it_and_one_that_names_a_version_is_still_in_conflict()
    {
        using var directory = new TemporaryDirectory();
        var (system, registry) = await TestRegistry.StartAsync(directory.Path);
        try
        {
            var api = new ObjectApi(registry, [], TimeProvider.System, new Random(1));
            var created = await CreateAsync(api);
            var counted = new List<Task>();
            for (var i = 0; i < Writers * 4; i++)
            {
                counted.Add(api.PatchAsync(BuiltIn.ConfigMaps, Key, PatchType.Merge, JsonNode.Parse($$$"""{"data":{"merge{{{i}}}":"x"}}""")!, Options));
                counted.Add(api.ModifyAsync(BuiltIn.ConfigMaps, Key, obj =>
                {
                    Assert.InRange(long.Parse((string)obj["metadata"]!["resourceVersion"]!, null), created.Revision, 10_000);
                    obj["data"]!["count"] = (int.Parse((string)obj["data"]!["count"]!, null) + 1).ToString(System.Globalization.CultureInfo.InvariantCulture);
                    return true;
                }, Options));
                counted.Add(api.PatchAsync(BuiltIn.ConfigMaps, Key, PatchType.Json, JsonNode.Parse($$"""[{"op":"add","path":"/data/json{{i}}","value":"x"}]""")!, Options));
            }
            await Task.WhenAll(counted);
            var refused = await Assert.ThrowsAsync<ApiException>(() => api.PatchAsync(
                BuiltIn.ConfigMaps, Key, PatchType.Merge, JsonNode.Parse($$$"""{"metadata":{"resourceVersion":"{{{created.Revision}}}"},"data":{"late":"x"}}""")!, Options));

            var data = registry[BuiltIn.ConfigMaps].Latest.Get(Key)!.ToJson()["data"]!.AsObject();
            Assert.Equal((409, (Writers * 4).ToString(System.Globalization.CultureInfo.InvariantCulture)), (refused.Code, (string)data["count"]!));
            Assert.Equal(1 + 2 * Writers * 4, data.Count);
        }
        finally
        {
            await system.Terminate();
        }
    }

    [Fact]
    public async Task A_writer_that_no_longer_waits_holds_up_nobody()
    {
        var api = new ObjectApi(new InMemoryRegistry(), [], TimeProvider.System, new Random(1));
        await CreateAsync(api);
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => api.PatchAsync(
            BuiltIn.ConfigMaps, Key, PatchType.Merge, JsonNode.Parse("""{"data":{"a":"b"}}""")!, Options, gone.Token));
        await Assert.ThrowsAsync<ApiException>(() => api.PatchAsync(
            BuiltIn.ConfigMaps, Key, PatchType.Merge, JsonNode.Parse("""{"metadata":{"name":"other"}}""")!, Options));

        await PatchAllAsync(api);
    }

    private static Task<StoredObject> CreateAsync(ObjectApi api) =>
        api.CreateAsync(BuiltIn.ConfigMaps, Key.Namespace, JsonNode.Parse("""{"metadata":{"name":"hot"},"data":{"count":"0"}}""")!.AsObject(), Options);

    /// <summary>Each writer is answered with what it wrote, and nothing is lost.</summary>
    private static async Task<IReadOnlyCollection<StoredObject>> PatchAllAsync(ObjectApi api)
    {
        var answers = new ConcurrentBag<StoredObject>();
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            for (var round = 0; round < Rounds; round++)
            {
                var value = $"{writer}-{round}";
                var patch = JsonNode.Parse($$$"""{"data":{"last":"{{{value}}}","w{{{writer}}}":"{{{round}}}"}}""")!;
                var answer = await api.PatchAsync(BuiltIn.ConfigMaps, Key, PatchType.Merge, patch, Options);
                Assert.Equal(value, (string)answer.ToJson()["data"]!["last"]!);
                Assert.Equal(answer.Revision, answer.Meta.Revision);
                answers.Add(answer);
            }
        })));
        var data = answers.MaxBy(a => a.Revision)!.ToJson()["data"]!;
        for (var writer = 0; writer < Writers; writer++) Assert.Equal($"{Rounds - 1}", (string)data[$"w{writer}"]!);
        return answers;
    }

    private sealed class CommitCounter : IChangeObserver
    {
        public int Batches { get; private set; }

        public int Changes { get; private set; }

        public void OnChanges(IReadOnlyList<Change> changes, Snapshot after) => (Batches, Changes) = (Batches + 1, Changes + changes.Count);

        public void OnReset(Snapshot current) => throw new InvalidOperationException("nothing was lost");
    }
}

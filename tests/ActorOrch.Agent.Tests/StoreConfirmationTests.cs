using ActorOrch.Agent.Nodes;
using ActorOrch.Agent.Runtimes;
using ActorOrch.Agent.Runtimes.Simulated;
using CsCheck;

namespace ActorOrch.Agent.Tests;

/// <summary>What runs is ended on the word of the store that it was made for, and on no other's.</summary>
public sealed class StoreConfirmationTests
{
    private static readonly PodNetworkSpec Network = new("test", "10.250.0.0/24", null);

    [Fact]
    public void A_picture_of_another_store_is_never_acted_on_while_anything_here_names_one() =>
        Gen.Select(Gen.OneOf("", "a", "b"), Gen.OneOf<string?>(null, "a", "b"), Gen.OneOf<string?>(null, "a", "b").Array[0, 3], Gen.Bool).Sample((told, kept, labels, known) =>
        {
            var refused = StoreConfirmation.Refusal(new("n", [], told, known), kept, [.. labels.Select(Found)]) is not null;
            var named = labels.Append(kept).OfType<string>().ToList();
            if (named.Exists(n => n != told)) return refused;
            var silent = kept is null && labels.Any(l => l is null);
            return refused == (silent && !known);
        });

    [Fact]
    public async Task A_store_made_anew_ends_nothing_and_starts_nothing_and_the_node_says_why()
    {
        await using var bench = new AgentBench("node-1", new SimulatedRuntime("node-1", TimeProvider.System), Network);
        bench.Start();
        var pod = TestPods.Sleeping("kept");
        bench.Assign(pod);
        await bench.WhenReadyAsync(pod.Metadata.Uid);
        await bench.StopAgentAsync();

        bench.StoreId = "another";
        bench.Start("agent-again");
        bench.Assign();
        await bench.WhenEventAsync("StoreMismatch");
        bench.Change(TestPods.Sleeping("foreign"));

        var container = Assert.Single(await bench.Runtime.ListAsync(CancellationToken.None));
        Assert.Equal("5707e", container.Labels[ContainerLabels.Store]);
        Assert.Equal(ContainerPhase.Running, container.Phase);

        bench.StoreId = "5707e";
        bench.Assign();
        await bench.WhenGoneAsync("kept");
        Assert.Empty(await bench.Runtime.ListAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Without_the_file_the_labels_tell_it()
    {
        await using var bench = new AgentBench("node-1", new SimulatedRuntime("node-1", TimeProvider.System), Network);
        bench.Start();
        var pod = TestPods.Sleeping("kept");
        bench.Assign(pod);
        await bench.WhenReadyAsync(pod.Metadata.Uid);
        await bench.StopAgentAsync();
        File.Delete(bench.KeptStoreFile);

        bench.StoreId = "another";
        bench.Start("agent-again");
        bench.Assign();
        await bench.WhenEventAsync("StoreMismatch");

        Assert.Single(await bench.Runtime.ListAsync(CancellationToken.None));
    }

    private static ContainerState Found(string? store) => new(
        "c", "c", ContainerPhase.Running, "i", "", store is null ? new Dictionary<string, string>() : new Dictionary<string, string> { [ContainerLabels.Store] = store },
        DateTimeOffset.UnixEpoch, null, null, 0, false, null, null);
}

using System.Text.Json.Nodes;
using ActorOrch.Controllers.Deployments;
using ActorOrch.Controllers.Pods;
using ActorOrch.Controllers.ReplicaSets;
using ActorOrch.Registry.Api;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Decoding;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;
using ActorOrch.Resources.Timing;
using ActorOrch.Testing;

namespace ActorOrch.Controllers.Tests.Numbers;

/// <summary>Whatever number the API takes, the decisions about the object are made, and what they wait for is a time.</summary>
public class NumbersTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 5, TimeSpan.Zero);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(8);

    [Fact]
    public async Task Rollouts_are_decided_with_any_number_in_a_Deployment()
    {
        var sets = (StoredObject[])[await StoreAsync(BuiltIn.ReplicaSets, RichDocuments.Of(BuiltIn.ReplicaSets)), await StoreAsync(BuiltIn.ReplicaSets, RichDocuments.Of(BuiltIn.ReplicaSets))];
        await foreach (var (deployment, why) in AcceptedAsync(BuiltIn.Deployments, f => f.Path.Count <= 4)) DecideRollout(deployment, sets, why);
    }

    [Fact]
    public async Task Rollouts_are_decided_with_any_number_in_their_ReplicaSets()
    {
        var deployment = await StoreAsync(BuiltIn.Deployments, RichDocuments.Of(BuiltIn.Deployments));
        await foreach (var (set, why) in AcceptedAsync(BuiltIn.ReplicaSets, f => f.Path.Count <= 4))
        {
            DecideRollout(deployment, [set, set], why);
            foreach (var number in NumberFields.Integers)
            {
                var annotated = set.ToJson();
                annotated["metadata"]!["annotations"] = new JsonObject
                {
                    [RolloutAnnotations.Revision] = $"{number}",
                    [RolloutAnnotations.DesiredReplicas] = $"{number}",
                    [RolloutAnnotations.MaxReplicas] = $"{number}",
                };
                var noted = await StoreAsync(BuiltIn.ReplicaSets, annotated);
                DecideRollout(deployment, [set, noted], $"{why}, annotations {number}");
            }
        }
    }

    [Fact]
    public async Task Sets_are_decided_with_any_number_in_them_and_in_their_pods()
    {
        var pods = new List<StoredObject>();
        await foreach (var (pod, _) in AcceptedAsync(BuiltIn.Pods, f => f.IsStatus || f.Path.Count <= 3)) pods.Add(pod);
        foreach (var type in (ResourceType[])[BuiltIn.ReplicaSets, BuiltIn.ReplicationControllers])
            await foreach (var (set, why) in AcceptedAsync(type, f => f.Path.Count <= 4)) DecideSet(set, pods, why);
    }

    [Fact]
    public async Task The_fate_of_pods_is_decided_with_any_number_in_them()
    {
        var nodes = new List<StoredObject>();
        await foreach (var (node, _) in AcceptedAsync(BuiltIn.Nodes, f => f.Path.Count <= 4)) nodes.Add(node);
        var node0 = NodeFacts.Of(nodes[0]);
        await foreach (var (pod, why) in AcceptedAsync(BuiltIn.Pods, f => f.Path.Count <= 4))
        {
            var document = pod.ToJson();
            document["spec"]!["nodeName"] = "a";
            var facts = Controllers.Pods.PodFacts.Of(await StoreAsync(BuiltIn.Pods, document));
            foreach (var since in (DateTimeOffset[])[DateTimeOffset.MinValue, Now, DateTimeOffset.MaxValue])
            {
                var action = PodFate.Decide(facts, node0, Now, since, since, since, Grace);
                if (action is PodAction.Wait wait) Assert.True(wait.For > TimeSpan.Zero, $"{why}: {wait.For}");
                PodFate.Decide(facts, null, Now, since, since, since, Durations.Longest);
            }
        }
        Assert.All(nodes, node => Assert.NotNull(NodeFacts.Of(node)));
    }

    private static void DecideRollout(StoredObject deployment, IReadOnlyList<StoredObject> sets, string why)
    {
        try
        {
            var view = DeploymentView.Of(deployment);
            IReadOnlyList<ReplicaSetView> views = [.. sets.Select((set, i) => ReplicaSetView.Of(set, isCurrent: i == 0) with { Name = $"s{i}" })];
            foreach (var seen in (IReadOnlyList<ReplicaSetView>[])[views, [views[1]], []])
                foreach (var paused in (bool[])[false, true])
                {
                    var decision = Rollout.Decide(view with { Paused = paused }, seen, oldPodsRunning: false);
                    Assert.All(decision.Changes, change => Assert.True(change.Replicas >= 0, $"{why}: {change.Replicas} replicas"));
                    Assert.True(decision.Create is null or { Replicas: >= 0 }, why);
                    var current = seen.FirstOrDefault(s => s.IsCurrent);
                    var (status, wake) = StatusDecision.Next(view with { Paused = paused }, current, [.. seen.Where(s => !s.IsCurrent)], new(current?.Name), Now);
                    Assert.NotNull(status.ToJson());
                    Assert.True(wake is null || wake <= Durations.Longest.Add(TimeSpan.FromDays(1)), $"{why}: {wake}");
                }
        }
        catch (Exception failure) when (failure is not Xunit.Sdk.XunitException)
        {
            throw new InvalidOperationException(why, failure);
        }
    }

    private static void DecideSet(StoredObject set, List<StoredObject> pods, string why)
    {
        try
        {
            var sight = new ReplicaSetSight(set, pods, [], () => new Dictionary<string, int>(), Now);
            var decision = ReplicaSetDecision.Decide(sight);
            Assert.InRange(decision.Create, 0, ReplicaSetDecision.Burst);
            var (_, wake) = ReplicaSetDecision.Count(set, decision.Active, null, Now);
            Assert.True(wake is null || (wake > TimeSpan.Zero && wake <= Durations.Longest), $"{why}: {wake}");
        }
        catch (Exception failure) when (failure is not Xunit.Sdk.XunitException)
        {
            throw new InvalidOperationException(why, failure);
        }
    }

    /// <summary>What the API takes of all numbers in these fields.</summary>
    private static async IAsyncEnumerable<(StoredObject Object, string Why)> AcceptedAsync(ResourceType type, Func<NumberField, bool> which)
    {
        var taken = 0;
        foreach (var field in NumberFields.Of(type).Where(which))
            foreach (var value in NumberFields.ValuesFor(field))
            {
                var document = NumberFields.With(field, value);
                StoredObject? stored = null;
                try
                {
                    var decoded = ObjectDecoder.Decode(System.Text.Encoding.UTF8.GetBytes(document.ToJsonString()), "application/json", type).Object;
                    var registry = new InMemoryRegistry();
                    var api = new ObjectApi(registry, [], TimeProvider.System, new Random(1));
                    var created = await api.CreateAsync(
                        type, type.Namespaced ? "default" : "", field.IsStatus ? RichDocuments.Of(type) : (JsonObject)decoded.DeepClone(), WriteOptions.Default);
                    decoded["metadata"] = created.ToJson()["metadata"]!.DeepClone();
                    // The status of a creation is dropped; a status update takes it.
                    stored = await api.UpdateAsync(type, new(type.Namespaced ? "default" : "", "a"), decoded, new() { Subresource = HasStatus(type) ? "status" : "" });
                }
                catch (ApiException refused) when (refused.Code is >= 400 and < 500)
                {
                    // The API did not take it: nobody has to decide.
                }
                if (stored is null) continue;
                taken++;
                yield return (stored, $"{field} = {value.ToJsonString()}");
            }
        Assert.True(taken >= 20, $"{type.Kind}: {taken} documents were taken");
    }

    private static bool HasStatus(ResourceType type) => type.FindSubresource("status") is not null;

    private static async Task<StoredObject> StoreAsync(ResourceType type, JsonObject document)
    {
        document["metadata"]!.AsObject().Remove("resourceVersion");
        return await new InMemoryRegistry().PutAsync(type, document);
    }
}

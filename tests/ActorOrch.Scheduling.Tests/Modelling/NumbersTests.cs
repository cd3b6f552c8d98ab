using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Decoding;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;
using ActorOrch.Scheduling.Deciding;
using ActorOrch.Scheduling.Filters;
using ActorOrch.Scheduling.Modelling;
using ActorOrch.Scheduling.Relations;
using ActorOrch.Testing;

namespace ActorOrch.Scheduling.Tests.Modelling;

/// <summary>Any amount and any number in pods and nodes can be placed with: sums never begin again at the other end.</summary>
public class NumbersTests
{
    [Fact]
    public void Pods_and_nodes_with_any_number_are_read_placed_and_counted()
    {
        var nodes = Documents(BuiltIn.Nodes).ToList();
        var pods = Documents(BuiltIn.Pods).ToList();
        var shapes = new PodShapes();
        foreach (var (node, nodeWhy) in nodes)
        {
            var cluster = Samples.Cluster(node);
            var info = cluster.Find("a")!;
            foreach (var (pod, why) in pods)
            {
                using var document = System.Text.Json.JsonDocument.Parse(pod.Json);
                var shape = shapes.Of(document.RootElement.GetProperty("spec"));
                try
                {
                    new PendingPodReader(new PlacementContext()).Read(pod);
                    var placer = new Placer(cluster, SchedulingProfile.Default);
                    if (placer.Choose(shape) is null) Assert.NotNull(placer.Explain(shape).Message);
                }
                catch (Exception failure)
                {
                    throw new InvalidOperationException($"{nodeWhy}; {why}", failure);
                }
            }
            Assert.Equal(0, info.Pods);
        }
    }

    [Fact]
    public void A_node_full_of_the_greediest_pods_is_full_and_empty_again_when_they_have_gone()
    {
        var cluster = Samples.Cluster(Samples.Node("n", pods: 100_000));
        var node = cluster.Find("n")!;
        var shapes = new PodShapes();
        var modest = shapes.Of(Samples.Asking("1", "1Gi"));
        var greedy = shapes.Of(Samples.Asking("9223372036854775807", "9223372036854775807", ""));
        node.Add(modest);
        for (var i = 0; i < 1000; i++) node.Add(greedy);
        Assert.False(new NodeResourcesFit().Passes(modest, node));
        Assert.True(node.MilliCpu > 0 && node.Memory > 0 && node.ScoredMemory > 0);
        for (var i = 0; i < 1000; i++) node.Remove(greedy);
        Assert.Equal((1000, 1L << 30), (node.MilliCpu, node.Memory));
        Assert.True(new NodeResourcesFit().Passes(modest, node));
    }

    private static IEnumerable<(StoredObject Object, string Why)> Documents(ResourceType type)
    {
        foreach (var field in NumberFields.Of(type).Where(f => f.Path.Count <= 6 && f.Name is not ("observedGeneration" or "generation")))
            foreach (var value in NumberFields.ValuesFor(field))
            {
                JsonObject decoded;
                try
                {
                    decoded = ObjectDecoder.Decode(System.Text.Encoding.UTF8.GetBytes(NumberFields.With(field, value).ToJsonString()), "application/json", type).Object;
                    type.Rules.Default(decoded);
                    var errors = new FieldErrors();
                    type.Rules.Validate(Field.Root(decoded), errors);
                    if (errors.All.Count > 0) continue;
                }
                catch (ApiException)
                {
                    continue;
                }
                decoded["metadata"]!["resourceVersion"] = "1";
                yield return (StoredObject.FromJson(type, System.Text.Encoding.UTF8.GetBytes(decoded.ToJsonString())), $"{field} = {value.ToJsonString()}");
            }
    }
}

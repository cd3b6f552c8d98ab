using CsCheck;

namespace ActorOrch.Scheduling.Tests.Relations;

/// <summary>On random clusters, changed at random, each pod goes where a model that looks at every pod and node would put it, and waits for its reasons.</summary>
public class PlacementPropertyTests
{
    private static readonly Gen<string> Keys = OneOf("zone", "zone", "kubernetes.io/hostname", "rack");
    private static readonly Gen<string?> Apps = OneOf<string?>("a", "b", "c");

    private static readonly Gen<NaiveTerm> Term = Gen.Select(
        Gen.Frequency((8, Apps), (1, OneOf<string?>("*")), (1, OneOf<string?>("")), (1, OneOf<string?>([null]))), Keys,
        Gen.Frequency((6, OneOf<string[]>([[]])), (1, OneOf<string[]>([["n1"]])), (1, OneOf<string[]>([["n1", "n2"]]))),
        Gen.Frequency((4, OneOf<string?>([null])), (1, OneOf<string?>("red", "blue"))), Gen.Int[0, 9], Gen.Int[0, 9], Gen.Int[1, 100])
        .Select((app, key, namespaces, team, any, tiers, weight) => new NaiveTerm(app, key, namespaces, team, any == 0, tiers is 1 or 2, tiers == 3, weight));

    private static readonly Gen<NaiveSpread> Spread = Gen.Select(
        Apps, Keys, Gen.Int[1, 3], Gen.Int[0, 4], Gen.Bool, Gen.Bool, Gen.Bool, Gen.Int[0, 3])
        .Select((app, key, skew, domains, hard, affinity, taints, tier) => new NaiveSpread(
            app!, key, skew, hard && domains > 0 ? domains : null, hard, affinity, taints, tier == 0));

    private static readonly Gen<NaivePod> Pod = Gen.Select(
        OneOf("n1", "n1", "n2"), Gen.Frequency((5, Apps), (1, OneOf<string?>([null]))), OneOf<string?>(null, "1", "2"),
        Gen.Frequency((5, OneOf<string?>([null])), (1, OneOf<string?>("ssd"))), Gen.Int[0, 4],
        Gen.Select(Few(Term, 2), Few(Term, 2), Few(Term, 3), Few(Term, 3), Few(Spread, 3)))
        .Select((ns, app, tier, disk, tolerant, terms) => new NaivePod(
            "", ns, app, tier, disk, tolerant == 0, terms.Item1, terms.Item2, terms.Item3, terms.Item4, [.. terms.Item5.DistinctBy(s => (s.Key, s.Hard))]));

    private static readonly Gen<NaiveNode> Node = Gen.Select(
        OneOf<string?>(null, "z1", "z1", "z2", "z2", "z3"), OneOf<string?>(null, "r1", "r2", "r3", "r4"), OneOf<string?>(null, "ssd"),
        OneOf(2000, 4000, 4000), Gen.Int[0, 5], Gen.Int[1, 8])
        .Select((zone, rack, disk, cpu, tainted, room) => new NaiveNode("", Labels(("zone", zone), ("rack", rack), ("disk", disk)), cpu, tainted == 0, room));

    private static readonly Gen<(int What, int Which, NaivePod Pod, NaiveNode Node)[]> Steps =
        Gen.Select(Gen.Int[0, 19], Gen.Int[0, 1000], Pod, Node).Array[1, 50];

    [Fact]
    public void Every_pod_goes_where_a_model_that_looks_at_everything_would_put_it()
    {
        var (placements, refusals) = (0, 0);
        Gen.Select(Node.Array[0, 8], Steps).Sample((nodes, steps) =>
        {
            var world = new NaiveWorld();
            world.PutTeam("n1", "red");
            for (var i = 0; i < nodes.Length; i++) world.Put(Named(nodes[i], $"m{i}"));
            for (var i = 0; i < steps.Length; i++)
            {
                Step(world, i, steps[i]);
                world.DecideAndCompare();
            }
            Interlocked.Add(ref placements, world.Placements);
            Interlocked.Add(ref refusals, world.Refusals);
        }, iter: 400);
        // The generators make worlds in which both happen, or nothing was compared.
        Assert.True(placements > 1000 && refusals > 1000, $"{placements} placed, {refusals} refused");
    }

    [Fact]
    public void The_same_where_a_topology_has_about_as_many_domains_as_there_are_nodes() => Gen.Select(Node.Array[66, 80], Steps).Sample((nodes, steps) =>
    {
        var world = new NaiveWorld();
        for (var i = 0; i < nodes.Length; i++)
        {
            var node = Named(nodes[i], $"m{i}");
            // Some nodes share a rack, most have one of their own.
            world.Put(node with { Labels = new(node.Labels) { ["rack"] = $"rack-{Math.Max(0, i - 1)}" } });
        }
        for (var i = 0; i < Math.Min(20, steps.Length); i++)
        {
            Step(world, i, steps[i]);
            world.DecideAndCompare();
        }
    }, iter: 20);

    private static void Step(NaiveWorld world, int number, (int What, int Which, NaivePod Pod, NaiveNode Node) step)
    {
        var pod = world.Pods.Count > 0 ? world.Pods[step.Which % world.Pods.Count] : null;
        var node = world.Nodes.Count > 0 ? world.Nodes[step.Which % world.Nodes.Count] : null;
        switch (step.What)
        {
            case 0 when pod is not null:
                world.Remove(pod);
                break;
            case 1 when pod is not null && world.Pod(pod).Node is not null:
                world.Put(world.Pod(pod) with { Terminating = true });
                break;
            case 2 or 3 when pod is not null:
                world.Put(world.Pod(pod) with { App = step.Pod.App, Tier = step.Pod.Tier });
                break;
            case 4 when node is not null:
                world.Put(Named(step.Node, node));
                break;
            case 5 when node is not null && step.Which % 3 == 0:
                world.RemoveNode(node);
                break;
            case 6:
                world.Put(Named(step.Node, $"m{number}-late"));
                break;
            case 7:
                world.PutTeam(step.Pod.Namespace, (step.Which % 3) switch { 0 => "red", 1 => "blue", _ => null });
                break;
            default:
                world.Put(step.Pod with { Name = $"p{number:D2}" });
                break;
        }
    }

    private static NaiveNode Named(NaiveNode node, string name) =>
        node with { Name = name, Labels = new(node.Labels) { ["kubernetes.io/hostname"] = name } };

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static Gen<T[]> Few<T>(Gen<T> gen, int most) => Gen.Frequency((3, OneOf<T[]>([[]])), (2, gen.Array[1, most]));

    private static Dictionary<string, string> Labels(params (string Key, string? Value)[] labels) =>
        labels.Where(l => l.Value is not null).ToDictionary(l => l.Key, l => l.Value!);
}

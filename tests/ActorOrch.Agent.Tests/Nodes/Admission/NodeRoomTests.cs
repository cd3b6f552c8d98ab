using System.Text;
using ActorOrch.Agent.Nodes.Admission;
using ActorOrch.Agent.Pods.Isolation;
using ActorOrch.Scheduling.Modelling;
using CsCheck;

namespace ActorOrch.Agent.Tests.Nodes.Admission;

public sealed class NodeRoomTests
{
    private static readonly NodeDescription Node = new(
        "node", new Dictionary<string, string> { ["zone"] = "a" }, [], false, new(2000, 1 << 20, 1 << 30, new Dictionary<string, long> { ["example.com/gpu"] = 1 }), 3);

    private readonly NodeRoom _room = new();

    [Theory]
    [InlineData("""{"cpu":"2"}""", null, null)]
    [InlineData("""{"cpu":"2001m"}""", "OutOfcpu", "Node didn't have enough resource: cpu, requested: 2001, used: 0, capacity: 2000")]
    [InlineData("""{"memory":"2Mi"}""", "OutOfmemory", "Node didn't have enough resource: memory, requested: 2097152, used: 0, capacity: 1048576")]
    [InlineData("""{"ephemeral-storage":"2Gi"}""", "OutOfephemeral-storage", "Node didn't have enough resource: ephemeral-storage, requested: 2147483648, used: 0, capacity: 1073741824")]
    [InlineData("""{"example.com/gpu":"2"}""", "OutOfexample.com/gpu", "Node didn't have enough resource: example.com/gpu, requested: 2, used: 0, capacity: 1")]
    [InlineData("""{"example.com/unknown":"2"}""", null, null)]
    [InlineData("""{"hugepages-2Mi":"2Mi"}""", "OutOfhugepages-2Mi", "Node didn't have enough resource: hugepages-2Mi, requested: 2097152, used: 0, capacity: 0")]
    public void A_pod_that_asks_for_more_than_there_is_is_refused_in_upstreams_words(string requests, string? reason, string? message)
    {
        var refusal = Refusal($$$"""{"containers":[{"resources":{"requests":{{{requests}}}}}]}""");
        Assert.Equal((reason, message), (refusal?.Reason, refusal?.Message));
    }

    [Fact]
    public void What_others_have_is_gone_until_they_give_it_back()
    {
        const string half = """{"containers":[{"resources":{"requests":{"cpu":"1500m"}}}]}""";
        _room.Take("one", Shape(half));
        Assert.Equal("Node didn't have enough resource: cpu, requested: 1500, used: 1500, capacity: 2000", Refusal(half)?.Message);
        _room.Release("one");
        Assert.Null(Refusal(half));
    }

    [Fact]
    public void There_are_no_more_pods_than_the_node_may_have()
    {
        for (var i = 0; i < 3; i++) _room.Take($"{i}", Shape("""{"containers":[{}]}"""));
        var refusal = Refusal("""{"containers":[{}]}""");
        Assert.Equal(("OutOfpods", "Node didn't have enough resource: pods, requested: 1, used: 3, capacity: 3"), (refusal?.Reason, refusal?.Message));
    }

    [Fact]
    public void A_port_of_the_machine_is_taken_once()
    {
        const string port = """{"containers":[{"ports":[{"containerPort":80,"hostPort":8080}]}]}""";
        _room.Take("one", Shape(port));
        Assert.Equal(new("NodePorts", "Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports"), Refusal(port));
        Assert.Null(Refusal(port.Replace("8080", "8081", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_node_without_the_labels_is_refused_to_a_pod_that_was_bound_by_its_spec_alone()
    {
        const string elsewhere = """{"containers":[{}],"nodeSelector":{"zone":"b"}}""";
        Assert.Equal(new("NodeAffinity", "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector"), Refusal(elsewhere));
        Assert.Null(_room.Refusal(Shape(elsewhere), Node, scheduled: true));
        Assert.Null(Refusal(elsewhere.Replace("\"b\"", "\"a\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void Whatever_comes_and_goes_no_more_is_taken_than_there_is() =>
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 2500], Gen.Bool).Array[1, 40].Sample(steps =>
        {
            var room = new NodeRoom();
            var taken = new Dictionary<string, long>();
            foreach (var (pod, cpu, leaves) in steps)
            {
                var uid = $"{pod}";
                if (leaves)
                {
                    room.Release(uid);
                    taken.Remove(uid);
                    continue;
                }
                if (taken.ContainsKey(uid)) continue;
                var shape = Asking($"{cpu}m");
                var fits = taken.Count < 3 && (cpu == 0 || taken.Values.Sum() + cpu <= 2000);
                Assert.Equal(fits, room.Refusal(shape, Node, scheduled: false) is null);
                if (!fits) continue;
                room.Take(uid, shape);
                taken[uid] = cpu;
            }
        });

    private Rejection? Refusal(string spec) => _room.Refusal(Shape(spec), Node, scheduled: false);

    private static PodShape Asking(string cpu) => Shape("""{"containers":[{"resources":{"requests":{"cpu":"CPU"}}}]}""".Replace("CPU", cpu, StringComparison.Ordinal));

    private static PodShape Shape(string spec) => new NodeRoom().ShapeOf(Encoding.UTF8.GetBytes($$$"""{"spec":{{{spec}}}}"""));
}

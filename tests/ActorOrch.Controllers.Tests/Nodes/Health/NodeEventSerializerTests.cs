using ActorOrch.Controllers.Nodes.Health;
using Akka.Serialization;
using Akka.TestKit.Xunit2;

namespace ActorOrch.Controllers.Tests.Nodes.Health;

/// <summary>What is in a journal must stay readable: a golden file is never changed, a new form gets a new manifest.</summary>
public sealed class NodeEventSerializerTests() : TestKit(NodesHost.DefaultConfig, "golden")
{
    private static readonly DateTimeOffset At = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public static TheoryData<string, object> Events => new()
    {
        { "registered.v1", new NodeRegistered(At, "i1") },
        { "heartbeat-lost.v1", new HeartbeatLost(At) },
        { "tainted.v1", new TaintApplied(At, "k", "NoExecute") },
        { "untainted.v1", new TaintRemoved(At, "k", "NoExecute") },
        { "evicted.v1", new PodsEvicted(At, ["default/web"]) },
        { "recovered.v1", new NodeRecovered(At) },
        { "removed.v1", new NodeRemoved(At) },
        { "health.v1", new NodeHealth("i1", true, false) },
    };

    [Theory]
    [MemberData(nameof(Events))]
    public void The_form_is_that_of_the_golden_file(string manifest, object happened)
    {
        var serializer = Assert.IsAssignableFrom<SerializerWithStringManifest>(Sys.Serialization.FindSerializerFor(happened));
        Assert.Equal(manifest, serializer.Manifest(happened));
        var golden = Convert.FromHexString(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Nodes", "Health", "Golden", manifest + ".hex")).Trim());
        Assert.Equal(Convert.ToHexString(golden), Convert.ToHexString(serializer.ToBinary(happened)));
        Assert.Equivalent(happened, serializer.FromBinary(golden, manifest));
    }
}

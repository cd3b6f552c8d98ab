using System.Text;
using ActorOrch.Contracts.Nodes;
using Akka.Actor;
using Akka.Serialization;
using Akka.TestKit.Xunit2;

namespace ActorOrch.Contracts.Tests.Nodes;

/// <summary>What crosses the wire must stay readable: a golden file is never changed, a new form gets a new manifest.</summary>
public class AgentProtocolSerializerTests() : TestKit(NodeRegion.DefaultConfig, "golden")
{
    private static readonly byte[] Document = Encoding.UTF8.GetBytes("""{"kind":"Pod"}""");

    public static TheoryData<string, object> Messages => new()
    {
        { "heartbeat.v1", new AgentHeartbeat("node-a", "i1") },
        { "hello-wanted.v1", new HelloWanted("node-a") },
        { "assigned.v2", new AssignedPods("node-a", [Document], "5707e", true) },
        { "changed.v1", new PodsChanged("node-a", [Document], ["uid-1"]) },
        { "statuses.v1", new PodStatuses("node-a", [new("default", "web", "uid-1", Document, 7, true)]) },
        { "stored.v1", new PodStatusesStored("node-a", [("uid-1", 7)]) },
    };

    [Theory]
    [MemberData(nameof(Messages))]
    public void The_form_is_that_of_the_golden_file(string manifest, object message)
    {
        var serializer = Assert.IsAssignableFrom<SerializerWithStringManifest>(Sys.Serialization.FindSerializerFor(message));
        Assert.Equal(manifest, serializer.Manifest(message));
        var golden = Golden(manifest);
        Assert.Equal(Convert.ToHexString(golden), Convert.ToHexString(serializer.ToBinary(message)));
        Assert.Equivalent(message, serializer.FromBinary(golden, manifest));
    }

    [Fact]
    public void Pods_that_an_earlier_control_plane_assigns_come_from_a_store_that_is_not_named() => Assert.Equivalent(
        new AssignedPods("node-a", [Document]), new AgentProtocolSerializer((ExtendedActorSystem)Sys).FromBinary(Golden("assigned.v1"), "assigned.v1"));

    [Fact]
    public void A_hello_carries_the_agents_address()
    {
        var serializer = new AgentProtocolSerializer((ExtendedActorSystem)Sys);
        var hello = new AgentHello("node-a", Document, "i1", Sys.DeadLetters);
        Assert.Equal(Convert.ToHexString(Golden("hello.v1")), Convert.ToHexString(serializer.ToBinary(hello)));
        Assert.Equal(Sys.DeadLetters.Path, Assert.IsType<AgentHello>(serializer.FromBinary(Golden("hello.v1"), "hello.v1")).Agent.Path);
    }

    private static byte[] Golden(string manifest) =>
        Convert.FromHexString(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Nodes", "Golden", manifest + ".hex")).Trim());
}

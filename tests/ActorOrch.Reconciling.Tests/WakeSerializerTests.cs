using Akka.TestKit.Xunit2;

namespace ActorOrch.Reconciling.Tests;

public sealed class WakeSerializerTests() : TestKit(ReconcilerRegions.DefaultConfig)
{
    [Theory]
    [InlineData("default", "web", "apps/deployments", 513L, "0764656661756c740377656210617070732f6465706c6f796d656e74730102000000000000")]
    [InlineData("", "n1", null, 0L, "00026e31000000000000000000")]
    public void The_wire_form_is_fixed(string @namespace, string name, string? collection, long revision, string golden)
    {
        var wake = new Wake(new(@namespace, name), collection, revision);
        var serializer = Assert.IsType<WakeSerializer>(Sys.Serialization.FindSerializerFor(wake));
        Assert.Equal("wake.v1", serializer.Manifest(wake));
        var bytes = serializer.ToBinary(wake);
        Assert.Equal(golden, Convert.ToHexStringLower(bytes));
        Assert.Equal(wake, serializer.FromBinary(bytes, "wake.v1"));
    }
}

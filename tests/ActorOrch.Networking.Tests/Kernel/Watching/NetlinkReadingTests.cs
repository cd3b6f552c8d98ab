using ActorOrch.Networking.Kernel.Bridges;
using ActorOrch.Networking.Kernel.Watching;
using CsCheck;

namespace ActorOrch.Networking.Tests.Kernel.Watching;

/// <summary>What the kernel writes is read without being trusted.</summary>
public class NetlinkReadingTests
{
    [Fact]
    public void Any_bytes_are_read_to_an_end() => Gen.OneOf(Gen.Byte.Array[0, 200], Messages).Sample(bytes =>
    {
        new NftChangeReader("actororch").Read(bytes, _ => { }, () => { });
        new RouteChangeReader(new PodBridge("actororch")).Read(bytes);
        LinkState.TryRead(bytes, out _);
        BridgeAddress.Read(bytes);
    });

    [Fact]
    public void An_attribute_that_is_longer_than_its_message_is_none()
    {
        byte[] payload = [2, 0, 0, 0, 200, 0, 1, 0, (byte)'a'];

        Assert.True(NetlinkMessages.Attribute(payload, 4, 1).IsEmpty);
    }

    /// <summary>Lengths and types such as real ones have, over anything.</summary>
    private static Gen<byte[]> Messages => Gen.Select(Gen.Int[0, 60], Gen.OneOf(Gen.Byte[0, 30], Gen.Const((byte)80)), Gen.OneOf(Gen.Const((byte)0), Gen.Const((byte)10)), Gen.Byte.Array[8, 60])
        .Array[1, 4].Select(all => all.SelectMany(m => (byte[])[(byte)m.Item1, 0, 0, 0, m.Item2, m.Item3, 0, 0, .. m.Item4]).ToArray());
}

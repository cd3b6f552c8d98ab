using ActorOrch.Registry.Clustering.Transports.Doors;
using CsCheck;
using Google.Protobuf;

namespace ActorOrch.Registry.Tests.Clustering.Transports;

public sealed class DoorTests
{
    [Fact]
    public void Whatever_comes_is_judged_and_nothing_throws() => Gen.Byte.Array[0, 64].Sample(bytes =>
    {
        try
        {
            var pdu = Pdu.Read(bytes);
            if (pdu.Envelope is { } envelope) _ = Envelope.Read(envelope);
        }
        catch (InvalidDataException)
        {
            // Said so: the connection is closed.
        }
        return true;
    });

    [Fact]
    public void A_single_field_that_comes_twice_is_refused()
    {
        // A reader that takes the first would let in what one that takes the last, or both together, then acts upon.
        byte[] path = [10, 2, (byte)'/', (byte)'a'];
        byte[] message = [10, 0];
        byte[] once = [10, 4, .. path, 18, 2, .. message];
        Assert.Equal("/a", Envelope.Read(once).Recipient);
        Assert.Throws<InvalidDataException>(() => Envelope.Read(new byte[] { 10, 4 }.Concat(path).Concat(once).ToArray()));
        Assert.Throws<InvalidDataException>(() => Envelope.Read(once.Concat(new byte[] { 18, 2 }).Concat(message).ToArray()));
    }

    [Fact]
    public void A_message_reads_as_protobufs_own_reader_reads_it() => Gen.Select(Gen.Int, Gen.Byte.Array, Gen.String).Sample((id, body, manifest) =>
    {
        using var stream = new MemoryStream();
        using (var writer = new CodedOutputStream(stream, leaveOpen: true))
        {
            writer.WriteTag(10);
            writer.WriteBytes(ByteString.CopyFrom(body));
            writer.WriteTag(16);
            writer.WriteInt32(id);
            writer.WriteTag(26);
            writer.WriteBytes(ByteString.CopyFromUtf8(manifest));
        }
        var read = WireMessage.Read(stream.ToArray());
        Assert.Equal((id, ByteString.CopyFromUtf8(manifest).ToStringUtf8()), (read.SerializerId, read.Manifest));
        Assert.Equal(body, read.Body.ToArray());
    });
}

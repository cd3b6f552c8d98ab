using System.Text;
using ActorOrch.Gateway.Streaming.WebSockets;
using CsCheck;

namespace ActorOrch.Gateway.Tests.Streaming.WebSockets;

public sealed class ChannelMessageTests
{
    private static readonly ChannelProtocol V5 = ChannelProtocol.OfCommands["v5.channel.k8s.io"];
    private static readonly ChannelProtocol Text = ChannelProtocol.OfCommands["v4.base64.channel.k8s.io"];

    [Fact]
    public void However_a_message_is_cut_its_data_is_the_same() =>
        Gen.Select(Gen.Bool, Gen.Byte[0, 4], Gen.Byte.Array[0, 200], Gen.Int[1, 50]).Sample((base64, channel, data, size) =>
        {
            byte[] wire = base64 ? Encoding.ASCII.GetBytes($"{channel}{Convert.ToBase64String(data)}") : [channel, .. data];
            var message = new ChannelMessage(base64 ? Text : V5);
            // Twice: nothing of a message may be left for the next.
            for (var round = 0; round < 2; round++)
            {
                var read = new List<byte>();
                for (var at = 0; at < wire.Length; at += size)
                {
                    var piece = wire.AsSpan(at, Math.Min(size, wire.Length - at)).ToArray();
                    read.AddRange(message.Read(piece, at + size >= wire.Length).ToArray());
                    Assert.Equal(channel, message.Channel);
                }
                Assert.Equal(data, read);
            }
        });

    [Fact]
    public void A_message_ends_a_channel_from_version_5_on()
    {
        var message = new ChannelMessage(V5);

        Assert.True(message.Read(new byte[] { 255, 0 }, last: true).IsEmpty);
        Assert.Equal(0, message.Ends);
        message.Read(new byte[] { 0, 1 }, last: true);
        Assert.Null(message.Ends);
    }

    [Fact]
    public void An_empty_message_is_of_no_channel()
    {
        var message = new ChannelMessage(V5);
        message.Read(new byte[] { 1, 1 }, last: true);

        Assert.True(message.Read(default, last: true).IsEmpty);
        Assert.Null(message.Channel);
    }

    [Fact]
    public void What_is_not_base64_is_refused() =>
        Assert.Throws<IOException>(() => new ChannelMessage(Text).Read("0!!!!"u8.ToArray(), last: true));
}

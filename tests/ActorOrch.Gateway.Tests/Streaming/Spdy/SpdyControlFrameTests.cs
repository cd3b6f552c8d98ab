using System.Buffers;
using ActorOrch.Gateway.Streaming.Spdy;
using CsCheck;

namespace ActorOrch.Gateway.Tests.Streaming.Spdy;

public sealed class SpdyControlFrameTests
{
    private static readonly Gen<int> Id = Gen.Int[0, int.MaxValue];
    private static readonly Gen<ReadOnlyMemory<byte>> Block = Gen.Byte.Array[0, 50].Select(b => new ReadOnlyMemory<byte>(b));
    private static readonly Gen<SpdyStatus> Status = Gen.Enum<SpdyStatus>();

    private static readonly Gen<SpdyControlFrame> Frames = Gen.OneOf<SpdyControlFrame>(
        Gen.Select(Gen.Select(Id, Id, Gen.Byte[0, 7]), Gen.Bool, Gen.Bool, Block,
            (ids, fin, unidirectional, block) => (SpdyControlFrame)new SpdyControlFrame.SynStream(ids.Item1, ids.Item2, ids.Item3, fin, unidirectional, block)),
        Gen.Select(Id, Gen.Bool, Block, (id, fin, block) => (SpdyControlFrame)new SpdyControlFrame.SynReply(id, fin, block)),
        Gen.Select(Id, Gen.Bool, Block, (id, fin, block) => (SpdyControlFrame)new SpdyControlFrame.Headers(id, fin, block)),
        Gen.Select(Id, Status, (id, status) => (SpdyControlFrame)new SpdyControlFrame.RstStream(id, status)),
        Gen.Select(Id, Status, (id, status) => (SpdyControlFrame)new SpdyControlFrame.GoAway(id, status)),
        Gen.Select(Id, Id, (id, delta) => (SpdyControlFrame)new SpdyControlFrame.WindowUpdate(id, delta)),
        Gen.UInt.Select(id => (SpdyControlFrame)new SpdyControlFrame.Ping(id)),
        Id.Select(window => (SpdyControlFrame)new SpdyControlFrame.Settings(window)),
        Gen.Const((SpdyControlFrame)new SpdyControlFrame.Settings(null)));

    /// <summary>Laid out by hand after the specification's figures.</summary>
    public static TheoryData<string, string> Golden => new()
    {
        { "syn-stream", "80030001" + "0100000d" + "00000005" + "00000000" + "6000" + "aabbcc" },
        { "syn-reply", "80030002" + "00000006" + "00000005" + "aabb" },
        { "rst-stream", "80030003" + "00000008" + "00000005" + "00000003" },
        { "settings", "80030004" + "0000000c" + "00000001" + "00000007" + "00010000" },
        { "ping", "80030006" + "00000004" + "00000009" },
        { "go-away", "80030007" + "00000008" + "00000005" + "00000001" },
        { "window-update", "80030009" + "00000008" + "00000005" + "00008000" },
    };

    [Theory]
    [MemberData(nameof(Golden))]
    public void Frames_have_the_form_of_the_specification(string name, string hex)
    {
        SpdyControlFrame frame = name switch
        {
            "syn-stream" => new SpdyControlFrame.SynStream(5, 0, 3, Fin: true, Unidirectional: false, new byte[] { 0xaa, 0xbb, 0xcc }),
            "syn-reply" => new SpdyControlFrame.SynReply(5, Fin: false, new byte[] { 0xaa, 0xbb }),
            "rst-stream" => new SpdyControlFrame.RstStream(5, SpdyStatus.RefusedStream),
            "settings" => new SpdyControlFrame.Settings(65536),
            "ping" => new SpdyControlFrame.Ping(9),
            "go-away" => new SpdyControlFrame.GoAway(5, SpdyStatus.ProtocolError),
            _ => new SpdyControlFrame.WindowUpdate(5, 32768),
        };

        Assert.Equal(hex, Convert.ToHexStringLower(Written(frame)));
    }

    [Fact]
    public void What_is_written_is_read_again() => Frames.Sample(frame =>
    {
        var bytes = Written(frame);
        var header = SpdyFrameHeader.Parse(bytes);
        Assert.Equal(bytes.Length - SpdyFrameHeader.Bytes, header.Length);
        Assert.Equal(bytes, Written(SpdyControlFrame.Parse(header, bytes.AsMemory(SpdyFrameHeader.Bytes))));
    });

    [Fact]
    public void Any_bytes_are_a_frame_or_refused() => Gen.Select(Gen.UShort[1, 12], Gen.Byte, Gen.Byte.Array[0, 40]).Sample((type, flags, payload) =>
    {
        try
        {
            Assert.NotNull(SpdyControlFrame.Parse(new((SpdyFrameType)type, 0, flags, payload.Length), payload));
        }
        catch (SpdyException refused)
        {
            Assert.NotEmpty(refused.Message);
        }
    });

    [Fact]
    public void Another_version_is_refused() =>
        Assert.Throws<SpdyException>(() => SpdyFrameHeader.Parse(Convert.FromHexString("8002000100000000")));

    [Fact]
    public void A_data_frame_has_its_stream_and_its_end() =>
        Assert.Equal(new SpdyFrameHeader(null, 7, SpdyFrameHeader.Fin, 0x010203), SpdyFrameHeader.Parse(Convert.FromHexString("0000000701010203")));

    private static byte[] Written(SpdyControlFrame frame)
    {
        var output = new ArrayBufferWriter<byte>();
        frame.Write(output);
        return output.WrittenSpan.ToArray();
    }
}

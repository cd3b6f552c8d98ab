using ActorOrch.Gateway.Streaming.Spdy;
using CsCheck;

namespace ActorOrch.Gateway.Tests.Streaming.Spdy;

public sealed class SpdyHeaderTests
{
    private static readonly Gen<Dictionary<string, string>> Headers =
        Gen.Dictionary(Gen.String[Gen.Char['a', 'z'], 1, 20], Gen.String[Gen.Char[' ', '~'], 0, 200])[0, 8];

    /// <summary>The first blocks of a connection of a client's: zlib's deflate, level 9, the dictionary set, flushed after each (Z_SYNC_FLUSH).</summary>
    private static readonly string[] Compressed =
    [
        "78f9e3c6a7c202a62346703a2b294a4dcc851625aca9a08006000000ffff",
        "c22e555c02cc2e00000000ffff",
        "02255548a95d044ae14c16064092b30812c799a0b4cf6880a11554402502000000ffff",
    ];

    private static readonly uint[] AdlerStart = [1, 0];

    [Fact]
    public void The_dictionary_is_the_one_that_its_checksum_names()
    {
        var (a, b) = (AdlerStart[0], AdlerStart[1]);
        foreach (var value in SpdyDictionary.Bytes) b = (b + (a = (a + value) % 65521)) % 65521;

        Assert.Equal((1423, 0xE3C6A7C2u), (SpdyDictionary.Bytes.Length, (b << 16) | a));
    }

    [Fact]
    public void Blocks_that_lean_on_the_dictionary_and_on_each_other_are_inflated()
    {
        using var inflater = new SpdyHeaderInflater();

        var blocks = Compressed.Select(hex => SpdyHeaderBlock.Decode(inflater.Inflate(Convert.FromHexString(hex)))).ToArray();

        Assert.Equal(["error", "stdin", "data"], blocks.Select(b => b.First("streamType")));
        Assert.Equal(("80", "0"), (blocks[2].First("port"), blocks[2].First("requestID")));
    }

    [Fact]
    public void Any_sequence_of_blocks_survives_the_wire() => Headers.Array[1, 5].Sample(blocks =>
    {
        using var deflater = new SpdyHeaderDeflater();
        using var inflater = new SpdyHeaderInflater();
        foreach (var headers in blocks)
            Assert.Equal(headers.OrderBy(h => h.Key), SpdyHeaderBlock.Decode(inflater.Inflate(deflater.Deflate(headers))).OrderBy(h => h.Key));
    });

    [Fact]
    public void Any_bytes_are_a_block_or_refused() => Gen.Byte.Array[0, 60].Sample(bytes =>
    {
        using var inflater = new SpdyHeaderInflater();
        try
        {
            Assert.NotNull(SpdyHeaderBlock.Decode(inflater.Inflate(bytes)));
        }
        catch (SpdyException refused)
        {
            Assert.NotEmpty(refused.Message);
        }
    });

    [Fact]
    public void A_small_block_cannot_become_a_huge_one()
    {
        using var deflater = new SpdyHeaderDeflater();
        using var inflater = new SpdyHeaderInflater();
        var block = deflater.Deflate(new Dictionary<string, string> { ["a"] = new('x', 10 * SpdyHeaderInflater.MaxBlockBytes) });

        Assert.Throws<SpdyException>(() => inflater.Inflate(block).Length);
    }

    [Theory]
    [InlineData("00000001" + "00000000" + "00000000", "a header without a name")]
    [InlineData("00000002" + "0000000161" + "00000000" + "0000000161" + "00000000", "header a comes twice")]
    [InlineData("00000001" + "00000005" + "6161", "a header block is cut short")]
    [InlineData("ffffffff", "a header block is cut short")]
    public void Blocks_that_cannot_be_are_refused(string hex, string message) =>
        Assert.Equal(message, Assert.Throws<SpdyException>(() => SpdyHeaderBlock.Decode(Convert.FromHexString(hex))).Message);

    [Fact]
    public void Of_several_values_the_first_counts() =>
        Assert.Equal("one", new Dictionary<string, string> { ["a"] = "one\0two" }.First("a"));
}

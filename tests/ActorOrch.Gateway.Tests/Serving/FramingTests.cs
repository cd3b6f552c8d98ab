using System.Net.Security;
using System.Text;
using ActorOrch.Gateway.Tests.Fixtures;
using CsCheck;

namespace ActorOrch.Gateway.Tests.Serving;

/// <summary>
/// Heads that one reader takes for one message and another for two: what stands before the gateway, and what the gateway proxies to, must read
/// what it reads. Such a request is refused, and its connection ends.
/// </summary>
public sealed class FramingTests : IAsyncLifetime
{
    private const string Body = """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"generateName":"c"}}""";
    private const string Post = "POST /api/v1/namespaces/default/configmaps HTTP/1.1\r\nContent-Type: application/json\r\n";
    private const string Tokens = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private readonly LogRecorder _log = new();
    private TestGateway _gateway = null!;

    public async Task InitializeAsync() => _gateway = await TestGateway.StartAsync(change: o => o with { Logging = _log });

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        Assert.Empty(_log.Lines);
    }

    public static readonly TheoryData<string> Lengths =
    [
        "+N", "-N", "-0", "+0", "", "N, N", "N,N", "N,", ",N", "N N", "0xN", "N.0", "N;", "\"N\"", "Ne0", "N\x0b", "\x0bN", "N\x0c", "N\x85", "\xa0N", "(N)", "N_0",
        "9223372036854775808", "18446744073709551616", "00000000000000000000N",
    ];

    [Theory]
    [MemberData(nameof(Lengths))]
    public async Task A_length_is_digits_and_nothing_else(string form) => Assert.Equal(400, await PostAsync($"Content-Length: {form.Replace("N", $"{Body.Length}", StringComparison.Ordinal)}"));

    [Theory]
    [InlineData("Content-Length: N")]
    [InlineData("Content-Length:N")]
    [InlineData("content-length:   N  ")]
    [InlineData("Content-Length: \tN\t")]
    [InlineData("Content-Length: 00N")]
    public async Task A_length_of_digits_is_taken(string header) => Assert.Equal(201, await PostAsync(header.Replace("N", $"{Body.Length}", StringComparison.Ordinal)));

    [Fact]
    public async Task No_other_text_is_a_length() =>
        await Gen.String[Gen.OneOf(Gen.Char['0', '9'], Gen.Char["+-, \txXeE._;:\"()\x0b\x0c\x7f\xa0\xb2"]), 0, 6].SampleAsync(async text =>
        {
            var digits = text.Trim(' ', '\t');
            if (digits.Length > 0 && digits.All(char.IsAsciiDigit)) return;
            Assert.Equal(400, await PostAsync($"Content-Length: {text}"));
        }, iter: 150, threads: 2);

    [Theory]
    [InlineData("Content-Length: N\r\nContent-Length: N")]
    [InlineData("Content-Length: N\r\nContent-Length: 0")]
    [InlineData("Content-Length: N\r\ncontent-length: 5")]
    public async Task A_length_is_given_once(string headers) => Assert.Equal(400, await PostAsync(headers.Replace("N", $"{Body.Length}", StringComparison.Ordinal)));

    [Theory]
    [InlineData("Content-Length: 5\r\nTransfer-Encoding: chunked")]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 5")]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 0")]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 5\r\nX-Content-Length: 5")]
    [InlineData("Transfer-Encoding: \x0b" + "chunked\r\nContent-Length: 5")]
    [InlineData("Transfer-Encoding: chunked\r\nX-Content-Length: 5")]
    public async Task A_body_has_a_length_or_chunks(string headers)
    {
        var answer = await RawRequest.SendAsync(_gateway, Post + headers, Chunks());

        Assert.Equal(400, answer.Code);
        Assert.Equal("close", answer.Header("Connection"));
        // What follows is no request.
        Assert.Single(answer.Text.Split("HTTP/1.1 "), part => part.Length > 0);
    }

    [Theory]
    [InlineData("Transfer-Encoding: \x0b" + "chunked")]
    [InlineData("Transfer-Encoding: chunked\x0b")]
    [InlineData("Transfer-Encoding: xchunked")]
    [InlineData("Transfer-Encoding: chunked, identity")]
    [InlineData("Transfer-Encoding: ,chunked")]
    [InlineData("Transfer-Encoding: chunked;q=1")]
    [InlineData("Transfer-Encoding: \"chunked\"")]
    [InlineData("Transfer-Encoding:")]
    [InlineData("Transfer-Encoding : chunked")]
    [InlineData("Transfer-Encoding\x0b: chunked")]
    [InlineData("X: y\r\n Transfer-Encoding: chunked\r\nContent-Length: 5")]
    [InlineData("X: y\rTransfer-Encoding: chunked\r\nContent-Length: 5")]
    [InlineData("X: y\nTransfer-Encoding: chunked")]
    public async Task Chunks_are_announced_in_one_way(string headers)
    {
        var answer = await RawRequest.SendAsync(_gateway, Post + headers, Chunks());

        Assert.True(answer.Code is 400 or 501, $"{answer.Code}");
        Assert.Single(answer.Text.Split("HTTP/1.1 "), part => part.Length > 0);
    }

    [Fact]
    public async Task HTTP_1_0_has_no_chunks() =>
        Assert.Equal(400, (await RawRequest.SendAsync(_gateway, Post.Replace("HTTP/1.1", "HTTP/1.0", StringComparison.Ordinal) + "Transfer-Encoding: chunked", Chunks())).Code);

    [Theory]
    [InlineData("0\r\nX: a\0b\r\n\r\n")]
    [InlineData("0\r\nX: \xff\r\n\r\n")]
    [InlineData("0\r\nContent-Type: \xc3\0\r\n\r\n")]
    [InlineData("0\r\nX(: b\r\n\r\n")]
    [InlineData("0\r\nX : b\r\n\r\n")]
    [InlineData("0\r\nX: b\n\r\n")]
    [InlineData("5;a=\nb\r\nhello\r\n0\r\n\r\n")]
    [InlineData("5 \r\nhello\r\n0\r\n\r\n")]
    [InlineData("+5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("0x5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("5\nhello\n0\n\n")]
    [InlineData("5\r\nhello0\r\n\r\n")]
    public async Task Chunks_and_what_follows_them_have_one_form(string body)
    {
        var answer = await RawRequest.SendAsync(_gateway, Post + "Transfer-Encoding: chunked", Encoding.Latin1.GetBytes(body), closes: true);

        Assert.Equal(400, answer.Code);
    }

    [Fact]
    public async Task A_name_of_a_header_is_a_token()
    {
        for (var c = '\x01'; c < '\x80'; c++)
        {
            // A colon ends the name.
            if (c is ':' or '\r' or '\n') continue;
            var answer = await RawRequest.SendAsync(_gateway, $"GET /api/v1/namespaces HTTP/1.1\r\nX{c}Y: z");
            Assert.True(answer.Code == (Tokens.Contains(c, StringComparison.Ordinal) ? 200 : 400), $"0x{(int)c:x2}: {answer.Code}");
        }
    }

    [Theory]
    [InlineData("GET /api/v1/namespaces HTTP/1.1\nX: y")]
    [InlineData("GET /api/v1/namespaces HTTP/1.1\r\nX: y\nZ: a")]
    [InlineData("GET /api/v1/namespaces HTTP/1.1\r\nX: y\n\r\nGET /api/v1/pods HTTP/1.1")]
    [InlineData("GET /api/v1/namespaces HTTP/1.1\r\nX: y\r\n z")]
    [InlineData("GET /api/v1/namespaces HTTP/1.1\r\nHost: elsewhere")]
    [InlineData("GET http://elsewhere/api/v1/namespaces HTTP/1.1")]
    public async Task A_head_has_one_form(string head)
    {
        var answer = await RawRequest.SendAsync(_gateway, head);

        Assert.Equal(400, answer.Code);
        Assert.Single(answer.Text.Split("HTTP/1.1 "), part => part.Length > 0);
    }

    /// <summary>A number stands for a name of HPACK's static table: 28 is content-length, 57 transfer-encoding.</summary>
    [Theory]
    [InlineData("28", "0", true)]
    [InlineData("content-length", "0", true)]
    [InlineData("28", "+0", false)]
    [InlineData("28", "-0", false)]
    [InlineData("28", "0, 0", false)]
    [InlineData("28", "5", false)]
    [InlineData("content-length", "+0", false)]
    [InlineData("57", "chunked", false)]
    [InlineData("57", "identity", false)]
    [InlineData("57", "", false)]
    [InlineData("transfer-encoding", "chunked", false)]
    [InlineData("connection", "close", false)]
    [InlineData("upgrade", "h2c", false)]
    [InlineData("te", "gzip", false)]
    [InlineData("Content-Length", "0", false)]
    [InlineData("x-y", "z", true)]
    [InlineData("x y", "z", false)]
    [InlineData("x:y", "z", false)]
    [InlineData("x\r\ntransfer-encoding", "chunked", false)]
    [InlineData("x\0y", "z", false)]
    [InlineData("x", "y\r\ntransfer-encoding: chunked", false)]
    [InlineData("x", "y\nz", false)]
    [InlineData("x", "y\0z", false)]
    [InlineData("38", "localhost", true)]
    [InlineData("38", "a\r\nb", false)]
    [InlineData(":path", "/api/v1/pods", false)]
    public async Task In_HTTP_2_a_header_is_one_in_HTTP_1_1_too(string name, string value, bool taken)
    {
        using var tcp = await RawConnection.DialAsync(_gateway);
        await using var tls = await RawConnection.EncryptAsync(tcp, _gateway.Pki.Administrator, SslApplicationProtocol.Http2);
        await tls.WriteAsync(Http2Frames.Start());
        await tls.WriteAsync(Http2Frames.Get(1, "/api/v1/namespaces", (name, value)));

        var (type, status) = await Http2Frames.AnswerAsync(tls).WaitAsync(TimeSpan.FromSeconds(20));

        if (taken) Assert.Equal((Http2Frames.Headers, Http2Frames.Ok), (type, status));
        else Assert.True(type != Http2Frames.Headers || status == Http2Frames.BadRequest, $"type {type}, status 0x{status:x2}");
    }

    private async Task<int> PostAsync(string headers) => (await RawRequest.SendAsync(_gateway, Post + headers, Encoding.ASCII.GetBytes(Body), closes: true)).Code;

    private static byte[] Chunks() => Encoding.ASCII.GetBytes($"{Body.Length:x}\r\n{Body}\r\n0\r\n\r\n");
}

using System.Text;
using System.Text.Json.Nodes;
using ActorOrch.Gateway.Tests.Fixtures;
using CsCheck;

namespace ActorOrch.Gateway.Tests.Serving;

/// <summary>Requests that no client library sends. Whatever they are, they are the client's fault: never a 500, and never more than a line in the log.</summary>
public sealed class OddRequestTests : IAsyncLifetime
{
    private const string Body = """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"}}""";

    private readonly LogRecorder _log = new();
    private TestGateway _gateway = null!;

    public async Task InitializeAsync() => _gateway = await TestGateway.StartAsync(change: o => o with { Logging = _log });

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        Assert.Empty(_log.Lines);
    }

    [Theory]
    [InlineData("abc-123_x.y", true)]
    [InlineData("a b", false)]
    [InlineData("ü", false)]
    [InlineData("a\tb", false)]
    [InlineData("\x7f", false)]
    public async Task A_request_is_named_as_its_client_does_where_that_can_be_written(string id, bool valid)
    {
        var answer = await RawRequest.SendAsync(_gateway, $"GET /api/v1/pods HTTP/1.1\r\nAudit-ID: {id}");

        Assert.Equal(valid ? 200 : 400, answer.Code);
        if (valid) Assert.Equal(id, answer.Header("Audit-Id"));
        else Assert.NotEqual(id, answer.Header("Audit-Id"));
    }

    [Fact]
    public async Task A_name_of_a_request_has_a_bound()
    {
        Assert.Equal(200, (await RawRequest.SendAsync(_gateway, $"GET /api/v1/pods HTTP/1.1\r\nAudit-ID: {new string('x', 256)}")).Code);
        Assert.Equal(400, (await RawRequest.SendAsync(_gateway, $"GET /api/v1/pods HTTP/1.1\r\nAudit-ID: {new string('x', 257)}")).Code);
    }

    [Theory]
    [InlineData("Transfer-Encoding: gzip, chunked", 501)]
    [InlineData("Transfer-Encoding: chunked, chunked", 501)]
    [InlineData("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", 501)]
    [InlineData("Transfer-Encoding: identity, chunked", 501)]
    [InlineData("Transfer-Encoding: Chunked", 201)]
    [InlineData("Expect: foo\r\nTransfer-Encoding: chunked", 417)]
    [InlineData("Expect: 100-continue, foo\r\nTransfer-Encoding: chunked", 417)]
    [InlineData("Expect: foo\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked", 417)]
    public async Task What_the_server_cannot_undo_or_meet_is_refused(string header, int code)
    {
        var chunks = Encoding.ASCII.GetBytes($"{Body.Length:x}\r\n{Body}\r\n0\r\n\r\n");

        var answer = await RawRequest.SendAsync(_gateway, $"POST /api/v1/namespaces/default/configmaps HTTP/1.1\r\nContent-Type: application/json\r\n{header}", chunks);

        Assert.Equal(code, answer.Code);
        AssertNoTrace(answer);
        if (code != 201) Assert.Equal((code, "Failure"), ((int)JsonNode.Parse(answer.Body)!["code"]!, (string)JsonNode.Parse(answer.Body)!["status"]!));
    }

    [Theory]
    [InlineData("GET /api/v1/pods HTTP/1.1\r\nAccept: ü")]
    [InlineData("GET /api/v1/pods HTTP/1.1\r\nAccept: \xff\xfe")]
    [InlineData("GET /api/v1/pods HTTP/1.1\r\nAccept: application/json;as=Table;v=v9;g=x;;;=,,;q=")]
    [InlineData("GET /api/v1/pods HTTP/1.1\r\nRange: bytes=0-99999999999999999999")]
    [InlineData("GET /api/v1/pods HTTP/1.1\r\nExpect: the-unexpected")]
    [InlineData("GET /api/v1/pods HTTP/1.1\r\nContent-Length: -1")]
    [InlineData("GET /api/v1/pods HTTP/1.1\r\nContent-Length: 99999999999999999999")]
    [InlineData("GET /api/v1/pods HTTP/1.1\r\nContent-Length: x")]
    [InlineData("GET /api/v1/pods HTTP/1.1\r\nX-Odd: \x80\x81")]
    [InlineData("GET /api/v1/pods HTTP/1.1\r\nX-Odd: a\0b")]
    [InlineData("GET /api/v1/pods HTTP/1.1\r\nUser-Agent: \xff")]
    [InlineData("GET /api/v1/pods HTTP/1.1\r\n: nameless")]
    [InlineData("GET /api/v1/pods HTTP/1.1\r\nno colon")]
    [InlineData("GET /api/v1/pods?labelSelector=%ff HTTP/1.1")]
    [InlineData("GET /api/v1/pods?fieldSelector=%c3%28%00 HTTP/1.1")]
    [InlineData("GET /api/v1/pods?%ff=%fe&=&&;=%zz HTTP/1.1")]
    [InlineData("GET /api/v1/namespaces/%ff/pods HTTP/1.1")]
    [InlineData("GET /api/v1/namespaces/%c0%ae%c0%ae/pods HTTP/1.1")]
    [InlineData("GET /api/v1/namespaces/%00/pods HTTP/1.1")]
    [InlineData("GET /api/v1/namespaces/%/pods HTTP/1.1")]
    [InlineData("GET /api/v1/namespaces/%zz/pods HTTP/1.1")]
    [InlineData("GET /api/v1/namespaces/\xff/pods HTTP/1.1")]
    [InlineData("GET /api/v1/namespaces/..%2f..%2f..%2fetc/pods/passwd HTTP/1.1")]
    [InlineData("GET //////// HTTP/1.1")]
    [InlineData("GET /%2e%2e/%2e%2e HTTP/1.1")]
    [InlineData("GET /readyz/%2e%2e/api/v1/secrets HTTP/1.1")]
    [InlineData("GET /readyz/../api/v1/secrets HTTP/1.1")]
    [InlineData("GET /healthz%2f HTTP/1.1")]
    [InlineData("GET http://evil/api/v1/pods HTTP/1.1")]
    [InlineData("GET evil HTTP/1.1")]
    [InlineData("OPTIONS * HTTP/1.1")]
    [InlineData("CONNECT 127.0.0.1:22 HTTP/1.1")]
    [InlineData("TRACE /api/v1/pods HTTP/1.1")]
    [InlineData("BREW /api/v1/pods HTTP/1.1")]
    [InlineData("GET /api/v1/pods HTTP/9.9")]
    [InlineData("GET /api/v1/pods")]
    [InlineData("\0\0\0\0")]
    public async Task An_odd_head_is_the_clients_fault(string head)
    {
        var answer = await RawRequest.SendAsync(_gateway, head);

        Assert.True(answer.Code is < 500 or 505, $"{answer.Code}");
        AssertNoTrace(answer);
    }

    [Theory]
    [InlineData("zz\r\n")]
    [InlineData("-1\r\nx\r\n")]
    [InlineData("ffffffffffffffff\r\nx\r\n")]
    [InlineData("7fffffffffffffff\r\nx\r\n")]
    [InlineData("fffffffffffffffffffffffffffffffff\r\nx\r\n")]
    [InlineData("3\r\nabcdef\r\n0\r\n\r\n")]
    [InlineData("3;ext=\"\r\nabc\r\n0\r\n\r\n")]
    [InlineData("\r\n")]
    [InlineData("0\r\nbad trailer\r\n\r\n")]
    public async Task Chunks_that_are_none_are_the_clients_fault(string body)
    {
        var answer = await RawRequest.SendAsync(
            _gateway, "POST /api/v1/namespaces/default/configmaps HTTP/1.1\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked", Encoding.Latin1.GetBytes(body), closes: true);

        Assert.InRange(answer.Code, 400, 499);
        AssertNoTrace(answer);
    }

    [Fact]
    public async Task A_client_that_leaves_in_the_middle_of_its_body_is_no_fault_of_ours()
    {
        foreach (var head in (string[])["Transfer-Encoding: chunked", "Content-Length: 1000"])
        {
            var answer = await RawRequest.SendAsync(
                _gateway, $"POST /api/v1/namespaces/default/configmaps HTTP/1.1\r\nContent-Type: application/json\r\n{head}", "5\r\nabc"u8.ToArray(), closes: true);

            Assert.True(answer.Code is < 500, $"{answer.Code}");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("ü")]
    [InlineData("application/json; charset=\"")]
    [InlineData("application/json; charset=utf-7")]
    [InlineData("application/vnd.kubernetes.protobuf")]
    [InlineData("multipart/form-data; boundary=")]
    [InlineData(";;;;")]
    [InlineData("\xff/\xfe")]
    public async Task A_content_type_that_is_none_is_the_clients_fault(string type)
    {
        foreach (var (method, path) in ((string, string)[])[("POST", ""), ("PUT", "/c"), ("PATCH", "/c"), ("DELETE", "/c")])
        {
            var answer = await RawRequest.SendAsync(
                _gateway, $"{method} /api/v1/namespaces/default/configmaps{path} HTTP/1.1\r\nContent-Type: {type}\r\nContent-Length: {Body.Length}", Encoding.Latin1.GetBytes(Body));

            Assert.InRange(answer.Code, 200, 499);
            AssertNoTrace(answer);
        }
    }

    [Fact]
    public async Task A_request_line_without_end_is_cut_off()
    {
        var answer = await RawRequest.SendAsync(_gateway, $"GET /api/v1/pods?labelSelector={new string('a', 70_000)} HTTP/1.1");

        Assert.InRange(answer.Code, 400, 431);
    }

    [Fact]
    public async Task Whatever_stands_in_a_query_is_answered() =>
        await Gen.Select(Paths, Gen.Select(Parameters, Values).Array[0, 4]).SampleAsync(async (path, query) =>
        {
            using var response = await _gateway.Client.GetAsync($"{path}?timeoutSeconds=1&{string.Join('&', query.Select(p => $"{p.Item1}={Uri.EscapeDataString(p.Item2)}"))}", HttpCompletionOption.ResponseHeadersRead);
            Assert.NotEqual(500, (int)response.StatusCode);
        }, iter: 400, threads: 2);

    [Fact]
    public async Task Whatever_stands_in_a_path_is_answered() =>
        await Gen.Select(OneOf("GET", "PUT", "POST", "PATCH", "DELETE", "HEAD", "OPTIONS"), Gen.OneOf(Segments, OneOf("api", "apis", "v1", "namespaces", "default", "pods", "services", "proxy", "exec", "watch", "apps", "..", ".", "%2e%2e", "%2F", "%", "%00", "%ff", ":", "a:b:c:d")).Array[0, 9]).SampleAsync(async (method, parts) =>
        {
            var answer = await RawRequest.SendAsync(_gateway, $"{method} /{string.Join('/', parts)}?timeoutSeconds=1 HTTP/1.1\r\nContent-Length: 0");
            Assert.True(answer.Code is > 0 and not 500, $"{method} /{string.Join('/', parts)}: {answer.Code}");
            AssertNoTrace(answer);
        }, iter: 200, threads: 2);

    [Fact]
    public async Task Whatever_stands_in_a_header_is_answered() =>
        await Gen.Select(OneOf("Accept", "Audit-ID", "Authorization", "Impersonate-User", "Impersonate-Group", "Impersonate-Extra-%", "Content-Type", "Accept-Encoding", "Range", "Expect", "Connection", "Upgrade", "Sec-WebSocket-Protocol", "If-Match", "Cookie", "X-Odd", "Origin"), Gen.Char['\x01', '\xff'].Array[0, 40]).SampleAsync(async (name, value) =>
        {
            var text = new string(value).Replace("\r", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal);
            var answer = await RawRequest.SendAsync(_gateway, $"GET /api/v1/namespaces/default/configmaps HTTP/1.1\r\n{name}: {text}");
            Assert.True(answer.Code is > 0 and not 500, $"{name}: {answer.Code}");
            AssertNoTrace(answer);
        }, iter: 200, threads: 2);

    [Fact]
    public async Task A_continue_token_of_any_make_is_answered() =>
        await Gen.OneOf(
            OneOf(
                "null", "[]", "1", "\"x\"", "{}", """{"v":"meta.k8s.io/v1","rv":1,"rv":2,"start":"a/b"}""", """{"v":"meta.k8s.io/v1","rv":1,"start":"\ud800/b"}""",
                """{"v":"meta.k8s.io/v1","rv":1e99,"start":"a/b"}""", """{"v":"meta.k8s.io/v1","rv":-9223372036854775808,"start":"a/b"}""", """{"v":{},"rv":[],"start":null}""",
                """{"v":"meta.k8s.io/v1","rv":-1,"start":"/"}""", """{"v":"meta.k8s.io/v1","rv":-1,"start":"\u0000/\u0000"}"""),
            Gen.String, Gen.Select(Gen.Long, Gen.String, (rv, start) => new JsonObject { ["v"] = "meta.k8s.io/v1", ["rv"] = rv > 0 ? -rv : rv, ["start"] = start }.ToJsonString()))
        .SampleAsync(async json =>
        {
            foreach (var token in (string[])[System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json)), json])
            {
                using var response = await _gateway.Client.GetAsync($"/api/v1/configmaps?limit=1&continue={Uri.EscapeDataString(token)}");
                Assert.True((int)response.StatusCode is 200 or 400 or 410, $"{json}: {response.StatusCode}");
            }
        }, iter: 200, threads: 2);

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static Gen<string> Segments => Gen.String[Gen.Char['!', '~'], 0, 12].Select(s => s.Replace("?", "", StringComparison.Ordinal).Replace("#", "", StringComparison.Ordinal));

    /// <summary>All that is served: each kind's collection, its objects and their subresources, and what is none of a kind.</summary>
    private Gen<string> Paths => OneOf([
        .. _gateway.Registry.Types.SelectMany(type =>
        {
            var group = type.Group.Length == 0 ? $"/api/{type.Version}" : $"/apis/{type.Group}/{type.Version}";
            var all = type.Namespaced ? $"{group}/namespaces/default/{type.Plural}" : $"{group}/{type.Plural}";
            return type.Subresources.Select(s => $"{all}/x/{s}").Append(all).Append($"{all}/x").Append($"{group}/{type.Plural}").Append($"{group}/watch/{type.Plural}").Append(group);
        }),
        "/api", "/apis", "/apis/apps", "/openapi/v2", "/openapi/v3", "/openapi/v3/api/v1", "/readyz", "/readyz/ping", "/livez", "/healthz", "/version"]);

    private static Gen<string> Parameters => OneOf(
        "limit", "continue", "watch", "labelSelector", "fieldSelector", "resourceVersionMatch", "sendInitialEvents", "allowWatchBookmarks", "includeObject", "dryRun",
        "fieldValidation", "fieldManager", "pretty", "exclude", "verbose", "hash", "command", "container", "tailLines", "sinceSeconds", "sinceTime", "limitBytes", "timeout");

    private static Gen<string> Values => Gen.OneOf(
        Gen.String, OneOf("", "0", "1", "-1", "true", "false", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "1e9", "NaN", "a=b", "a in (b", "a!=", "!a", "=", ",",
            "metadata.name=", "spec.nodeName=x", "Exact", "NotOlderThan", "null", "[]", "2001-01-01T00:00:00Z", "9999-99-99T99:99:99Z", "\0", "\ud7ff"));

    private static void AssertNoTrace(RawAnswer answer)
    {
        Assert.DoesNotContain("   at ", answer.Text);
        Assert.DoesNotContain("Exception", answer.Text);
    }
}

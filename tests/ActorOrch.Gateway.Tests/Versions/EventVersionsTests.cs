using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ActorOrch.Gateway.Tests.Fixtures;

namespace ActorOrch.Gateway.Tests.Versions;

/// <summary>One event is an object of two groups.</summary>
public sealed class EventVersionsTests : GatewayTest
{
    private const string Core = "/api/v1/namespaces/default/events";
    private const string Newer = "/apis/events.k8s.io/v1/namespaces/default/events";

    private const string Event = """
        {"metadata":{"name":"a","labels":{"l":"1"}},"eventTime":"2030-01-01T00:00:00.000000Z","reportingController":"test-controller","reportingInstance":"i","action":"Do","reason":"Test",
         "regarding":{"kind":"Pod","namespace":"default","name":"p","uid":"u1"},"note":"hello","type":"Normal"}
        """;

    [Fact]
    public async Task An_event_is_read_in_both_with_the_names_of_each()
    {
        var (code, created) = await Gateway.SendAsync("POST", Newer, Event);
        var (_, core) = await Gateway.SendAsync("GET", Core + "/a");
        var (_, newer) = await Gateway.SendAsync("GET", Newer + "/a");

        Assert.Equal(HttpStatusCode.Created, code);
        Assert.Equal(("events.k8s.io/v1", "hello", "p"), ((string)created["apiVersion"]!, (string)created["note"]!, (string)created["regarding"]!["name"]!));
        Assert.Equal(("v1", "hello", "p", "test-controller"),
            ((string)core["apiVersion"]!, (string)core["message"]!, (string)core["involvedObject"]!["name"]!, (string)core["reportingComponent"]!));
        Assert.Equal(["apiVersion", "kind", "metadata"], newer.Select(p => p.Key).Take(3));
        Assert.True(JsonNode.DeepEquals(created, newer));
        Assert.True(JsonNode.DeepEquals(core["metadata"], newer["metadata"]));
        Assert.Equal(["note", "regarding", "reportingController"], newer.Select(p => p.Key).Intersect(["regarding", "note", "reportingController", "message", "involvedObject"]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_the_older_has_and_the_newer_calls_deprecated_is_kept()
    {
        await Gateway.SendAsync("POST", Core, """
            {"metadata":{"name":"old"},"involvedObject":{"namespace":"default"},"source":{"component":"c","host":"h"},"count":3,
             "firstTimestamp":"2030-01-01T00:00:00Z","lastTimestamp":"2030-01-01T00:00:01Z","message":"m"}
            """);

        var (_, newer) = await Gateway.SendAsync("GET", Newer + "/old");

        Assert.Equal("""{"component":"c","host":"h"}""", newer["deprecatedSource"]!.ToJsonString());
        Assert.Equal((3, "2030-01-01T00:00:00Z", "2030-01-01T00:00:01Z"),
            ((int)newer["deprecatedCount"]!, (string)newer["deprecatedFirstTimestamp"]!, (string)newer["deprecatedLastTimestamp"]!));
    }

    [Fact]
    public async Task Lists_of_each_have_its_kind_and_its_selectors()
    {
        await Gateway.SendAsync("POST", Newer, Event);
        await Gateway.SendAsync("POST", Newer, Event.Replace("\"a\"", "\"b\"", StringComparison.Ordinal).Replace("test-controller", "other", StringComparison.Ordinal).Replace("u1", "u2", StringComparison.Ordinal));

        var (_, all) = await Gateway.SendAsync("GET", "/apis/events.k8s.io/v1/events");
        Assert.Equal(("EventList", "events.k8s.io/v1", 2), ((string)all["kind"]!, (string)all["apiVersion"]!, all["items"]!.AsArray().Count));
        Assert.All(all["items"]!.AsArray(), item => Assert.Equal("hello", (string)item!["note"]!));
        Assert.Equal(["a"], await NamesAsync(Newer, "reportingController=test-controller"));
        Assert.Equal(["a"], await NamesAsync(Core, "source=test-controller"));
        Assert.Equal(["b"], await NamesAsync(Newer, "regarding.uid=u2"));
        Assert.Equal(["b"], await NamesAsync(Core, "involvedObject.uid=u2"));
        var (code, refusal) = await Gateway.SendAsync("GET", Newer + "?fieldSelector=involvedObject.uid%3Du2");
        Assert.Equal((HttpStatusCode.BadRequest, "field label not supported: involvedObject.uid"), (code, (string)refusal["message"]!));
    }

    [Fact]
    public async Task A_watch_speaks_its_version()
    {
        await using var newer = await WatchReader.OpenAsync(Gateway.Client, Newer + "?watch=true&allowWatchBookmarks=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan");
        await using var core = await WatchReader.OpenAsync(Gateway.Client, Core + "?watch=true");
        var bookmark = (await newer.NextAsync())!["object"]!;
        await Gateway.SendAsync("POST", Newer, Event);
        var (added, seen) = ((await newer.NextAsync())!["object"]!, (await core.NextAsync())!["object"]!);
        await Gateway.SendAsync("DELETE", Core + "/a");

        Assert.Equal(("events.k8s.io/v1", "Event"), ((string)bookmark["apiVersion"]!, (string)bookmark["kind"]!));
        Assert.Equal(("events.k8s.io/v1", "hello"), ((string)added["apiVersion"]!, (string)added["note"]!));
        Assert.Equal(("v1", "hello"), ((string)seen["apiVersion"]!, (string)seen["message"]!));
        Assert.Equal("DELETED a", await newer.NextTextAsync());
    }

    [Fact]
    public async Task A_table_shows_the_same_cells_and_the_object_of_the_version()
    {
        await Gateway.SendAsync("POST", Newer, Event);
        const string table = "application/json;as=Table;v=v1;g=meta.k8s.io";
        var (_, newer) = await Gateway.SendAsync("GET", Newer + "?includeObject=Object", accept: table);
        var (_, core) = await Gateway.SendAsync("GET", Core, accept: table);

        Assert.Equal(core["rows"]![0]!["cells"]!.ToJsonString(), newer["rows"]![0]!["cells"]!.ToJsonString());
        Assert.Contains("hello", core["rows"]![0]!["cells"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("hello", (string)newer["rows"]![0]!["object"]!["note"]!);
    }

    [Theory]
    [InlineData("application/merge-patch+json", """{"note":"hello","series":{"count":2,"lastObservedTime":"2030-01-01T00:00:01.000000Z"}}""")]
    [InlineData("application/strategic-merge-patch+json", """{"series":{"count":2,"lastObservedTime":"2030-01-01T00:00:01.000000Z"}}""")]
    [InlineData("application/json-patch+json",
        """[{"op":"test","path":"/note","value":"hello"},{"op":"add","path":"/series","value":{"count":2,"lastObservedTime":"2030-01-01T00:00:01.000000Z"}}]""")]
    public async Task A_patch_is_of_the_version_of_its_request(string type, string patch)
    {
        await Gateway.SendAsync("POST", Newer, Event);

        var (code, patched) = await Gateway.SendAsync("PATCH", Newer + "/a", patch, type);
        var (_, core) = await Gateway.SendAsync("GET", Core + "/a");

        Assert.Equal((HttpStatusCode.OK, 2, "hello"), (code, (int)patched["series"]!["count"]!, (string)patched["note"]!));
        Assert.Equal((2, "hello"), ((int)core["series"]!["count"]!, (string)core["message"]!));
    }

    [Fact]
    public async Task Unknown_fields_are_those_that_the_version_does_not_know()
    {
        await Gateway.SendAsync("POST", Newer, Event);
        var (created, body) = await Gateway.SendAsync("POST", Newer + "?fieldValidation=Strict", Event.Replace("\"note\"", "\"message\"", StringComparison.Ordinal));
        var (patched, _) = await Gateway.SendAsync("PATCH", Newer + "/a?fieldValidation=Strict", """{"message":"x"}""", "application/merge-patch+json");

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.UnprocessableEntity), (created, patched));
        Assert.Equal("Event in version \"v1\" cannot be handled as a Event: strict decoding error: unknown field \"message\"", (string)body["message"]!);
    }

    [Fact]
    public async Task The_newer_asks_for_more_and_lets_less_change()
    {
        var (code, body) = await Gateway.SendAsync("POST", Newer, """{"metadata":{"name":"x"},"regarding":{"namespace":"default"},"deprecatedCount":1,"series":{"count":1}}""");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, code);
        foreach (var error in (string[])
        [
            "eventTime: Required value", "type: Invalid value: \"\": has invalid value: ", "count: Invalid value: \"\": needs to be unset",
            "series.count: Invalid value: \"\": should be at least 2", "series.lastObservedTime: Required value",
        ])
            Assert.Contains(error, (string)body["message"]!, StringComparison.Ordinal);

        await Gateway.SendAsync("POST", Newer, Event);
        var (changed, refusal) = await Gateway.SendAsync("PATCH", Newer + "/a", """{"note":"other"}""", "application/merge-patch+json");
        var (older, _) = await Gateway.SendAsync("PATCH", Core + "/a", """{"message":"other"}""", "application/merge-patch+json");
        Assert.Equal((HttpStatusCode.UnprocessableEntity, HttpStatusCode.OK), (changed, older));
        Assert.Contains("message: Invalid value: \"other\": field is immutable", (string)refusal["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_updated_and_deleted_through_either()
    {
        await Gateway.SendAsync("POST", Newer, Event);
        var (_, read) = await Gateway.SendAsync("GET", Newer + "/a");
        read["metadata"]!["labels"] = new JsonObject { ["l"] = "2" };
        var (updated, now) = await Gateway.SendAsync("PUT", Newer + "/a", read.ToJsonString());
        var (wrong, _) = await Gateway.SendAsync("PUT", Core + "/a", read.ToJsonString());
        var (dry, shown) = await Gateway.SendAsync("POST", Newer + "?dryRun=All", Event.Replace("\"a\"", "\"b\"", StringComparison.Ordinal));
        var (made, fresh) = await Gateway.SendAsync("PUT", Newer + "/c", Event.Replace("\"a\"", "\"c\"", StringComparison.Ordinal));
        var (_, deleted) = await Gateway.SendAsync("DELETE", Newer + "/a");
        var (gone, missing) = await Gateway.SendAsync("GET", Newer + "/a");
        await Gateway.SendAsync("DELETE", Newer);
        var (_, left) = await Gateway.SendAsync("GET", Core);

        Assert.Equal((HttpStatusCode.OK, "2", "hello"), (updated, (string)now["metadata"]!["labels"]!["l"]!, (string)now["note"]!));
        Assert.Equal(HttpStatusCode.BadRequest, wrong);
        Assert.Equal((HttpStatusCode.Created, "hello", "events.k8s.io/v1"), (dry, (string)shown["note"]!, (string)shown["apiVersion"]!));
        Assert.Equal((HttpStatusCode.Created, "hello"), (made, (string)fresh["note"]!));
        Assert.Equal("""{"name":"a","group":"events.k8s.io","kind":"events"}""", Without(deleted["details"]!, "uid"));
        Assert.Equal((HttpStatusCode.NotFound, "events.events.k8s.io \"a\" not found"), (gone, (string)missing["message"]!));
        Assert.Empty(left["items"]!.AsArray());
    }

    [Fact]
    public async Task Both_groups_are_discovered_and_described()
    {
        var (_, groups) = await Gateway.SendAsync("GET", "/apis");
        var (_, resources) = await Gateway.SendAsync("GET", "/apis/events.k8s.io/v1");
        var (_, schema) = await Gateway.SendAsync("GET", "/openapi/v3/apis/events.k8s.io/v1");

        Assert.Contains(groups["groups"]!.AsArray(), g => (string)g!["name"]! == "events.k8s.io" && (string)g["preferredVersion"]!["version"]! == "v1");
        Assert.Equal(("events", """["ev"]"""), ((string)resources["resources"]![0]!["name"]!, resources["resources"]![0]!["shortNames"]!.ToJsonString()));
        Assert.NotNull(schema["components"]!["schemas"]!["io.k8s.api.events.v1.Event"]!["properties"]!["note"]);
    }

    [Fact]
    public async Task Protobuf_is_read_with_the_numbers_of_the_version()
    {
        // Unknown: 1 typeMeta {apiVersion, kind}, 2 raw: an Event of 1 metadata, 2 eventTime, 4 to 8, 10 and 11.
        byte[] raw =
        [
            .. Message(1, Text(1, "a")), .. Message(2, [0x08, .. Varint(1893456000)]), .. Text(4, "ctl"), .. Text(5, "i"), .. Text(6, "Do"), .. Text(7, "Test"),
            .. Message(8, [.. Text(1, "Pod"), .. Text(2, "default")]), .. Text(10, "hello"), .. Text(11, "Normal"),
        ];
        byte[] body = [.. "k8s\0"u8, .. Message(1, [.. Text(1, "events.k8s.io/v1"), .. Text(2, "Event")]), .. Message(2, raw)];
        using var request = new HttpRequestMessage(HttpMethod.Post, Newer) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/vnd.kubernetes.protobuf");
        using var response = await Gateway.Client.SendAsync(request);
        var (_, core) = await Gateway.SendAsync("GET", Core + "/a");

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal(("hello", "ctl", "Pod"), ((string)core["message"]!, (string)core["reportingComponent"]!, (string)core["involvedObject"]!["kind"]!));
    }

    private static byte[] Text(int number, string text) => Message(number, Encoding.UTF8.GetBytes(text));

    private static byte[] Message(int number, byte[] content) => [(byte)((number << 3) | 2), .. Varint(content.Length), .. content];

    private static IEnumerable<byte> Varint(long value)
    {
        for (; value > 0x7f; value >>= 7) yield return (byte)(value | 0x80);
        yield return (byte)value;
    }

    private async Task<string[]> NamesAsync(string path, string selector)
    {
        var (_, list) = await Gateway.SendAsync("GET", $"{path}?fieldSelector={Uri.EscapeDataString(selector)}");
        return [.. list["items"]!.AsArray().Select(i => (string)i!["metadata"]!["name"]!)];
    }

    private static string Without(JsonNode node, string name)
    {
        node.AsObject().Remove(name);
        return node.ToJsonString();
    }
}

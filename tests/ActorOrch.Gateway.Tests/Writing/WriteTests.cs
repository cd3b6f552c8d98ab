using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ActorOrch.Gateway.Tests.Fixtures;
using ActorOrch.Gateway.Tests.Reading;
using ActorOrch.Gateway.Writing;
using ActorOrch.Resources.Catalog;

namespace ActorOrch.Gateway.Tests.Writing;

public sealed class WriteTests : GatewayTest
{
    private const string ConfigMaps = "/api/v1/namespaces/default/configmaps";
    private const string Deployments = "/apis/apps/v1/namespaces/default/deployments";

    private const string Web =
        """{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},"spec":{"replicas":2,"selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}""";

    [Fact]
    public async Task What_is_created_is_there_with_its_metadata()
    {
        var (code, created) = await Gateway.SendAsync("POST", ConfigMaps, """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"k":"v"}}""");

        Assert.Equal(HttpStatusCode.Created, code);
        Assert.Equal(("a", "default", "2"), (
            (string)created["metadata"]!["name"]!, (string)created["metadata"]!["namespace"]!, (string)created["metadata"]!["resourceVersion"]!));
        Assert.NotNull(Gateway.Registry[BuiltIn.ConfigMaps].Latest.Get(new("default", "a")));
    }

    [Fact]
    public async Task Yaml_is_taken_too()
    {
        var (code, _) = await Gateway.SendAsync("POST", ConfigMaps, "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  k: v\n", "application/yaml");

        Assert.Equal(HttpStatusCode.Created, code);
    }

    [Fact]
    public async Task A_name_that_is_taken_gets_409()
    {
        await Gateway.PutConfigMapAsync("default", "a");

        var (code, status) = await Gateway.SendAsync("POST", ConfigMaps, """{"metadata":{"name":"a"}}""");

        Assert.Equal((HttpStatusCode.Conflict, "AlreadyExists", "configmaps \"a\" already exists"), (code, (string)status["reason"]!, (string)status["message"]!));
    }

    [Theory]
    [InlineData("Pod", "v1", "converting (v1.Pod) to (apps.Deployment): unknown conversion")]
    [InlineData("Deployment", "apps/v9", "no kind \"Deployment\" is registered for version \"apps/v9\"")]
    [InlineData("Deployment", "a/b/c", "unexpected GroupVersion string: a/b/c")]
    public async Task A_patch_does_not_make_another_kind_of_an_object(string kind, string apiVersion, string why)
    {
        await Gateway.SendAsync("POST", Deployments, Web);
        var merge = $$"""{"kind":"{{kind}}","apiVersion":"{{apiVersion}}"}""";
        var json = $$"""[{"op":"replace","path":"/kind","value":"{{kind}}"},{"op":"replace","path":"/apiVersion","value":"{{apiVersion}}"}]""";

        foreach (var (patch, type) in ((string, string)[])[(merge, "merge"), (json, "json")])
        {
            var (code, status) = await Gateway.SendAsync("PATCH", $"{Deployments}/web", patch, $"application/{type}-patch+json");
            Assert.Equal((HttpStatusCode.UnprocessableEntity, "Invalid"), (code, (string)status["reason"]!));
            Assert.EndsWith(why, (string)status["message"]!, StringComparison.Ordinal);
            var (scale, answer) = await Gateway.SendAsync("PATCH", $"{Deployments}/web/scale", patch, $"application/{type}-patch+json");
            Assert.True(scale == HttpStatusCode.UnprocessableEntity, answer.ToJsonString());
        }
    }

    [Theory]
    [InlineData("merge", """{"kind":null,"apiVersion":null}""")]
    [InlineData("json", """[{"op":"remove","path":"/kind"},{"op":"replace","path":"/apiVersion","value":""}]""")]
    [InlineData("strategic-merge", """{"kind":"Pod","apiVersion":"v1"}""")]
    public async Task A_patch_that_says_nothing_of_the_kind_or_is_not_asked_keeps_it(string type, string patch)
    {
        await Gateway.SendAsync("POST", Deployments, Web);

        var (code, patched) = await Gateway.SendAsync("PATCH", $"{Deployments}/web", patch, $"application/{type}-patch+json");

        Assert.Equal((HttpStatusCode.OK, "Deployment", "apps/v1"), (code, (string)patched["kind"]!, (string)patched["apiVersion"]!));
    }

    [Theory]
    [InlineData("%01", "fieldManager: Invalid value: \"\\u0001\": should only contain printable characters")]
    [InlineData("a%0Ab", "fieldManager: Invalid value: \"a\\nb\": should only contain printable characters")]
    [InlineData("a%C2%A0b", "fieldManager: Invalid value: \"a\\u00A0b\": should only contain printable characters")]
    [InlineData("%E2%80%AE", "fieldManager: Invalid value: \"\\u202E\": should only contain printable characters")]
    [InlineData("%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9",
        "fieldManager: Too long: may not be more than 128 bytes")]
    public async Task The_name_of_a_writer_can_be_shown(string manager, string message)
    {
        var (code, status) = await Gateway.SendAsync("POST", $"{ConfigMaps}?fieldManager={manager}", """{"metadata":{"name":"a"}}""");
        var (fine, _) = await Gateway.SendAsync("POST", $"{ConfigMaps}?fieldManager=kubectl%20%C3%A9dit", """{"metadata":{"name":"a"}}""");

        Assert.Equal((HttpStatusCode.UnprocessableEntity, $"CreateOptions.meta.k8s.io \"\" is invalid: {message}", HttpStatusCode.Created), (code, (string)status["message"]!, fine));
    }

    [Theory]
    [InlineData("""{"metadata":{"name":"a" """)]
    [InlineData("[1,2]")]
    [InlineData("\"text\"")]
    [InlineData("""{"apiVersion":"v1","kind":"Gadget","metadata":{"name":"a"}}""")]
    [InlineData("""{"apiVersion":"v2","kind":"ConfigMap","metadata":{"name":"a"}}""")]
    [InlineData("""{"metadata":{"name":"a","labels":7}}""")]
    [InlineData("""{"metadata":{"name":"a"},"data":{"k":1}}""")]
    [InlineData("""{"metadata":{"name":"a","namespace":"other"}}""")]
    [InlineData("""{"metadata":{"name":"a","resourceVersion":"5"}}""")]
    public async Task A_body_that_does_not_fit_the_request_gets_400(string body)
    {
        var (code, status) = await Gateway.SendAsync("POST", ConfigMaps, body);

        Assert.Equal((HttpStatusCode.BadRequest, "BadRequest"), (code, (string)status["reason"]!));
    }

    [Fact]
    public async Task Malformed_yaml_gets_400()
    {
        var (code, _) = await Gateway.SendAsync("POST", ConfigMaps, "metadata: [unclosed\n  name: a", "application/yaml");

        Assert.Equal(HttpStatusCode.BadRequest, code);
    }

    [Theory]
    [InlineData("""{"metadata":{}}""", "name or generateName is required")]
    [InlineData("""{"metadata":{"name":"Not_A_Name"}}""", "RFC 1123 subdomain")]
    [InlineData("""{"metadata":{"name":"a","labels":{"k":"not a value"}}}""", "a valid label must be")]
    public async Task An_illegal_object_gets_422_with_the_field(string body, string part)
    {
        var (code, status) = await Gateway.SendAsync("POST", ConfigMaps, body);

        Assert.Equal((HttpStatusCode.UnprocessableEntity, "Invalid"), (code, (string)status["reason"]!));
        Assert.Contains(part, (string)status["message"]!, StringComparison.Ordinal);
        Assert.NotEmpty(status["details"]!["causes"]!.AsArray());
    }

    [Theory]
    [InlineData("\"replicas\":2", "\"replicas\":-1", "spec.replicas: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData("\"matchLabels\":{\"app\":\"web\"}", "\"matchLabels\":{\"app\":\"db\"}", "`selector` does not match template `labels`")]
    [InlineData("\"image\":\"i\"", "\"image\":\"\"", "spec.template.spec.containers[0].image: Required value")]
    public async Task A_deployment_that_cannot_be_gets_422(string from, string to, string part)
    {
        var (code, status) = await Gateway.SendAsync("POST", Deployments, Web.Replace(from, to, StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, code);
        Assert.Contains(part, (string)status["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_immutable_field_stays()
    {
        await Gateway.SendAsync("POST", Deployments, Web);

        var (code, status) = await Gateway.SendAsync("PUT", $"{Deployments}/web", Web.Replace("\"app\":\"web\"", "\"app\":\"db\"", StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, code);
        Assert.Contains("field is immutable", (string)status["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stale_revision_gets_409()
    {
        await Gateway.PutConfigMapAsync("default", "a");
        await Gateway.PutConfigMapAsync("default", "a", """{"x":"y"}""");

        var (code, status) = await Gateway.SendAsync("PUT", $"{ConfigMaps}/a", """{"metadata":{"name":"a","resourceVersion":"2"}}""");

        Assert.Equal((HttpStatusCode.Conflict, "Conflict"), (code, (string)status["reason"]!));
        Assert.Equal("Operation cannot be fulfilled on configmaps \"a\": the object has been modified; please apply your changes to the latest version and try again",
            (string)status["message"]!);
    }

    [Fact]
    public async Task Another_name_than_the_urls_gets_400()
    {
        await Gateway.PutConfigMapAsync("default", "a");

        var (code, status) = await Gateway.SendAsync("PUT", $"{ConfigMaps}/a", """{"metadata":{"name":"b"}}""");

        Assert.Equal((HttpStatusCode.BadRequest, "the name of the object (b) does not match the name on the URL (a)"), (code, (string)status["message"]!));
    }

    [Fact]
    public async Task An_update_names_its_object()
    {
        await Gateway.PutConfigMapAsync("default", "a");

        var (code, status) = await Gateway.SendAsync("PUT", $"{ConfigMaps}/a", """{"metadata":{},"data":{"k":"new"}}""");

        Assert.Equal((HttpStatusCode.BadRequest, "the name of the object (a based on URL) was undeterminable: name must be provided"), (code, (string)status["message"]!));
    }

    [Fact]
    public async Task An_update_of_another_incarnation_gets_409_and_a_patch_that_would_make_it_one_422()
    {
        var (_, created) = await Gateway.SendAsync("POST", ConfigMaps, """{"metadata":{"name":"a"}}""");
        const string body = """{"metadata":{"name":"a","uid":"another"},"data":{"k":"v"}}""";

        var (updated, conflict) = await Gateway.SendAsync("PUT", $"{ConfigMaps}/a", body);
        var (patched, invalid) = await Gateway.SendAsync("PATCH", $"{ConfigMaps}/a", body, "application/merge-patch+json");

        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.UnprocessableEntity), (updated, patched));
        Assert.Equal(
            $"Operation cannot be fulfilled on configmaps \"a\": Precondition failed: UID in precondition: another, UID in object meta: {created["metadata"]!["uid"]}",
            (string)conflict["message"]!);
        Assert.Equal("ConfigMap \"a\" is invalid: metadata.uid: Invalid value: \"another\": field is immutable", (string)invalid["message"]!);
    }

    [Fact]
    public async Task A_lease_is_updated_by_those_who_know_its_version()
    {
        const string leases = "/apis/coordination.k8s.io/v1/namespaces/default/leases";
        var (_, created) = await Gateway.SendAsync("POST", leases, """{"metadata":{"name":"l"},"spec":{"holderIdentity":"me"}}""");

        var (blind, status) = await Gateway.SendAsync("PUT", $"{leases}/l", """{"metadata":{"name":"l"},"spec":{"holderIdentity":"you"}}""");
        created["spec"]!["holderIdentity"] = "you";
        var (knowing, _) = await Gateway.SendAsync("PUT", $"{leases}/l", created.ToJsonString());

        Assert.Equal((HttpStatusCode.UnprocessableEntity, HttpStatusCode.OK), (blind, knowing));
        Assert.Equal("leases.coordination.k8s.io \"l\" is invalid: metadata.resourceVersion: Invalid value: 0x0: must be specified for an update", (string)status["message"]!);
    }

    [Fact]
    public async Task What_finalizers_hold_goes_with_the_last_of_them_however_often_it_is_deleted()
    {
        await Gateway.SendAsync("POST", ConfigMaps, """{"metadata":{"name":"a","finalizers":["example.com/one","example.com/two"]}}""");

        var (_, once) = await Gateway.SendAsync("DELETE", $"{ConfigMaps}/a");
        var (code, twice) = await Gateway.SendAsync("DELETE", $"{ConfigMaps}/a");
        Assert.Equal((HttpStatusCode.OK, (string)once["metadata"]!["deletionTimestamp"]!), (code, (string)twice["metadata"]!["deletionTimestamp"]!));
        Assert.Equal((string)once["metadata"]!["resourceVersion"]!, (string)twice["metadata"]!["resourceVersion"]!);

        once["metadata"]!["finalizers"] = new JsonArray("example.com/two");
        var (_, less) = await Gateway.SendAsync("PUT", $"{ConfigMaps}/a", once.ToJsonString());
        less["metadata"]!.AsObject().Remove("finalizers");
        var (last, gone) = await Gateway.SendAsync("PUT", $"{ConfigMaps}/a", less.ToJsonString());
        var (missing, _) = await Gateway.SendAsync("GET", $"{ConfigMaps}/a");
        Assert.Equal((HttpStatusCode.OK, "a", HttpStatusCode.NotFound), (last, (string)gone["metadata"]!["name"]!, missing));
    }

    [Theory]
    [InlineData("-5", 1)]
    [InlineData("7", 7)]
    public async Task A_grace_that_is_negative_is_the_shortest(string asked, int expected)
    {
        const string pod = """{"metadata":{"name":"p","namespace":"default"},"spec":{"nodeName":"n","terminationGracePeriodSeconds":30,"containers":[{"name":"c","image":"i"}]},"status":{"phase":"Running"}}""";
        await Gateway.Registry.PutAsync(BuiltIn.Pods, JsonNode.Parse(pod)!.AsObject());

        var (code, going) = await Gateway.SendAsync("DELETE", $"/api/v1/namespaces/default/pods/p?gracePeriodSeconds={asked}");

        Assert.Equal((HttpStatusCode.OK, expected), (code, (int)going["metadata"]!["deletionGracePeriodSeconds"]!));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_oversized_body_gets_413(bool announced)
    {
        var body = Encoding.UTF8.GetBytes($$$"""{"metadata":{"name":"a"},"data":{"k":"{{{new string('x', RequestBody.Limit)}}}"}}""");
        using HttpContent content = announced ? new ByteArrayContent(body) : new StreamContent(new Unannounced(body));
        content.Headers.ContentType = new("application/json");

        using var response = await Gateway.Client.PostAsync(ConfigMaps, content);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        var status = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.Equal(("RequestEntityTooLarge", "Request entity too large: limit is 3145728"), ((string)status["reason"]!, (string)status["message"]!));
    }

    [Theory]
    [InlineData("POST", ConfigMaps, "text/plain")]
    [InlineData("POST", ConfigMaps, "application/cbor")]
    [InlineData("PATCH", ConfigMaps + "/a", "application/json")]
    public async Task A_content_type_that_is_not_spoken_gets_415(string method, string path, string contentType)
    {
        await Gateway.PutConfigMapAsync("default", "a");

        var (code, status) = await Gateway.SendAsync(method, path, """{"metadata":{"name":"b"}}""", contentType);

        Assert.Equal((HttpStatusCode.UnsupportedMediaType, "UnsupportedMediaType"), (code, (string)status["reason"]!));
        Assert.StartsWith("the body of the request was in an unknown format - accepted media types include: ", (string)status["message"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/merge-patch+json", """{"data":{"x":"1","k":null}}""")]
    [InlineData("application/strategic-merge-patch+json", """{"data":{"x":"1","k":null}}""")]
    [InlineData("application/json-patch+json", """[{"op":"add","path":"/data/x","value":"1"},{"op":"remove","path":"/data/k"}]""")]
    public async Task Each_form_of_patch_works(string contentType, string patch)
    {
        await Gateway.PutConfigMapAsync("default", "a");

        var (code, patched) = await Gateway.SendAsync("PATCH", $"{ConfigMaps}/a", patch, contentType);

        Assert.Equal((HttpStatusCode.OK, """{"x":"1"}"""), (code, patched["data"]!.ToJsonString()));
    }

    [Fact]
    public async Task An_unknown_field_is_a_warning_or_refused_when_strict()
    {
        const string body = """{"metadata":{"name":"a"},"spec":{"x":1}}""";
        using var warned = await Gateway.RespondAsync("POST", ConfigMaps, body);
        var (strict, status) = await Gateway.SendAsync("POST", $"{ConfigMaps}?fieldValidation=Strict", body);
        using var ignored = await Gateway.RespondAsync("POST", $"{ConfigMaps}?fieldValidation=Ignore&dryRun=All", body.Replace("\"a\"", "\"b\"", StringComparison.Ordinal));

        Assert.Equal("299 - \"unknown field \\\"spec\\\"\"", warned.Headers.GetValues("Warning").Single());
        Assert.Equal(HttpStatusCode.BadRequest, strict);
        Assert.Equal("ConfigMap in version \"v1\" cannot be handled as a ConfigMap: strict decoding error: unknown field \"spec\"", (string)status["message"]!);
        Assert.False(ignored.Headers.Contains("Warning"));
    }

    [Fact]
    public async Task A_dry_run_writes_nothing()
    {
        var (code, obj) = await Gateway.SendAsync("POST", $"{ConfigMaps}?dryRun=All", """{"metadata":{"name":"a"}}""");
        var (bad, status) = await Gateway.SendAsync("POST", $"{ConfigMaps}?dryRun=Some", """{"metadata":{"name":"a"}}""");

        Assert.Equal((HttpStatusCode.Created, "a"), (code, (string)obj["metadata"]!["name"]!));
        Assert.Equal(0, Gateway.Registry[BuiltIn.ConfigMaps].Latest.Count);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, bad);
        Assert.Equal("CreateOptions.meta.k8s.io \"\" is invalid: dryRun: Unsupported value: \"Some\": supported values: \"All\"", (string)status["message"]!);
    }

    [Fact]
    public async Task What_is_deleted_at_once_is_answered_with_a_status()
    {
        await Gateway.PutConfigMapAsync("default", "a");

        var (code, status) = await Gateway.SendAsync("DELETE", $"{ConfigMaps}/a", """{"kind":"DeleteOptions","apiVersion":"apps/v1","propagationPolicy":"Background"}""");

        Assert.Equal((HttpStatusCode.OK, "Success", "configmaps"), (code, (string)status["status"]!, (string)status["details"]!["kind"]!));
        Assert.Equal(0, Gateway.Registry[BuiltIn.ConfigMaps].Latest.Count);
    }

    [Fact]
    public async Task What_goes_later_is_answered_as_it_is_now()
    {
        await Gateway.SendAsync("POST", Deployments, Web);

        var (code, obj) = await Gateway.SendAsync("DELETE", $"{Deployments}/web?propagationPolicy=Foreground");

        Assert.Equal((HttpStatusCode.OK, "Deployment"), (code, (string)obj["kind"]!));
        Assert.Equal("foregroundDeletion", (string)obj["metadata"]!["finalizers"]![0]!);
    }

    [Theory]
    [InlineData("""{"preconditions":{"uid":"another"}}""", HttpStatusCode.Conflict)]
    [InlineData("""{"preconditions":{"resourceVersion":"99"}}""", HttpStatusCode.Conflict)]
    [InlineData("""{"propagationPolicy":"Sideways"}""", HttpStatusCode.UnprocessableEntity)]
    [InlineData("""{"propagationPolicy":"Orphan","orphanDependents":true}""", HttpStatusCode.UnprocessableEntity)]
    [InlineData("""{"gracePeriodSeconds":"soon"}""", HttpStatusCode.BadRequest)]
    public async Task A_deletion_that_must_not_be_leaves_everything(string options, HttpStatusCode expected)
    {
        await Gateway.PutConfigMapAsync("default", "a");

        var (code, _) = await Gateway.SendAsync("DELETE", $"{ConfigMaps}/a", options);

        Assert.Equal(expected, code);
        Assert.Equal(1, Gateway.Registry[BuiltIn.ConfigMaps].Latest.Count);
    }

    [Fact]
    public async Task A_collection_is_deleted_as_far_as_its_selector_goes()
    {
        await Gateway.PutConfigMapAsync("default", "a", """{"app":"web"}""");
        await Gateway.PutConfigMapAsync("default", "b", """{"app":"web"}""");
        await Gateway.PutConfigMapAsync("default", "c");
        await Gateway.PutConfigMapAsync("other", "d", """{"app":"web"}""");

        var (code, list) = await Gateway.SendAsync("DELETE", $"{ConfigMaps}?labelSelector=app%3Dweb");

        Assert.Equal((HttpStatusCode.OK, "ConfigMapList"), (code, (string)list["kind"]!));
        Assert.Equal(["a", "b"], ReadTests.Names(list));
        Assert.Equal(["default/c", "other/d"], Gateway.Registry[BuiltIn.ConfigMaps].Latest.Objects.Keys.Select(k => k.ToString()));
    }

    [Fact]
    public async Task A_collection_is_deleted_page_by_page()
    {
        for (var i = 0; i < 5; i++) await Gateway.PutConfigMapAsync("default", $"c{i}");

        var (_, first) = await Gateway.SendAsync("DELETE", $"{ConfigMaps}?limit=2");
        var (_, second) = await Gateway.SendAsync("DELETE", $"{ConfigMaps}?limit=2&continue={first["metadata"]!["continue"]}");

        Assert.Equal(["c0", "c1"], ReadTests.Names(first));
        Assert.Equal(3, (int)first["metadata"]!["remainingItemCount"]!);
        Assert.Equal(["c2", "c3"], ReadTests.Names(second));
        Assert.Equal(["c4"], Gateway.Registry[BuiltIn.ConfigMaps].Latest.List().Select(o => o.Key.Name));
    }

    [Fact]
    public async Task A_collection_is_deleted_on_trial()
    {
        for (var i = 0; i < 3; i++) await Gateway.PutConfigMapAsync("default", $"c{i}");

        var (code, list) = await Gateway.SendAsync("DELETE", $"{ConfigMaps}?dryRun=All&limit=2");

        Assert.Equal(HttpStatusCode.OK, code);
        Assert.Equal(["c0", "c1"], ReadTests.Names(list));
        Assert.Equal(3, Gateway.Registry[BuiltIn.ConfigMaps].Latest.Count);
    }

    [Fact]
    public async Task A_collection_is_not_deleted_against_a_precondition()
    {
        await Gateway.PutConfigMapAsync("default", "a");

        var (code, status) = await Gateway.SendAsync("DELETE", ConfigMaps, """{"preconditions":{"uid":"another"}}""");

        Assert.Equal((HttpStatusCode.Conflict, "Conflict"), (code, (string)status["reason"]!));
        Assert.Equal(1, Gateway.Registry[BuiltIn.ConfigMaps].Latest.Count);
    }

    private sealed class Unannounced(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}

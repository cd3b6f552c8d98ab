using System.Net;
using System.Text.Json.Nodes;
using ActorOrch.Gateway.Tests.Fixtures;

namespace ActorOrch.Gateway.Tests.Writing;

/// <summary>Server-side apply and the ownership of fields, as clients see them.</summary>
public sealed class ApplyTests : GatewayTest
{
    private const string Apply = "application/apply-patch+yaml";
    private const string Maps = "/api/v1/namespaces/default/configmaps";
    private const string Web = "/apis/apps/v1/namespaces/default/deployments/web";

    private const string Deployment = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, labels: {app: web}}
        spec:
          replicas: 2
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec:
              containers: [{name: c, image: i}]
        """;

    [Fact]
    public async Task Apply_creates_and_its_manager_owns_what_it_gave()
    {
        var (code, created) = await ApplyAsync(Web, "me", Deployment);

        Assert.Equal(HttpStatusCode.Created, code);
        var entry = Assert.Single(Managers(created));
        Assert.Equal(("me", "Apply", "apps/v1", "FieldsV1"), (Text(entry, "manager"), Text(entry, "operation"), Text(entry, "apiVersion"), Text(entry, "fieldsType")));
        Assert.Equal("""
            {"f:metadata":{"f:labels":{"f:app":{}}},"f:spec":{"f:replicas":{},"f:selector":{},"f:template":{"f:metadata":{"f:labels":{"f:app":{}}},"f:spec":{"f:containers":{"k:{\"name\":\"c\"}":{".":{},"f:image":{},"f:name":{}}}}}}}
            """.Trim(), Plain(entry["fieldsV1"]!));
        Assert.False(entry.ContainsKey("subresource"));
        Assert.Equal(created["metadata"]!["creationTimestamp"]!.ToString(), Text(entry, "time"));
    }

    [Fact]
    public async Task Applying_the_same_again_is_no_write()
    {
        var (_, created) = await ApplyAsync(Web, "me", Deployment);

        var (code, again) = await ApplyAsync(Web, "me", Deployment);

        Assert.Equal((HttpStatusCode.OK, created.ToJsonString()), (code, again.ToJsonString()));
    }

    [Fact]
    public async Task A_conflict_names_manager_and_field_and_force_takes_it()
    {
        await Gateway.SendAsync("POST", Parent(Web) + "?fieldManager=kubectl-client-side-apply", Json());
        var wanted = Deployment.Replace("replicas: 2", "replicas: 3", StringComparison.Ordinal);

        var (code, status) = await ApplyAsync(Web, "me", wanted);
        var (forced, taken) = await ApplyAsync(Web, "me", wanted, "&force=true");

        Assert.Equal((HttpStatusCode.Conflict, "Conflict", "Apply failed with 1 conflict: conflict with \"kubectl-client-side-apply\" using apps/v1: .spec.replicas"),
            (code, (string)status["reason"]!, (string)status["message"]!));
        Assert.Equal("""{"causes":[{"reason":"FieldManagerConflict","message":"conflict with \u0022kubectl-client-side-apply\u0022 using apps/v1","field":".spec.replicas"}]}""",
            status["details"]!.ToJsonString());
        Assert.Equal((HttpStatusCode.OK, 3), (forced, (int)taken["spec"]!["replicas"]!));
        Assert.DoesNotContain("f:replicas", Managers(taken).Single(m => Text(m, "manager") != "me")["fieldsV1"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_filled_in_of_something_that_is_owned_as_a_whole_is_no_conflict()
    {
        // The reference gets an apiVersion.
        var wanted = Deployment.Replace(
            "{name: c, image: i}", "{name: c, image: i, env: [{name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}]}", StringComparison.Ordinal);
        var (_, created) = await ApplyAsync(Web, "one", wanted);

        var (code, shared) = await ApplyAsync(Web, "two", wanted);
        var (other, refused) = await ApplyAsync(Web, "three", wanted.Replace("spec.nodeName", "metadata.name", StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.OK, code);
        Assert.Equal(created["spec"]!.ToJsonString(), shared["spec"]!.ToJsonString());
        Assert.Equal(["one", "two"], Managers(shared).Select(m => Text(m, "manager")).Order());
        Assert.All(Managers(shared), m => Assert.Contains("f:fieldRef", m["fieldsV1"]!.ToJsonString(), StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.Conflict, other);
        Assert.Equal(
            "Apply failed with 2 conflicts: conflicts with \"one\":\n- .spec.template.spec.containers[name=\"c\"].env[name=\"NODE\"].valueFrom.fieldRef\n"
            + "conflicts with \"two\":\n- .spec.template.spec.containers[name=\"c\"].env[name=\"NODE\"].valueFrom.fieldRef", (string)refused["message"]!);
    }

    [Fact]
    public async Task What_is_no_longer_applied_goes_unless_another_owns_it()
    {
        const string both = "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {x: '1', w: '1', z: '1'}}";
        await ApplyAsync($"{Maps}/a", "one", both);
        await ApplyAsync($"{Maps}/a", "two", "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {w: '1'}}");

        var (_, left) = await ApplyAsync($"{Maps}/a", "one", "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {x: '1'}}");

        Assert.Equal("""{"x":"1","w":"1"}""", left["data"]!.ToJsonString());
    }

    [Theory]
    [InlineData("", "apiVersion: v1\nkind: ConfigMap", 422, "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch")]
    [InlineData("?fieldManager=m", "apiVersion: v1beta1\nkind: ConfigMap", 400, "Incorrect version specified in apply patch. Specified patch version: v1beta1, expected: v1")]
    [InlineData("?fieldManager=m", "apiVersion: v1\nkind: ConfigMap\nmetadata: {managedFields: [{}]}", 400, "metadata.managedFields must be nil")]
    [InlineData("?fieldManager=m", "apiVersion: v1\nkind: ConfigMap\ndatum: {}", 400, "failed to create typed patch object (default/a; v1, Kind=ConfigMap): .datum: field not declared in schema")]
    [InlineData("?fieldManager=m", "apiVersion: v1\nkind: ConfigMap\ndata: {x: 1}", 400, "failed to create typed patch object (default/a; v1, Kind=ConfigMap): .data.x: expected string, got &{1}")]
    [InlineData("?fieldManager=m", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}", 400, "the name of the object (b) does not match the name on the URL (a)")]
    [InlineData("?fieldManager=m", "[", 400, "error decoding YAML: ")]
    [InlineData("?fieldManager=m", "- a", 400, "error decoding YAML: ")]
    [InlineData("?fieldManager=m", "apiVersion: v1\nkind: ConfigMap\nmetadata: {uid: other}", 409, "Precondition failed: UID in precondition: other, UID in object meta: ")]
    [InlineData("?fieldManager=m", "apiVersion: v1\nkind: ConfigMap\nmetadata: {resourceVersion: '7'}", 409, "the object has been modified")]
    [InlineData("?fieldManager=m&fieldValidation=Strict", "apiVersion: v1\nkind: ConfigMap\ndata: {x: a, x: b}", 400, "error strict decoding YAML: ")]
    public async Task What_cannot_be_applied_says_why(string query, string body, int code, string message)
    {
        foreach (var there in (bool[])[false, true])
        {
            if (there) await ApplyAsync($"{Maps}/a", "m", "{apiVersion: v1, kind: ConfigMap}");
            var (answered, status) = await Gateway.SendAsync("PATCH", $"{Maps}/a{query}", body, Apply);
            Assert.Equal(code, (int)answered);
            Assert.Contains(message, (string)status["message"]!, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Force_is_for_apply_alone()
    {
        await Gateway.PutConfigMapAsync("default", "a");

        var (code, status) = await Gateway.SendAsync("PATCH", $"{Maps}/a?force=true", "{}", "application/merge-patch+json");

        Assert.Equal((HttpStatusCode.UnprocessableEntity, "PatchOptions.meta.k8s.io \"\" is invalid: force: Forbidden: may not be specified for non-apply patch"),
            (code, (string)status["message"]!));
    }

    [Fact]
    public async Task A_dry_run_tells_and_does_not_write()
    {
        var (code, told) = await ApplyAsync($"{Maps}/a", "m", "{apiVersion: v1, kind: ConfigMap, data: {x: a}}", "&dryRun=All");
        var (missing, _) = await Gateway.SendAsync("GET", $"{Maps}/a");

        Assert.Equal((HttpStatusCode.Created, "m", HttpStatusCode.NotFound), (code, Text(Managers(told).Single(), "manager"), missing));
    }

    [Fact]
    public async Task A_status_is_applied_and_owned_by_itself()
    {
        await ApplyAsync(Web, "me", Deployment);
        const string status = "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {replicas: 9}, status: {conditions: [{type: Ready, status: 'True'}]}}";

        var (missing, _) = await ApplyAsync(Web.Replace("web", "none", StringComparison.Ordinal) + "/status", "me", status.Replace("web", "none", StringComparison.Ordinal));
        var (code, written) = await ApplyAsync(Web + "/status", "me", status);

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.OK, 2), (missing, code, (int)written["spec"]!["replicas"]!));
        var entry = Managers(written).Single(m => m.ContainsKey("subresource"));
        Assert.Equal("""{"f:status":{"f:conditions":{"k:{\"type\":\"Ready\"}":{".":{},"f:status":{},"f:type":{}}}}}""", Plain(entry["fieldsV1"]!));
        Assert.Equal("status", Text(entry, "subresource"));
    }

    [Fact]
    public async Task A_scale_is_written_and_applied_and_owned_as_one()
    {
        await ApplyAsync(Web, "me", Deployment);
        await Gateway.SendAsync("PATCH", Web + "/scale?fieldManager=hand", """{"spec":{"replicas":7}}""", "application/merge-patch+json");
        var (_, scaled) = await Gateway.SendAsync("GET", Web);
        var (refused, status) = await ApplyAsync(Web + "/scale", "auto", "{apiVersion: autoscaling/v1, kind: Scale, metadata: {name: web}, spec: {replicas: 4}}");
        var (code, scale) = await ApplyAsync(Web + "/scale", "auto", "{apiVersion: autoscaling/v1, kind: Scale, metadata: {name: web}, spec: {replicas: 4}}", "&force=1");
        var (_, after) = await Gateway.SendAsync("GET", Web);

        Assert.Equal("""[["me","Apply",""],["hand","Update","scale"]]""", Who(scaled));
        Assert.Equal((HttpStatusCode.Conflict, "Apply failed with 1 conflict: conflict with \"hand\" with subresource \"scale\" using apps/v1: .spec.replicas"),
            (refused, (string)status["message"]!));
        Assert.Equal((HttpStatusCode.OK, 4, 4), (code, (int)scale["spec"]!["replicas"]!, (int)after["spec"]!["replicas"]!));
        Assert.Equal("""{"f:spec":{"f:replicas":{}}}""", Managers(after).Single(m => Text(m, "manager") == "auto")["fieldsV1"]!.ToJsonString());
    }

    [Theory]
    [InlineData("PUT", "application/json", """{"metadata":{"name":"a","managedFields":[{}]},"data":{"x":"1"}}""")]
    [InlineData("PUT", "application/json", """{"metadata":{"name":"a","managedFields":[]},"data":{"x":"1"}}""")]
    [InlineData("PATCH", "application/merge-patch+json", """{"metadata":{"managedFields":[{}]}}""")]
    [InlineData("PATCH", "application/strategic-merge-patch+json", """{"metadata":{"managedFields":[{}]}}""")]
    [InlineData("PATCH", "application/json-patch+json", """[{"op":"replace","path":"/metadata/managedFields","value":[{}]}]""")]
    [InlineData("PATCH", "application/json-patch+json", """[{"op":"replace","path":"/metadata/managedFields","value":[]}]""")]
    public async Task Managers_are_forgotten_on_demand_and_start_again_with_the_next_apply(string method, string contentType, string body)
    {
        await Gateway.SendAsync("POST", Maps, """{"metadata":{"name":"a"},"data":{"x":"1"}}""");

        var (code, reset) = await Gateway.SendAsync(method, $"{Maps}/a", body, contentType);
        var (_, updated) = await Gateway.SendAsync("PATCH", $"{Maps}/a", """{"data":{"y":"1"}}""", "application/merge-patch+json");
        var (_, applied) = await ApplyAsync($"{Maps}/a", "m", "{apiVersion: v1, kind: ConfigMap, data: {x: '1'}}");

        Assert.Equal((HttpStatusCode.OK, false, false), (code, reset["metadata"]!.AsObject().ContainsKey("managedFields"), updated["metadata"]!.AsObject().ContainsKey("managedFields")));
        Assert.Equal("""[["m","Apply",""],["before-first-apply","Update",""]]""", Who(applied));
    }

    [Theory]
    [InlineData("""[{"manager":"x","operation":"Upsert","apiVersion":"v1","fieldsType":"FieldsV1","fieldsV1":{"f:data":{}}}]""")]
    [InlineData("""[{"manager":"x","operation":"Update","apiVersion":"v1","fieldsType":"FieldsV1","fieldsV1":{"k:{":{}}}]""")]
    [InlineData("""[{"manager":"x","operation":"Update","apiVersion":"v1","fieldsV1":{"f:data":{}}}]""")]
    public async Task Entries_that_are_none_are_ignored(string entries)
    {
        await Gateway.SendAsync("POST", Maps + "?fieldManager=m", """{"metadata":{"name":"a"},"data":{"x":"1"}}""");

        var (code, patched) = await Gateway.SendAsync("PATCH", $"{Maps}/a", $$$"""{"metadata":{"managedFields":{{{entries}}}}}""", "application/merge-patch+json");

        Assert.Equal((HttpStatusCode.OK, """[["m","Update",""]]"""), (code, Who(patched)));
    }

    [Fact]
    public async Task Ownership_is_handed_over_by_writing_the_entries()
    {
        // As kubectl does it before it applies here what it had applied on its own side.
        await Gateway.SendAsync("POST", Parent(Web) + "?fieldManager=kubectl-client-side-apply", Json());
        var (_, live) = await Gateway.SendAsync("GET", Web);
        var entries = (JsonArray)live["metadata"]!["managedFields"]!.DeepClone();
        (entries[0]!["manager"], entries[0]!["operation"]) = ("kubectl", "Apply");
        var patch = new JsonArray(
            new JsonObject { ["op"] = "replace", ["path"] = "/metadata/managedFields", ["value"] = entries },
            new JsonObject { ["op"] = "replace", ["path"] = "/metadata/resourceVersion", ["value"] = live["metadata"]!["resourceVersion"]!.DeepClone() });

        var (code, handed) = await Gateway.SendAsync("PATCH", Web, patch.ToJsonString(), "application/json-patch+json");
        var (stale, _) = await Gateway.SendAsync("PATCH", Web, patch.ToJsonString(), "application/json-patch+json");
        var (applied, after) = await ApplyAsync(Web, "kubectl", Deployment.Replace("replicas: 2", "replicas: 5", StringComparison.Ordinal));

        Assert.Equal((HttpStatusCode.OK, """[["kubectl","Apply",""]]"""), (code, Who(handed)));
        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.OK, 5), (stale, applied, (int)after["spec"]!["replicas"]!));
        Assert.Equal("""[["kubectl","Apply",""]]""", Who(after));
    }

    [Fact]
    public async Task Entries_are_not_written_by_way_of_a_subresource()
    {
        await Gateway.SendAsync("POST", Parent(Web) + "?fieldManager=m", Json());

        var (code, written) = await Gateway.SendAsync("PATCH", Web + "/status?fieldManager=n", """{"metadata":{"managedFields":[{}]},"status":{"observedGeneration":1}}""", "application/merge-patch+json");

        Assert.Equal((HttpStatusCode.OK, """[["m","Update",""],["n","Update","status"]]"""), (code, Who(written)));
    }

    [Fact]
    public async Task A_change_of_nothing_leaves_everything_as_it_was()
    {
        var (_, created) = await Gateway.SendAsync("POST", Maps + "?fieldManager=m", """{"metadata":{"name":"a"},"data":{"x":"1"}}""");
        var replaced = (JsonObject)created.DeepClone();
        replaced["metadata"]!["managedFields"]![0]!["time"] = "2001-01-01T00:00:00Z";

        var (_, patched) = await Gateway.SendAsync("PATCH", $"{Maps}/a?fieldManager=n", """{"data":{"x":"1"}}""", "application/merge-patch+json");
        var (_, put) = await Gateway.SendAsync("PUT", $"{Maps}/a?fieldManager=n", replaced.ToJsonString());

        Assert.Equal((created.ToJsonString(), created.ToJsonString()), (patched.ToJsonString(), put.ToJsonString()));
    }

    [Theory]
    [InlineData("kubectl/v1.32.0 (linux/amd64)", "kubectl")]
    [InlineData("my controller", "my controller")]
    [InlineData("", "unknown")]
    [InlineData("/x", "unknown")]
    public async Task Who_does_not_name_itself_is_called_as_its_program(string userAgent, string manager)
    {
        Gateway.Client.DefaultRequestHeaders.UserAgent.Clear();
        Gateway.Client.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", userAgent);

        var (_, created) = await Gateway.SendAsync("POST", Maps, """{"metadata":{"name":"a"},"data":{"x":"1"}}""");

        Assert.Equal(manager, Text(Managers(created).Single(), "manager"));
    }

    private Task<(HttpStatusCode Code, JsonObject Body)> ApplyAsync(string path, string manager, string body, string more = "") =>
        Gateway.SendAsync("PATCH", $"{path}?fieldManager={manager}{more}", body, Apply);

    private static string Parent(string path) => path[..path.LastIndexOf('/')];

    private static string Json() => """
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","labels":{"app":"web"}},"spec":{"replicas":2,"selector":{"matchLabels":{"app":"web"}},
         "template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}
        """;

    private static IEnumerable<JsonObject> Managers(JsonObject obj) => obj["metadata"]!["managedFields"]!.AsArray().Select(m => m!.AsObject());

    private static string Who(JsonObject obj) =>
        new JsonArray([.. Managers(obj).Select(m => new JsonArray(Text(m, "manager"), Text(m, "operation"), Text(m, "subresource")))]).ToJsonString();

    private static string Plain(JsonNode node) => node.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private static string Text(JsonObject entry, string name) => (string?)entry[name] ?? "";
}

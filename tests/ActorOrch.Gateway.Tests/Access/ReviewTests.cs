using System.Net;
using System.Text.Json.Nodes;
using ActorOrch.Gateway.Tests.Fixtures;
using ActorOrch.Resources.Catalog;

namespace ActorOrch.Gateway.Tests.Access;

public sealed class ReviewTests : GatewayTest
{
    private const string Authentication = "/apis/authentication.k8s.io/v1/";
    private const string Authorization = "/apis/authorization.k8s.io/v1/";

    public static TheoryData<string> Kinds => [.. ReviewTypes.All.Select(t => t.Kind)];

    [Fact]
    public async Task One_is_told_who_one_is()
    {
        var review = await PostAsync(Gateway.Client, Authentication + "selfsubjectreviews", "{}");

        Assert.Equal(("SelfSubjectReview", "authentication.k8s.io/v1"), ((string)review["kind"]!, (string)review["apiVersion"]!));
        Assert.Equal("""{"username":"kubernetes-admin","groups":["system:masters","system:authenticated"]}""", review["status"]!["userInfo"]!.ToJsonString());
        Assert.NotNull((string?)review["metadata"]!["creationTimestamp"]);
    }

    [Fact]
    public async Task Whoever_is_acted_for_is_who_one_is()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Authentication + "selfsubjectreviews") { Content = Json("{}") };
        request.Headers.Add("Impersonate-User", "bob");
        request.Headers.Add("Impersonate-Uid", "1-2");
        request.Headers.Add("Impersonate-Extra-Team", "a");
        using var response = await Gateway.Client.SendAsync(request);
        var review = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

        Assert.Equal("""{"username":"bob","uid":"1-2","groups":["system:authenticated"],"extra":{"team":["a"]}}""", review["status"]!["userInfo"]!.ToJsonString());
    }

    [Fact]
    public async Task A_token_is_told_from_one_that_is_none()
    {
        var good = await PostAsync(Gateway.Client, Authentication + "tokenreviews", $$$"""{"spec":{"token":"{{{Gateway.Pki.AdministratorToken}}}"}}""");
        var bad = await PostAsync(Gateway.Client, Authentication + "tokenreviews", """{"spec":{"token":"x"}}""");
        var foreign = await PostAsync(Gateway.Client, Authentication + "tokenreviews",
            $$$"""{"spec":{"token":"{{{Gateway.Pki.AdministratorToken}}}","audiences":["vault"]}}""");

        Assert.Equal("""{"username":"kubernetes-admin","groups":["system:masters","system:authenticated"]}""", good["status"]!["user"]!.ToJsonString());
        Assert.True((bool)good["status"]!["authenticated"]!);
        Assert.Equal("""{"user":{},"error":"invalid bearer token"}""", bad["status"]!.ToJsonString());
        Assert.Equal("""{"user":{}}""", foreign["status"]!.ToJsonString());
    }

    [Theory]
    [InlineData("selfsubjectaccessreviews", """{"spec":{"resourceAttributes":{"verb":"delete","resource":"pods","namespace":"x"}}}""", true)]
    [InlineData("selfsubjectaccessreviews", """{"spec":{"nonResourceAttributes":{"verb":"get","path":"/"}}}""", true)]
    [InlineData("subjectaccessreviews", """{"spec":{"user":"bob","resourceAttributes":{"verb":"get","resource":"pods"}}}""", false)]
    [InlineData("subjectaccessreviews", """{"spec":{"groups":["system:masters"],"resourceAttributes":{"verb":"*","group":"*","resource":"*"}}}""", true)]
    [InlineData("subjectaccessreviews", """{"spec":{"user":"bob","groups":["system:authenticated"],"nonResourceAttributes":{"verb":"get","path":"/apis/apps"}}}""", true)]
    [InlineData("subjectaccessreviews", """{"spec":{"user":"bob","groups":["system:authenticated"],"nonResourceAttributes":{"verb":"get","path":"/metrics"}}}""", false)]
    [InlineData("subjectaccessreviews",
        """{"spec":{"user":"bob","groups":["system:authenticated"],"resourceAttributes":{"verb":"create","group":"authorization.k8s.io","resource":"selfsubjectaccessreviews"}}}""", true)]
    [InlineData("namespaces/x/localsubjectaccessreviews", """{"spec":{"user":"bob","resourceAttributes":{"verb":"get","resource":"pods","namespace":"x"}}}""", false)]
    public async Task Access_is_answered_as_requests_would_be(string path, string review, bool allowed)
    {
        var answer = await PostAsync(Gateway.Client, Authorization + path, review);

        Assert.Equal($$"""{"allowed":{{(allowed ? "true" : "false")}}}""", answer["status"]!.ToJsonString());
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(review)!["spec"], answer["spec"]));
    }

    [Theory]
    [InlineData("selfsubjectaccessreviews", "{}", 422, "spec.resourceAttributes: Invalid value: \"null\": exactly one of nonResourceAttributes or resourceAttributes must be specified")]
    [InlineData("selfsubjectaccessreviews", """{"spec":{"resourceAttributes":{"verb":"get"},"nonResourceAttributes":{"verb":"get","path":"/"}}}""", 422,
        "spec.nonResourceAttributes: Invalid value: {\"verb\":\"get\",\"path\":\"/\"}: cannot be specified in combination with resourceAttributes")]
    [InlineData("selfsubjectaccessreviews", """{"metadata":{"name":"x"},"spec":{"nonResourceAttributes":{"verb":"get","path":"/"}}}""", 422,
        "metadata: Invalid value: {\"name\":\"x\"}: must be empty")]
    [InlineData("selfsubjectaccessreviews", """{"spec":{"resourceAttributes":{"labelSelector":{}}}}""", 422,
        "spec.resourceAttributes.labelSelector.requirements: Required value: when spec.resourceAttributes.labelSelector is specified, requirements or rawSelector is required")]
    [InlineData("subjectaccessreviews", """{"spec":{"nonResourceAttributes":{"verb":"get","path":"/"}}}""", 422, "spec.user: Invalid value: \"\": at least one of user or group must be specified")]
    [InlineData("namespaces/x/localsubjectaccessreviews", """{"spec":{"user":"bob","resourceAttributes":{"namespace":"y"}}}""", 422,
        "spec.resourceAttributes.namespace: Invalid value: \"y\": must match metadata.namespace")]
    [InlineData("namespaces/x/localsubjectaccessreviews", """{"spec":{"user":"bob","nonResourceAttributes":{"path":"/"}}}""", 422,
        "spec.nonResourceAttributes: Invalid value: {\"path\":\"/\"}: disallowed on this kind of request")]
    [InlineData("namespaces/x/localsubjectaccessreviews", """{"metadata":{"namespace":"y"}}""", 400, "the namespace of the provided object does not match the namespace sent on the request: y != x")]
    [InlineData("selfsubjectrulesreviews", "{}", 400, "no namespace on request")]
    public async Task A_question_that_is_none_is_refused(string path, string review, int code, string message)
    {
        var (actual, body) = await Gateway.SendAsync("POST", Authorization + path, review);

        Assert.Equal(code, (int)actual);
        Assert.EndsWith(message, (string)body["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_review_of_no_token_is_refused() =>
        Assert.Equal("token is required for TokenReview in authentication",
            (string)(await Gateway.SendAsync("POST", Authentication + "tokenreviews", "{}")).Body["message"]!);

    [Fact]
    public async Task A_selector_that_cannot_be_read_restricts_nothing_and_is_named()
    {
        var answer = await PostAsync(Gateway.Client, Authorization + "selfsubjectaccessreviews",
            """{"spec":{"resourceAttributes":{"verb":"list","resource":"pods","fieldSelector":{"rawSelector":"x"},"labelSelector":{"rawSelector":"a in ("}}}}""");

        Assert.Equal(
            """{"allowed":true,"evaluationError":"spec.resourceAttributes.fieldSelector ignored due to parse error; spec.resourceAttributes.labelSelector ignored due to parse error"}""",
            answer["status"]!.ToJsonString());
    }

    [Fact]
    public async Task Whoever_proves_who_he_is_may_ask_about_himself_and_nobody_else()
    {
        using var jane = Gateway.NewClient(Gateway.Pki.Authority.IssueClient("jane", "developers"));
        var rules = await PostAsync(jane, Authorization + "selfsubjectrulesreviews", """{"spec":{"namespace":"default"}}""");
        var own = await PostAsync(jane, Authorization + "selfsubjectaccessreviews", """{"spec":{"resourceAttributes":{"verb":"get","resource":"pods"}}}""");
        using var other = await jane.PostAsync(Authorization + "subjectaccessreviews", Json("""{"spec":{"user":"bob","nonResourceAttributes":{"path":"/"}}}"""));

        Assert.False((bool)own["status"]!["allowed"]!);
        Assert.Contains("selfsubjectaccessreviews", rules["status"]!["resourceRules"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, other.StatusCode);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Each_is_discovered_and_described_as_one_that_is_only_created(string kind)
    {
        var type = ReviewTypes.All.Single(t => t.Kind == kind);
        var (_, list) = await Gateway.SendAsync("GET", $"/apis/{type.ApiVersion}");
        var (_, aggregated) = await Gateway.SendAsync("GET", "/apis", accept: "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList");
        var (_, schema) = await Gateway.SendAsync("GET", $"/openapi/v3/apis/{type.ApiVersion}");
        var path = type.Namespaced ? $"/apis/{type.ApiVersion}/namespaces/{{namespace}}/{type.Plural}" : $"/apis/{type.ApiVersion}/{type.Plural}";

        var entry = list["resources"]!.AsArray().Single(r => (string)r!["kind"]! == kind)!;
        Assert.Equal("""["create"]""", entry["verbs"]!.ToJsonString());
        var group = aggregated["items"]!.AsArray().Single(g => (string?)g!["metadata"]!["name"] == type.Group)!;
        Assert.Contains(group["versions"]![0]!["resources"]!.AsArray(), r => (string)r!["resource"]! == type.Plural && r["verbs"]!.ToJsonString() == """["create"]""");
        Assert.Equal(["post", "parameters"], schema["paths"]![path]!.AsObject().Select(p => p.Key));
        Assert.DoesNotContain(schema["paths"]!.AsObject(), p => p.Key.StartsWith(path + "/", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Nothing_else_can_be_done_with_one(string kind)
    {
        var type = ReviewTypes.All.Single(t => t.Kind == kind);
        var all = type.Namespaced ? $"/apis/{type.ApiVersion}/namespaces/x/{type.Plural}" : $"/apis/{type.ApiVersion}/{type.Plural}";

        foreach (var method in (string[])["GET", "PUT", "PATCH", "DELETE"])
        {
            Assert.Equal(HttpStatusCode.MethodNotAllowed, (await Gateway.SendAsync(method, all, "{}")).Code);
            Assert.Equal(HttpStatusCode.NotFound, (await Gateway.SendAsync(method, all + "/name", "{}")).Code);
            Assert.Equal(HttpStatusCode.NotFound, (await Gateway.SendAsync(method, all + "/name/status", "{}")).Code);
        }
        Assert.DoesNotContain(type, Gateway.Registry.Types);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task None_has_a_table_and_each_has_metadata(string kind)
    {
        var type = ReviewTypes.All.Single(t => t.Kind == kind);
        var path = type.Namespaced ? $"/apis/{type.ApiVersion}/namespaces/x/{type.Plural}" : $"/apis/{type.ApiVersion}/{type.Plural}";
        const string review = """{"spec":{"token":"x","namespace":"x","user":"bob","resourceAttributes":{"verb":"get","resource":"pods","namespace":"x"}}}""";

        var (table, refusal) = await Gateway.SendAsync("POST", path, review, accept: "application/json;as=Table;v=v1;g=meta.k8s.io");
        var (_, metadata) = await Gateway.SendAsync("POST", path, review, accept: "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io");
        var (plain, whole) = await Gateway.SendAsync("POST", path + "?dryRun=All", review, accept: "application/json;as=Table;v=v1;g=meta.k8s.io,application/json");

        Assert.Equal((HttpStatusCode.NotAcceptable, "NotAcceptable"), (table, (string)refusal["reason"]!));
        Assert.Equal("PartialObjectMetadata", (string)metadata["kind"]!);
        Assert.Equal((HttpStatusCode.Created, kind), (plain, (string)whole["kind"]!));
    }

    [Fact]
    public async Task Options_and_unknown_fields_are_checked_as_everywhere()
    {
        const string review = """{"spec":{"nonResourceAttributes":{"path":"/","verb":"get"},"x":1}}""";
        var (dry, _) = await Gateway.SendAsync("POST", Authorization + "selfsubjectaccessreviews?dryRun=Some", review);
        var (strict, body) = await Gateway.SendAsync("POST", Authorization + "selfsubjectaccessreviews?fieldValidation=Strict", review);
        var (wrong, _) = await Gateway.SendAsync("POST", Authorization + "selfsubjectaccessreviews", """{"kind":"Pod","apiVersion":"v1"}""");

        Assert.Equal((422, 400, 400), ((int)dry, (int)strict, (int)wrong));
        Assert.Contains("unknown field \"spec.x\"", (string)body["message"]!, StringComparison.Ordinal);
    }

    private static StringContent Json(string text) => new(text, System.Net.Http.Headers.MediaTypeHeaderValue.Parse("application/json"));

    private static async Task<JsonNode> PostAsync(HttpClient client, string path, string review)
    {
        using var response = await client.PostAsync(path, Json(review));
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }
}

using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ActorOrch.EndToEnd.Harness;

namespace ActorOrch.EndToEnd.Api;

/// <summary>What no client should send, through HTTP: each gets Kubernetes' own code, reason and words.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class BadInputTests(SimulatedCluster cluster) : IClassFixture<SimulatedCluster>, IAsyncLifetime
{
    private const string ConfigMaps = "/api/v1/namespaces/default/configmaps";
    private const string Deployments = "/apis/apps/v1/namespaces/default/deployments";
    private const string Json = "application/json";
    private const string Valid = """{"spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}},"metadata":{"name":"there"}}""";

    private readonly HttpClient _http = RawClient.Of(cluster.Orchestrator);

    public async Task InitializeAsync()
    {
        await SendAsync("POST", ConfigMaps, """{"metadata":{"name":"there"}}""");
        await SendAsync("POST", Deployments, Valid);
    }

    public Task DisposeAsync()
    {
        _http.Dispose();
        return Task.CompletedTask;
    }

    [Theory]
    [InlineData("POST", ConfigMaps, """{"metadata":""", Json, 400, "BadRequest", "unexpected end of JSON input")]
    [InlineData("POST", ConfigMaps, "", Json, 400, "BadRequest", "unexpected end of JSON input")]
    [InlineData("POST", ConfigMaps, "a: b\n c: - d: [", "application/yaml", 400, "BadRequest", "yaml: line 2: mapping values are not allowed in this context")]
    [InlineData("POST", ConfigMaps, """{"apiVersion":"v1","kind":"Nope","metadata":{"name":"x"}}""", Json, 400, "BadRequest", "Nope in version \"v1\" cannot be handled as a ConfigMap")]
    [InlineData("POST", $"{ConfigMaps}?fieldValidation=Strict", """{"metadata":{"name":"x"},"dta":{}}""", Json, 400, "BadRequest", "strict decoding error: unknown field \"dta\"")]
    [InlineData("POST", Deployments, """{"metadata":{"name":"x"},"spec":{"replicas":"two"}}""", Json, 400, "BadRequest", "cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32")]
    [InlineData("POST", Deployments, """{"metadata":{"name":"x"}}""", Json, 422, "Invalid", "spec.selector: Required value")]
    [InlineData("POST", ConfigMaps, """{"metadata":{}}""", Json, 422, "Invalid", "metadata.name: Required value: name or generateName is required")]
    [InlineData("POST", ConfigMaps, """{"metadata":{"name":"Not_A_Name"}}""", Json, 422, "Invalid", "a lowercase RFC 1123 subdomain must consist of")]
    [InlineData("POST", ConfigMaps, """{"metadata":{"name":"x","labels":{"a b":"c"}}}""", Json, 422, "Invalid", "metadata.labels: Invalid value: \"a b\"")]
    [InlineData("POST", Deployments, """{"metadata":{"name":"x"},"spec":{"replicas":-1,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}""", Json, 422, "Invalid", "spec.replicas: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData("POST", Deployments, """{"metadata":{"name":"x"},"spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"c"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}""", Json, 422, "Invalid", "`selector` does not match template `labels`")]
    [InlineData("PATCH", $"{Deployments}/there", """{"spec":{"selector":{"matchLabels":{"x":"y"}}}}""", "application/merge-patch+json", 422, "Invalid", "field is immutable")]
    [InlineData("PUT", $"{ConfigMaps}/there", """{"metadata":{"name":"there","resourceVersion":"99999"}}""", Json, 409, "Conflict", "the object has been modified; please apply your changes to the latest version and try again")]
    [InlineData("POST", ConfigMaps, """{"metadata":{"name":"there"}}""", Json, 409, "AlreadyExists", "configmaps \"there\" already exists")]
    [InlineData("POST", ConfigMaps, "{}", "text/html", 415, "UnsupportedMediaType", "the body of the request was in an unknown format")]
    [InlineData("PATCH", $"{Deployments}/there", "{}", Json, 415, "UnsupportedMediaType", "application/strategic-merge-patch+json")]
    [InlineData("PUT", ConfigMaps, "{}", Json, 405, "MethodNotAllowed", "the server does not allow this method on the requested resource")]
    [InlineData("POST", $"{ConfigMaps}/there", "{}", Json, 405, "MethodNotAllowed", "the server does not allow this method on the requested resource")]
    [InlineData("GET", $"{ConfigMaps}/absent", null, Json, 404, "NotFound", "configmaps \"absent\" not found")]
    [InlineData("GET", "/apis/absent.example.com/v1/things", null, Json, 404, "NotFound", "the server could not find the requested resource")]
    [InlineData("POST", "/api/v1/namespaces/absent/configmaps", """{"metadata":{"name":"x"}}""", Json, 404, "NotFound", "namespaces \"absent\" not found")]
    [InlineData("GET", $"{ConfigMaps}?labelSelector=a%20b", null, Json, 400, "BadRequest", "unable to parse requirement")]
    public async Task It_is_refused_with_kubernetes_own_answer(string method, string path, string? body, string contentType, int code, string reason, string message)
    {
        var (answered, document) = await SendAsync(method, path, body, contentType);

        Assert.Equal(code, (int)answered.StatusCode);
        Assert.Equal(("Status", "Failure", code, reason), ((string)document["kind"]!, (string)document["status"]!, (int)document["code"]!, (string)document["reason"]!));
        Assert.Contains(message, (string)document["message"]!);
    }

    [Fact]
    public async Task An_unknown_field_is_a_warning_where_nobody_asked_for_more()
    {
        var (answer, _) = await SendAsync("POST", $"{ConfigMaps}?fieldValidation=Warn", """{"metadata":{"name":"warned"},"dta":{}}""");

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal("299 - \"unknown field \\\"dta\\\"\"", Assert.Single(answer.Headers.GetValues("Warning")));
    }

    [Fact]
    public async Task A_body_of_more_than_3_MiB_is_too_large()
    {
        var (answer, document) = await SendAsync("POST", ConfigMaps, $$$"""{"metadata":{"name":"big"},"data":{"k":"{{{new string('x', 4 << 20)}}}"}}""");

        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "RequestEntityTooLarge"), (answer.StatusCode, (string)document["reason"]!));
    }

    private async Task<(HttpResponseMessage Answer, JsonNode Document)> SendAsync(string method, string path, string? body, string contentType = Json)
    {
        using var request = new HttpRequestMessage(new(method), path);
        if (body is not null) request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { { "Content-Type", contentType } } };
        var answer = await _http.SendAsync(request);
        return (answer, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!);
    }
}

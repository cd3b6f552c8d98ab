using System.Net;
using System.Text.Json.Nodes;
using ActorOrch.Gateway.Tests.Fixtures;

namespace ActorOrch.Gateway.Tests.Discovery;

public sealed class DiscoveryTests : GatewayTest
{
    private const string Aggregated =
        "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";

    [Fact]
    public async Task The_core_resources_are_listed_with_their_subresources()
    {
        var (_, list) = await Gateway.SendAsync("GET", "/api/v1");
        var byName = list["resources"]!.AsArray().ToDictionary(r => (string)r!["name"]!, r => r!);

        Assert.Equal(("APIResourceList", "v1"), ((string)list["kind"]!, (string)list["groupVersion"]!));
        Assert.Equal("""["create","delete","deletecollection","get","list","patch","update","watch"]""", byName["pods"]["verbs"]!.ToJsonString());
        Assert.Equal("""["po"]""", byName["pods"]["shortNames"]!.ToJsonString());
        Assert.Equal("""["all"]""", byName["pods"]["categories"]!.ToJsonString());
        Assert.Equal(("policy", "v1", "Eviction"), (
            (string)byName["pods/eviction"]["group"]!, (string)byName["pods/eviction"]["version"]!, (string)byName["pods/eviction"]["kind"]!));
        Assert.False((bool)byName["nodes"]["namespaced"]!);
        Assert.DoesNotContain("deletecollection", byName["namespaces"]["verbs"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Groups_and_their_versions_are_listed()
    {
        var (_, groups) = await Gateway.SendAsync("GET", "/apis");
        var (_, apps) = await Gateway.SendAsync("GET", "/apis/apps");
        var (_, resources) = await Gateway.SendAsync("GET", "/apis/apps/v1");
        var (missing, _) = await Gateway.SendAsync("GET", "/apis/apps/v9");

        Assert.Contains(groups["groups"]!.AsArray(), g => (string)g!["name"]! == "discovery.k8s.io");
        Assert.Equal(("APIGroup", "apps/v1"), ((string)apps["kind"]!, (string)apps["preferredVersion"]!["groupVersion"]!));
        Assert.Contains(resources["resources"]!.AsArray(), r => (string)r!["name"]! == "deployments/scale" && (string)r["group"]! == "autoscaling");
        Assert.Equal(HttpStatusCode.NotFound, missing);
    }

    [Theory]
    [InlineData("/api", "v1", "pods")]
    [InlineData("/apis", "v1", "deployments")]
    public async Task Everything_can_be_had_in_one_document_that_is_not_sent_twice(string path, string version, string resource)
    {
        using var response = await Gateway.RespondAsync("GET", path, accept: Aggregated);
        var document = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

        Assert.Equal("application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList", response.Content.Headers.ContentType!.ToString().Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal("apidiscovery.k8s.io/v2", (string)document["apiVersion"]!);
        Assert.Contains(document["items"]!.AsArray().SelectMany(g => g!["versions"]!.AsArray()),
            v => (string)v!["version"]! == version && v["resources"]!.AsArray().Any(r => (string)r!["resource"]! == resource));

        using var again = new HttpRequestMessage(HttpMethod.Get, path);
        again.Headers.TryAddWithoutValidation("Accept", Aggregated);
        again.Headers.TryAddWithoutValidation("If-None-Match", response.Headers.ETag!.ToString());
        using var unchanged = await Gateway.Client.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
    }

    [Fact]
    public async Task The_version_is_that_of_the_api_it_speaks()
    {
        var (_, version) = await Gateway.SendAsync("GET", "/version");

        Assert.Equal(("1", "37", "v1.37.0+actororch"), ((string)version["major"]!, (string)version["minor"]!, (string)version["gitVersion"]!));
        Assert.Matches("^[0-9a-f]{40}$", (string)version["gitCommit"]!);
        var (_, swagger) = await Gateway.SendAsync("GET", "/openapi/v2");
        Assert.StartsWith((string)swagger["info"]!["version"]!, (string)version["gitVersion"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/openapi/v2", "application/com.github.proto-openapi.spec.v2@v1.0+protobuf", "application/com.github.proto-openapi.spec.v2.v1.0+protobuf")]
    [InlineData("/openapi/v2", "application/com.github.proto-openapi.spec.v2.v1.0+protobuf", "application/com.github.proto-openapi.spec.v2.v1.0+protobuf")]
    [InlineData("/openapi/v2", "application/json;q=0.5, application/com.github.proto-openapi.spec.v2@v1.0+protobuf", "application/com.github.proto-openapi.spec.v2.v1.0+protobuf")]
    [InlineData("/openapi/v2", "application/json, application/com.github.proto-openapi.spec.v2@v1.0+protobuf;q=0.9", "application/json")]
    [InlineData("/openapi/v2", "application/com.github.proto-openapi.spec.v2@v1.0+protobuf;q=0, */*", "application/json")]
    [InlineData("/openapi/v2", "*/*", "application/json")]
    [InlineData("/openapi/v2", "application/*", "application/json")]
    [InlineData("/openapi/v2", "text/plain, application/json;q=0.1", "application/json")]
    [InlineData("/openapi/v3/api/v1", "application/com.github.proto-openapi.spec.v3@v1.0+protobuf", "application/com.github.proto-openapi.spec.v3.v1.0+protobuf")]
    [InlineData("/openapi/v3/apis/apps/v1", "application/json, */*", "application/json")]
    [InlineData("/openapi/v3", "application/json", "application/json")]
    public async Task Schemas_come_in_the_form_that_the_client_likes_best_each_with_a_tag_of_its_own(string path, string accept, string type)
    {
        using var answer = await Gateway.RespondAsync("GET", path, accept: accept);

        Assert.Equal((HttpStatusCode.OK, type), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        foreach (var other in (string[])["application/json", type])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.TryAddWithoutValidation("Accept", other);
            request.Headers.TryAddWithoutValidation("If-None-Match", answer.Headers.ETag!.ToString());
            using var again = await Gateway.Client.SendAsync(request);
            Assert.Equal(other == type ? HttpStatusCode.NotModified : HttpStatusCode.OK, again.StatusCode);
        }
    }

    [Theory]
    [InlineData("/openapi/v2", "application/yaml")]
    [InlineData("/openapi/v2", "application/com.github.proto-openapi.spec.v3@v1.0+protobuf")]
    [InlineData("/openapi/v2", "application/json;q=0")]
    [InlineData("/openapi/v3", "application/com.github.proto-openapi.spec.v3@v1.0+protobuf")]
    [InlineData("/openapi/v3/api/v1", "text/html")]
    public async Task A_form_of_schemas_that_is_not_served_is_not_acceptable(string path, string accept)
    {
        using var answer = await Gateway.RespondAsync("GET", path, accept: accept);

        Assert.Equal(HttpStatusCode.NotAcceptable, answer.StatusCode);
    }

    [Fact]
    public async Task Schemas_are_published_under_their_hash_and_may_be_kept_for_ever()
    {
        var (_, root) = await Gateway.SendAsync("GET", "/openapi/v3");
        var url = (string)root["paths"]!["apis/apps/v1"]!["serverRelativeURL"]!;

        using var hashed = await Gateway.RespondAsync("GET", url);
        using var moved = await Gateway.RespondAsync("GET", "/openapi/v3/apis/apps/v1?hash=old");
        var (missing, _) = await Gateway.SendAsync("GET", "/openapi/v3/apis/none/v1");

        Assert.Equal((HttpStatusCode.OK, "public, immutable"), (hashed.StatusCode, hashed.Headers.GetValues("Cache-Control").Single()));
        Assert.Equal(url, moved.RequestMessage!.RequestUri!.PathAndQuery);
        Assert.Equal(HttpStatusCode.NotFound, missing);
    }
}

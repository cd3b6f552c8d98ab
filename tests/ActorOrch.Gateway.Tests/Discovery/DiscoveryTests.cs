using System.Net;
using System.Text.Json.Nodes;

namespace ActorOrch.Gateway.Tests;

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

        Assert.Equal(("1", "32", "v1.32.4+actororch"), ((string)version["major"]!, (string)version["minor"]!, (string)version["gitVersion"]!));
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

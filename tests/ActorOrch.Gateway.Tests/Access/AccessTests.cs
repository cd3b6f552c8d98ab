using System.Net;
using System.Text.Json.Nodes;
using ActorOrch.Gateway.Pki;
using ActorOrch.Gateway.Tests.Fixtures;

namespace ActorOrch.Gateway.Tests.Access;

public sealed class AccessTests : GatewayTest
{
    [Theory]
    [InlineData("/api/v1/namespaces/default/pods")]
    [InlineData("/apis")]
    [InlineData("/")]
    public async Task Anonymous_gets_401(string path)
    {
        using var client = Gateway.NewClient();
        using var response = await client.GetAsync(path);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        var status = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.Equal(("Status", "Unauthorized", "Unauthorized"), ((string)status["kind"]!, (string)status["reason"]!, (string)status["message"]!));
    }

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/livez")]
    [InlineData("/readyz")]
    [InlineData("/version")]
    public async Task Health_and_version_answer_anyone(string path)
    {
        using var client = Gateway.NewClient();
        using var response = await client.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_token_works_and_a_wrong_one_does_not()
    {
        using var right = Gateway.NewClient(token: Gateway.Pki.AdministratorToken);
        using var wrong = Gateway.NewClient(token: Gateway.Pki.AdministratorToken + "x");

        Assert.Equal(HttpStatusCode.OK, (await right.GetAsync("/api/v1/pods")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await wrong.GetAsync("/api/v1/pods")).StatusCode);
    }

    [Fact]
    public async Task A_connection_that_one_token_came_over_accepts_no_other()
    {
        using var client = Gateway.NewClient();
        var right = Gateway.Pki.AdministratorToken;
        var codes = new List<HttpStatusCode>();
        foreach (var token in (string?[])[right, right[..^1] + (right[^1] == 'x' ? 'y' : 'x'), right, null, right[1..], right])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/pods");
            if (token is not null) request.Headers.Authorization = new("Bearer", token);
            using var response = await client.SendAsync(request);
            codes.Add(response.StatusCode);
        }

        Assert.Equal(
            [HttpStatusCode.OK, HttpStatusCode.Unauthorized, HttpStatusCode.OK, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.OK], codes);
    }

    [Fact]
    public async Task A_certificate_of_another_authority_gets_401()
    {
        var other = CertificateAuthority.Create("someone-else", TimeProvider.System);
        using var client = Gateway.NewClient(other.IssueClient("kubernetes-admin", "system:masters"));

        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/v1/pods")).StatusCode);
    }

    [Theory]
    [InlineData("/apis/apps/v1/namespaces/dev/deployments",
        "deployments.apps is forbidden: User \"jane\" cannot list resource \"deployments\" in API group \"apps\" in the namespace \"dev\"")]
    [InlineData("/api/v1/namespaces/dev/pods/web/log",
        "pods \"web\" is forbidden: User \"jane\" cannot get resource \"pods/log\" in API group \"\" in the namespace \"dev\"")]
    [InlineData("/api/v1/nodes", "nodes is forbidden: User \"jane\" cannot list resource \"nodes\" in API group \"\" at the cluster scope")]
    [InlineData("/metrics", "forbidden: User \"jane\" cannot get path \"/metrics\"")]
    public async Task Who_is_no_administrator_gets_403_in_upstreams_words(string path, string message)
    {
        using var client = Gateway.NewClient(Gateway.Pki.Authority.IssueClient("jane", "developers"));
        using var response = await client.GetAsync(path);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal(message, (string)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["message"]!);
    }

    [Theory]
    [InlineData("/api")]
    [InlineData("/api/v1")]
    [InlineData("/apis")]
    [InlineData("/apis/apps/v1")]
    [InlineData("/openapi/v3")]
    public async Task Whoever_says_who_it_is_learns_what_there_is(string path)
    {
        using var client = Gateway.NewClient(Gateway.Pki.Authority.IssueClient("jane", "developers"));

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(path)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.PostAsync(path, null)).StatusCode);
    }

    [Fact]
    public async Task Every_answer_names_the_request_and_forbids_caching()
    {
        using var response = await Gateway.Client.GetAsync("/api/v1/namespaces/default/pods/none");

        Assert.NotEmpty(response.Headers.GetValues("Audit-Id").Single());
        Assert.Equal("no-cache, private", response.Headers.CacheControl!.ToString());
        Assert.Equal("application/json", response.Content.Headers.ContentType!.ToString());
    }
}

using System.Net;
using System.Text.Json.Nodes;
using ActorOrch.Gateway.Access;
using ActorOrch.Gateway.Tests.Fixtures;
using ActorOrch.Registry.Api;
using Microsoft.AspNetCore.Http;

namespace ActorOrch.Gateway.Tests.Access;

public sealed class ImpersonationTests : GatewayTest
{
    private static readonly Caller Administrator = new("kubernetes-admin", ["system:masters"]);

    [Fact]
    public async Task An_administrator_is_served_as_whom_he_names()
    {
        var (code, message) = await GetAsync(Gateway.Client, ("Impersonate-User", "bob"));

        Assert.Equal((403, "secrets is forbidden: User \"bob\" cannot list resource \"secrets\" in API group \"\" at the cluster scope"), (code, message));
        Assert.Equal(200, (await GetAsync(Gateway.Client, ("Impersonate-User", "bob"), ("Impersonate-Group", "system:masters"))).Code);
        Assert.Equal(200, (await GetAsync(Gateway.Client)).Code);
    }

    [Theory]
    [InlineData("users \"bob\" is forbidden: User \"jane\" cannot impersonate resource \"users\" in API group \"\" at the cluster scope", "Impersonate-User", "bob")]
    [InlineData("users \"jane\" is forbidden: User \"jane\" cannot impersonate resource \"users\" in API group \"\" at the cluster scope", "Impersonate-User", "jane", "Impersonate-Group", "system:masters")]
    [InlineData("serviceaccounts \"default\" is forbidden: User \"jane\" cannot impersonate resource \"serviceaccounts\" in API group \"\" in the namespace \"kube-system\"",
        "Impersonate-User", "system:serviceaccount:kube-system:default")]
    public async Task Nobody_else_may(string message, params string[] headers)
    {
        using var jane = Gateway.NewClient(Gateway.Pki.Authority.IssueClient("jane", "developers"));

        Assert.Equal((403, message), await GetAsync(jane, [.. headers.Chunk(2).Select(h => (h[0], h[1]))]));
    }

    [Fact]
    public async Task Who_proves_nothing_becomes_no_one()
    {
        using var anyone = Gateway.NewClient();

        Assert.Equal(401, (await GetAsync(anyone, ("Impersonate-User", "kubernetes-admin"), ("Impersonate-Group", "system:masters"))).Code);
    }

    [Fact]
    public async Task One_identity_of_a_connection_does_not_stick_to_the_next_request()
    {
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(403, (await GetAsync(Gateway.Client, ("Impersonate-User", "bob"))).Code);
            Assert.Equal(200, (await GetAsync(Gateway.Client)).Code);
        }
    }

    [Theory]
    [InlineData("/api/v1/namespaces/default/pods/p/exec?command=id", "create")]
    [InlineData("/api/v1/namespaces/default/pods/p/attach", "create")]
    [InlineData("/api/v1/namespaces/default/pods/p/portforward", "create")]
    [InlineData("/api/v1/namespaces/default/pods/p/proxy/", "create")]
    [InlineData("/api/v1/namespaces/default/pods/p/eviction", "create")]
    public async Task So_are_upgrades_proxies_and_actions(string path, string verb)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Headers.Add("Impersonate-User", "bob");
        using var response = await Gateway.Client.SendAsync(request);
        var message = (string)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["message"]!;

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.StartsWith($"pods \"p\" is forbidden: User \"bob\" cannot {verb} resource \"pods/", message);
    }

    [Theory]
    [InlineData("requested [groups/system:masters] without impersonating a user", "Impersonate-Group", "system:masters")]
    [InlineData("requested [uids/1] without impersonating a user", "Impersonate-Uid", "1")]
    [InlineData("requested [userextras/a] without impersonating a user", "Impersonate-Extra-Scopes", "a")]
    [InlineData("Impersonate-User: may not be empty", "Impersonate-User", "")]
    [InlineData("Impersonate-Group: may not be empty", "Impersonate-User", "bob", "Impersonate-Group", "")]
    [InlineData("Impersonate-User: may be given only once", "Impersonate-User", "bob", "Impersonate-User", "eve")]
    [InlineData("\"Impersonate-Role\" is no header of impersonation", "Impersonate-User", "bob", "Impersonate-Role", "x")]
    public async Task Headers_that_contradict_themselves_are_refused(string message, params string[] headers)
    {
        var head = string.Join("\r\n", headers.Chunk(2).Select(h => $"{h[0]}: {h[1]}").Prepend("GET /api/v1/secrets HTTP/1.1"));

        var answer = await RawRequest.SendAsync(Gateway, head);

        Assert.Equal((400, message), (answer.Code, (string)JsonNode.Parse(answer.Body)!["message"]!));
    }

    [Theory]
    [InlineData("bob", "", "system:authenticated")]
    [InlineData("bob", "a,b", "a,b,system:authenticated")]
    [InlineData("bob", "system:authenticated,a", "system:authenticated,a")]
    [InlineData("bob", "system:unauthenticated", "system:unauthenticated")]
    [InlineData("system:anonymous", "", "system:unauthenticated")]
    [InlineData("system:serviceaccount:ns:sa", "", "system:serviceaccounts,system:serviceaccounts:ns,system:authenticated")]
    [InlineData("system:serviceaccount:ns:sa", "x", "x,system:authenticated")]
    [InlineData("system:serviceaccount:NS:sa", "", "system:authenticated")]
    [InlineData("system:serviceaccount:ns", "", "system:authenticated")]
    public void Groups_are_those_that_upstream_gives(string user, string groups, string expected)
    {
        var headers = new HeaderDictionary { ["Impersonate-User"] = user };
        if (groups.Length > 0) headers["Impersonate-Group"] = groups.Split(',');

        Assert.Equal(expected.Split(','), Impersonation.Act(Administrator, headers).Groups);
    }

    [Fact]
    public void Uid_and_extra_come_along()
    {
        var caller = Impersonation.Act(Administrator, new HeaderDictionary
        {
            ["impersonate-user"] = "bob",
            ["Impersonate-Uid"] = "1-2",
            ["Impersonate-Extra-Example.com%2fScopes"] = new(["view", "edit"]),
        });

        Assert.Equal(("bob", "1-2"), (caller.Name, caller.Uid));
        Assert.Equal(["view", "edit"], caller.Extra["example.com/scopes"]);
    }

    [Fact]
    public void Headers_that_every_client_sends_ask_for_nothing()
    {
        Assert.False(Impersonation.IsAsked(With("Accept-Encoding")));
        Assert.False(Impersonation.IsAsked(With("Kubectl-Command")));
        foreach (var name in (string[])["Impersonate-User", "IMPERSONATE-GROUP", "impersonate-extra-x", "Impersonate-"])
            Assert.True(Impersonation.IsAsked(With(name)), name);

        static HeaderDictionary With(string name) => new() { ["Host"] = "a", ["Accept"] = "b", ["User-Agent"] = "c", [name] = "x" };
    }

    private static async Task<(int Code, string? Message)> GetAsync(HttpClient client, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/secrets");
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await client.SendAsync(request);
        return ((int)response.StatusCode, (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["message"]);
    }
}

using System.Net;
using System.Text.Json.Nodes;
using ActorOrch.Resources;
using ActorOrch.Testing;

namespace ActorOrch.Gateway.Tests;

/// <summary>Whatever number stands in a query, the answer is one: never a failure of the server.</summary>
public sealed class QueryNumbersTests : GatewayTest
{
    private static readonly IReadOnlyList<string> Numbers =
    [
        .. NumberFields.Integers.Select(n => n.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        "99999999999999999999", "-99999999999999999999", "1e9", "+1", " 1", "0x1", "1.0", "%00", "NaN",
    ];

    [Theory]
    [InlineData("GET", "/api/v1/namespaces/default/configmaps?limit=")]
    [InlineData("GET", "/api/v1/namespaces/default/configmaps?timeoutSeconds=")]
    [InlineData("GET", "/api/v1/namespaces/default/configmaps?resourceVersionMatch=NotOlderThan&resourceVersion=-")]
    [InlineData("GET", "/api/v1/namespaces/default/pods/p/log?tailLines=")]
    [InlineData("GET", "/api/v1/namespaces/default/pods/p/log?sinceSeconds=")]
    [InlineData("GET", "/api/v1/namespaces/default/pods/p/log?limitBytes=")]
    [InlineData("DELETE", "/api/v1/namespaces/default/pods/gone?gracePeriodSeconds=")]
    [InlineData("DELETE", "/api/v1/namespaces/default/pods?labelSelector=none&gracePeriodSeconds=")]
    public async Task It_is_taken_or_refused(string method, string path)
    {
        await PutPodAsync("p");
        foreach (var number in Numbers)
        {
            using var response = await Gateway.RespondAsync(method, path + Uri.EscapeDataString(number));
            // The log's node is not there: that, too, is an answer.
            Assert.True((int)response.StatusCode < 500 || response.StatusCode == HttpStatusCode.ServiceUnavailable, $"{path}{number}: {response.StatusCode}");
        }
    }

    [Fact]
    public async Task A_watch_may_last_as_long_as_anyone_likes()
    {
        foreach (var number in Numbers)
        {
            using var response = await Gateway.Client.GetAsync(
                "/api/v1/namespaces/default/configmaps?watch=true&timeoutSeconds=" + Uri.EscapeDataString(number), HttpCompletionOption.ResponseHeadersRead);
            Assert.True((int)response.StatusCode < 500, $"{number}: {response.StatusCode}");
        }
    }

    [Fact]
    public async Task A_pod_may_be_deleted_with_any_grace_and_again()
    {
        foreach (var first in Numbers)
        {
            await PutPodAsync("p");
            foreach (var grace in (string[])[first, "300000000000", "0"])
            {
                using var response = await Gateway.RespondAsync("DELETE", "/api/v1/namespaces/default/pods/p?gracePeriodSeconds=" + Uri.EscapeDataString(grace));
                Assert.True((int)response.StatusCode < 500, $"{first}, {grace}: {response.StatusCode}");
            }
            Assert.Null(Gateway.Registry[BuiltIn.Pods].Latest.Get(new("default", "p")));
        }
    }

    private Task<StoredObject> PutPodAsync(string name) => Gateway.Registry.PutAsync(BuiltIn.Pods, JsonNode.Parse(
        $$"""{"metadata":{"name":"{{name}}","namespace":"default"},"spec":{"nodeName":"n1","terminationGracePeriodSeconds":9223372036854775807,"containers":[{"name":"a"}]} }""")!.AsObject());
}

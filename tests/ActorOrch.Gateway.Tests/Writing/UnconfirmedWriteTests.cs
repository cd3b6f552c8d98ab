using System.Net;
using System.Text.Json.Nodes;
using ActorOrch.Gateway.Tests.Fixtures;
using ActorOrch.Registry.Writes;
using ActorOrch.Resources.Catalog;

namespace ActorOrch.Gateway.Tests.Writing;

/// <summary>A store that does not confirm a write: whatever the verb, the client is told that nothing is promised, and when to come again.</summary>
public sealed class UnconfirmedWriteTests : GatewayTest
{
    private const string ConfigMaps = "/api/v1/namespaces/default/configmaps";
    private const string Why = "the write was not confirmed: the store's disk is full";

    [Theory]
    [InlineData("POST", ConfigMaps, """{"metadata":{"name":"new"}}""", "application/json", "new")]
    [InlineData("PUT", $"{ConfigMaps}/a", """{"metadata":{"name":"a"},"data":{"k":"other"}}""", "application/json", "a")]
    [InlineData("PATCH", $"{ConfigMaps}/a", """{"data":{"k":"other"}}""", "application/merge-patch+json", "a")]
    [InlineData("DELETE", $"{ConfigMaps}/a", null, "application/json", "a")]
    public async Task It_is_503_with_a_time_to_come_again(string method, string path, string? body, string contentType, string name)
    {
        await Gateway.PutConfigMapAsync("default", "a");
        Gateway.Registry.Of(BuiltIn.ConfigMaps).Fault = _ => new(WriteOutcome.Unavailable, null, Why);

        using var response = await Gateway.RespondAsync(method, path, body, contentType);

        var status = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), response.Headers.RetryAfter?.Delta);
        Assert.Equal(
            ("Status", "Failure", "ServiceUnavailable", 503, Why),
            ((string?)status["kind"], (string?)status["status"], (string?)status["reason"], (int?)status["code"], (string?)status["message"]));
        Assert.Equal(
            (name, "configmaps", 1),
            ((string?)status["details"]!["name"], (string?)status["details"]!["kind"], (int?)status["details"]!["retryAfterSeconds"]));
    }
}

using System.Net;
using System.Text.Json.Nodes;
using ActorOrch.Gateway.Tests.Fixtures;
using ActorOrch.Resources.Catalog;

namespace ActorOrch.Gateway.Tests.Subresources;

public sealed class SubresourceTests : GatewayTest
{
    private const string Web = "/apis/apps/v1/namespaces/default/deployments/web";
    private const string Pod = "/api/v1/namespaces/default/pods/p";

    [Fact]
    public async Task A_scale_shows_the_replicas_and_the_selector()
    {
        await PutDeploymentAsync();

        var (_, scale) = await Gateway.SendAsync("GET", $"{Web}/scale");

        Assert.Equal(("Scale", "autoscaling/v1", 2, "app=web"), (
            (string)scale["kind"]!, (string)scale["apiVersion"]!, (int)scale["spec"]!["replicas"]!, (string)scale["status"]!["selector"]!));
    }

    [Theory]
    [InlineData("PUT", "application/json", """{"kind":"Scale","apiVersion":"autoscaling/v1","metadata":{"name":"web"},"spec":{"replicas":5}}""")]
    [InlineData("PATCH", "application/merge-patch+json", """{"spec":{"replicas":5}}""")]
    [InlineData("PATCH", "application/json-patch+json", """[{"op":"replace","path":"/spec/replicas","value":5}]""")]
    public async Task A_scale_that_is_written_changes_the_replicas_alone(string method, string contentType, string body)
    {
        await PutDeploymentAsync();

        var (code, scale) = await Gateway.SendAsync(method, $"{Web}/scale", body, contentType);
        var (_, deployment) = await Gateway.SendAsync("GET", Web);

        Assert.Equal((HttpStatusCode.OK, 5, 5), (code, (int)scale["spec"]!["replicas"]!, (int)deployment["spec"]!["replicas"]!));
    }

    [Theory]
    [InlineData("""{"metadata":{"name":"web"},"spec":{"replicas":-1}}""", HttpStatusCode.UnprocessableEntity,
        "Scale.autoscaling \"web\" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData("""{"metadata":{"name":"other"},"spec":{"replicas":1}}""", HttpStatusCode.BadRequest,
        "the name of the object (other) does not match the name on the URL (web)")]
    [InlineData("""{"metadata":{"name":"web","resourceVersion":"99"},"spec":{"replicas":1}}""", HttpStatusCode.Conflict,
        "Operation cannot be fulfilled on deployments.apps \"web\": the object has been modified; please apply your changes to the latest version and try again")]
    public async Task A_scale_that_cannot_be_is_refused(string body, HttpStatusCode expected, string message)
    {
        await PutDeploymentAsync();

        var (code, status) = await Gateway.SendAsync("PUT", $"{Web}/scale", body);

        Assert.Equal((expected, message), (code, (string)status["message"]!));
    }

    [Theory]
    [InlineData("PUT", "deployments/web/scale", "Scale", "autoscaling/v1", ""","spec":{"replicas":1}""")]
    [InlineData("POST", "pods/p/binding", "Binding", "v1", ""","target":{"kind":"Node","name":"n1"}""")]
    [InlineData("POST", "pods/p/eviction", "Eviction", "policy/v1", "")]
    [InlineData("PUT", "pods/p/status", "Pod", "v1", ""","status":{}""")]
    [InlineData("PUT", "deployments/web/status", "Deployment", "apps/v1", ""","status":{}""")]
    public async Task What_is_sent_to_a_subresource_names_the_object_of_the_url(string method, string path, string kind, string apiVersion, string rest)
    {
        await PutDeploymentAsync();
        await PutPodAsync(node: null);
        var url = (path.StartsWith("pods", StringComparison.Ordinal) ? "/api/v1" : "/apis/apps/v1") + $"/namespaces/default/{path}?dryRun=All";
        var name = path.Split('/')[1];

        foreach (var metadata in (string[])["", ""","metadata":{}""", ""","metadata":{"name":"other"}""", $$""","metadata":{"name":"{{name}}","namespace":"other"}"""])
        {
            var (code, status) = await Gateway.SendAsync(method, url, $$"""{"kind":"{{kind}}","apiVersion":"{{apiVersion}}"{{metadata}}{{rest}}}""");
            Assert.True(code == HttpStatusCode.BadRequest, $"{metadata} is answered with {code}: {status}");
        }
        var (right, answer) = await Gateway.SendAsync(method, url, $$"""{"kind":"{{kind}}","apiVersion":"{{apiVersion}}","metadata":{"name":"{{name}}","namespace":"default"}{{rest}}}""");
        Assert.True(right is HttpStatusCode.OK or HttpStatusCode.Created, answer.ToJsonString());
    }

    [Theory]
    [InlineData("uid")]
    [InlineData("resourceVersion")]
    public async Task A_binding_of_another_incarnation_or_version_is_a_conflict(string field)
    {
        await PutPodAsync(node: null);

        var (code, status) = await Gateway.SendAsync("POST", $"{Pod}/binding", $$$"""{"metadata":{"name":"p","{{{field}}}":"99"},"target":{"name":"n1"}}""");

        Assert.Equal(HttpStatusCode.Conflict, code);
        Assert.Contains("in precondition: 99, ", (string)status["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_status_is_written_without_the_spec()
    {
        await PutDeploymentAsync();

        await Gateway.SendAsync("PATCH", $"{Web}/status", """{"spec":{"replicas":9},"status":{"replicas":1,"observedGeneration":1}}""", "application/merge-patch+json");
        var (_, deployment) = await Gateway.SendAsync("GET", $"{Web}/status");

        Assert.Equal((2, 1), ((int)deployment["spec"]!["replicas"]!, (int)deployment["status"]!["replicas"]!));
    }

    [Fact]
    public async Task A_binding_puts_a_pod_on_a_node_once()
    {
        await PutPodAsync(node: null);
        const string binding = """{"apiVersion":"v1","kind":"Binding","metadata":{"name":"p"},"target":{"kind":"Node","name":"n1"}}""";

        var (first, status) = await Gateway.SendAsync("POST", $"{Pod}/binding", binding);
        var (second, _) = await Gateway.SendAsync("POST", $"{Pod}/binding", binding);

        Assert.Equal((HttpStatusCode.Created, "Success", HttpStatusCode.Conflict), (first, (string)status["status"]!, second));
        var (_, pod) = await Gateway.SendAsync("GET", Pod);
        Assert.Equal("n1", (string)pod["spec"]!["nodeName"]!);
    }

    [Theory]
    [InlineData("policy/v1")]
    [InlineData("policy/v1beta1")]
    public async Task An_eviction_deletes_with_its_options(string version)
    {
        await PutPodAsync(node: "n1");

        var (code, status) = await Gateway.SendAsync("POST", $"{Pod}/eviction",
            $$$"""{"apiVersion":"{{{version}}}","kind":"Eviction","metadata":{"name":"p","namespace":"default"},"deleteOptions":{"gracePeriodSeconds":0}}""");

        Assert.Equal((HttpStatusCode.Created, "Success"), (code, (string)status["status"]!));
        Assert.Equal(0, Gateway.Registry[BuiltIn.Pods].Latest.Count);
    }

    [Fact]
    public async Task An_eviction_of_another_pod_is_refused()
    {
        await PutPodAsync(node: "n1");

        var (code, _) = await Gateway.SendAsync("POST", $"{Pod}/eviction", """{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"q"}}""");

        Assert.Equal((HttpStatusCode.BadRequest, 1), (code, Gateway.Registry[BuiltIn.Pods].Latest.Count));
    }

    private Task PutDeploymentAsync() => Gateway.Registry.PutAsync(BuiltIn.Deployments, JsonNode.Parse(
        """{"metadata":{"name":"web","namespace":"default","creationTimestamp":"2026-01-01T00:00:00Z","generation":1},"spec":{"replicas":2,"selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}""")!.AsObject());

    private Task PutPodAsync(string? node)
    {
        var pod = JsonNode.Parse("""{"metadata":{"name":"p","namespace":"default","creationTimestamp":"2026-01-01T00:00:00Z"},"spec":{"containers":[{"name":"c","image":"i"}]}}""")!.AsObject();
        if (node is not null) pod["spec"]!["nodeName"] = node;
        return Gateway.Registry.PutAsync(BuiltIn.Pods, pod);
    }
}

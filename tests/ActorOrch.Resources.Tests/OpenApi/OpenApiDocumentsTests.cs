using System.Text.Json;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.OpenApi;

namespace ActorOrch.Resources.Tests.OpenApi;

public class OpenApiDocumentsTests
{
    private static readonly IReadOnlyList<ResourceType> Served = [.. BuiltIn.EveryVersion, .. ReviewTypes.All];

    [Fact]
    public void The_root_names_a_document_of_every_group_version_by_its_hash()
    {
        using var root = JsonDocument.Parse(OpenApiDocuments.V3Root(Served).Json);

        foreach (var path in root.RootElement.GetProperty("paths").EnumerateObject())
        {
            var parts = path.Name.Split('/');
            var document = parts[0] == "api" ? OpenApiDocuments.V3(Served, "", parts[1]) : OpenApiDocuments.V3(Served, parts[1], parts[2]);
            Assert.Equal($"/openapi/v3/{path.Name}?hash={document!.Hash}", path.Value.GetProperty("serverRelativeURL").GetString());
        }
        Assert.Equal(["api/v1", "apis/apps/v1", "apis/coordination.k8s.io/v1", "apis/discovery.k8s.io/v1"],
            root.RootElement.GetProperty("paths").EnumerateObject().Select(p => p.Name).Intersect(
                ["api/v1", "apis/apps/v1", "apis/coordination.k8s.io/v1", "apis/discovery.k8s.io/v1"]));
    }

    [Fact]
    public void Patching_a_deployment_takes_the_parameters_that_kubectl_looks_for()
    {
        using var document = Apps();
        var patch = document.RootElement.GetProperty("paths").GetProperty("/apis/apps/v1/namespaces/{namespace}/deployments/{name}").GetProperty("patch");

        Assert.Equal(["dryRun", "fieldManager", "fieldValidation", "force"],
            patch.GetProperty("parameters").EnumerateArray().Select(p => p.GetProperty("name").GetString()!));
        var kind = patch.GetProperty("x-kubernetes-group-version-kind");
        Assert.Equal(("apps", "v1", "Deployment"),
            (kind.GetProperty("group").GetString(), kind.GetProperty("version").GetString(), kind.GetProperty("kind").GetString()));
    }

    [Fact]
    public void Definitions_are_named_and_marked_as_upstream_has_them()
    {
        using var document = Apps();
        var schemas = document.RootElement.GetProperty("components").GetProperty("schemas");

        var containers = schemas.GetProperty("io.k8s.api.core.v1.PodSpec").GetProperty("properties").GetProperty("containers");
        Assert.Equal("name", containers.GetProperty("x-kubernetes-patch-merge-key").GetString());
        Assert.Equal("merge", containers.GetProperty("x-kubernetes-patch-strategy").GetString());
        Assert.Equal("map", containers.GetProperty("x-kubernetes-list-type").GetString());
        Assert.Equal("retainKeys", schemas.GetProperty("io.k8s.api.apps.v1.DeploymentSpec").GetProperty("properties").GetProperty("strategy")
            .GetProperty("x-kubernetes-patch-strategy").GetString());
        Assert.Equal("Deployment", schemas.GetProperty("io.k8s.api.apps.v1.Deployment").GetProperty("x-kubernetes-group-version-kind")[0]
            .GetProperty("kind").GetString());
        Assert.True(schemas.TryGetProperty("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta", out _));
        Assert.True(schemas.TryGetProperty("io.k8s.api.autoscaling.v1.ScaleSpec", out _));
    }

    [Fact]
    public void Every_reference_leads_somewhere()
    {
        foreach (var (group, version) in Served.Select(t => (t.Group, t.Version)).Distinct())
        {
            using var v3 = JsonDocument.Parse(OpenApiDocuments.V3(Served, group, version)!.Json);
            AssertResolves(v3.RootElement, v3.RootElement.GetProperty("components").GetProperty("schemas"));
        }
        using var v2 = JsonDocument.Parse(OpenApiDocuments.V2(Served).Json);
        AssertResolves(v2.RootElement, v2.RootElement.GetProperty("definitions"));
    }

    [Fact]
    public void Operations_have_names_of_their_own()
    {
        using var v2 = JsonDocument.Parse(OpenApiDocuments.V2(Served).Json);
        var ids = v2.RootElement.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject())
            .Where(operation => operation.Value.ValueKind == JsonValueKind.Object)
            .Select(operation => operation.Value.GetProperty("operationId").GetString()!).ToList();

        Assert.Contains("createAppsV1NamespacedDeployment", ids);
        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    [Theory]
    [InlineData("pods/{name}/exec", "connect", "PodExecOptions", "get connectCoreV1GetNamespacedPodExec, post connectCoreV1PostNamespacedPodExec",
        "name, namespace, stdin:boolean, stdout:boolean, stderr:boolean, tty:boolean, container:string, command:string")]
    [InlineData("pods/{name}/attach", "connect", "PodAttachOptions", "get connectCoreV1GetNamespacedPodAttach, post connectCoreV1PostNamespacedPodAttach",
        "name, namespace, stdin:boolean, stdout:boolean, stderr:boolean, tty:boolean, container:string")]
    [InlineData("pods/{name}/portforward", "connect", "PodPortForwardOptions", "get connectCoreV1GetNamespacedPodPortforward, post connectCoreV1PostNamespacedPodPortforward",
        "name, namespace, ports:integer")]
    [InlineData("pods/{name}/proxy", "connect", "PodProxyOptions",
        "get connectCoreV1GetNamespacedPodProxy, put connectCoreV1PutNamespacedPodProxy, post connectCoreV1PostNamespacedPodProxy, delete connectCoreV1DeleteNamespacedPodProxy, "
        + "options connectCoreV1OptionsNamespacedPodProxy, head connectCoreV1HeadNamespacedPodProxy, patch connectCoreV1PatchNamespacedPodProxy", "name, namespace")]
    [InlineData("services/{name}/proxy/{path}", "connect", "ServiceProxyOptions",
        "get connectCoreV1GetNamespacedServiceProxyWithPath, put connectCoreV1PutNamespacedServiceProxyWithPath, post connectCoreV1PostNamespacedServiceProxyWithPath, "
        + "delete connectCoreV1DeleteNamespacedServiceProxyWithPath, options connectCoreV1OptionsNamespacedServiceProxyWithPath, head connectCoreV1HeadNamespacedServiceProxyWithPath, "
        + "patch connectCoreV1PatchNamespacedServiceProxyWithPath", "name, namespace, path")]
    [InlineData("pods/{name}/log", "get", "Pod", "get readCoreV1NamespacedPodLog",
        "name, namespace, container:string, follow:boolean, limitBytes:integer, previous:boolean, sinceSeconds:integer, sinceTime:string, "
        + "tailLines:integer, timestamps:boolean")]
    public void Connections_are_published_with_what_they_take(string path, string action, string kind, string operations, string parameters)
    {
        using var v2 = JsonDocument.Parse(OpenApiDocuments.V2(Served).Json);
        using var v3 = JsonDocument.Parse(OpenApiDocuments.V3(Served, "", "v1")!.Json);
        foreach (var document in (JsonDocument[])[v2, v3])
        {
            var item = document.RootElement.GetProperty("paths").GetProperty("/api/v1/namespaces/{namespace}/" + path);
            var found = item.EnumerateObject().Where(o => o.Value.ValueKind == JsonValueKind.Object).ToList();
            Assert.Equal(operations, string.Join(", ", found.Select(o => $"{o.Name} {o.Value.GetProperty("operationId").GetString()}")));
            Assert.All(found, o => Assert.Equal((action, kind), (o.Value.GetProperty("x-kubernetes-action").GetString(), o.Value.GetProperty("x-kubernetes-group-version-kind").GetProperty("kind").GetString())));
            Assert.Equal(parameters, string.Join(", ", item.GetProperty("parameters").EnumerateArray().Select(p =>
                p.GetProperty("name").GetString() + (p.GetProperty("in").GetString() == "path" ? "" : $":{(document == v2 ? p : p.GetProperty("schema")).GetProperty("type").GetString()}"))));
        }
    }

    [Fact]
    public void A_document_is_written_once()
    {
        Assert.Same(OpenApiDocuments.V3(Served, "apps", "v1"), OpenApiDocuments.V3(Served, "apps", "v1"));
        Assert.Null(OpenApiDocuments.V3(Served, "apps", "v2"));
    }

    private static JsonDocument Apps() => JsonDocument.Parse(OpenApiDocuments.V3(Served, "apps", "v1")!.Json);

    private static void AssertResolves(JsonElement element, JsonElement definitions)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray()) AssertResolves(item, definitions);
                break;
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                {
                    if (property.NameEquals("$ref") && property.Value.ValueKind == JsonValueKind.String)
                        Assert.True(definitions.TryGetProperty(property.Value.GetString()!.Split('/')[^1], out _), property.Value.GetString());
                    else AssertResolves(property.Value, definitions);
                }
                break;
        }
    }
}

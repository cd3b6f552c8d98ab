using System.Net;
using System.Text.Json.Nodes;
using ActorOrch.Gateway.Forms;
using ActorOrch.Gateway.Tests.Fixtures;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Gateway.Tests.Forms;

public sealed class TableTests : GatewayTest
{
    private const string Table = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json";

    [Fact]
    public async Task A_list_becomes_a_table_with_the_columns_of_its_kind()
    {
        await Gateway.PutConfigMapAsync("default", "a");

        using var response = await Gateway.RespondAsync("GET", "/api/v1/configmaps", accept: Table);
        var table = JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject();

        Assert.Contains("as=Table", response.Content.Headers.ContentType!.ToString(), StringComparison.Ordinal);
        Assert.Equal(("Table", "meta.k8s.io/v1", "2"), ((string)table["kind"]!, (string)table["apiVersion"]!, (string)table["metadata"]!["resourceVersion"]!));
        Assert.Equal(BuiltIn.ConfigMaps.Columns.Select(c => c.Name), table["columnDefinitions"]!.AsArray().Select(c => (string)c!["name"]!));
        var row = table["rows"]!.AsArray().Single()!;
        Assert.Equal("a", (string)row["cells"]![0]!);
        Assert.Equal(("PartialObjectMetadata", "a"), ((string)row["object"]!["kind"]!, (string)row["object"]!["metadata"]!["name"]!));
    }

    [Theory]
    [InlineData("None", null)]
    [InlineData("Metadata", "PartialObjectMetadata")]
    [InlineData("Object", "ConfigMap")]
    public async Task Rows_carry_what_was_asked_for(string include, string? kind)
    {
        await Gateway.PutConfigMapAsync("default", "a");

        var (_, table) = await Gateway.SendAsync("GET", $"/api/v1/namespaces/default/configmaps/a?includeObject={include}", accept: Table);

        Assert.Equal(kind, (string?)table["rows"]![0]!["object"]?["kind"]);
    }

    [Fact]
    public async Task Rows_cannot_carry_what_nobody_knows()
    {
        var (code, status) = await Gateway.SendAsync("GET", "/api/v1/namespaces/default/configmaps?includeObject=Foo", accept: Table);

        Assert.Equal(
            (HttpStatusCode.BadRequest, "Unable to convert to Table as requested: includeObject: Invalid value: \"Foo\": must be 'Metadata', 'Object', 'None', or empty"),
            (code, (string)status["message"]!));
    }

    [Theory]
    [InlineData("/apis/apps/v1/deployments", "PartialObjectMetadata", "you requested PartialObjectMetadata, but the requested object is a list (*apps.DeploymentList)")]
    [InlineData("/api/v1/nodes?limit=1", "PartialObjectMetadata", "you requested PartialObjectMetadata, but the requested object is a list (*core.NodeList)")]
    [InlineData("/api/v1/namespaces/default/configmaps/a", "PartialObjectMetadataList", "you requested PartialObjectMetadataList, but the requested object is not a list (*core.ConfigMap)")]
    public async Task A_list_is_no_object_and_an_object_no_list(string path, string form, string message)
    {
        await Gateway.PutConfigMapAsync("default", "a");

        var (code, status) = await Gateway.SendAsync("GET", path, accept: $"application/json;as={form};v=v1;g=meta.k8s.io");

        Assert.Equal((HttpStatusCode.NotAcceptable, message), (code, (string)status["message"]!));
    }

    [Theory]
    [InlineData("list", "PartialObjectMetadataList")]
    [InlineData("deletecollection", "PartialObjectMetadataList")]
    [InlineData("get", "PartialObjectMetadata")]
    [InlineData("create", "PartialObjectMetadata")]
    [InlineData("watch", "PartialObjectMetadata")]
    public void Lists_and_objects_have_forms_of_their_own(string verb, string form)
    {
        var other = form == "PartialObjectMetadata" ? "PartialObjectMetadataList" : "PartialObjectMetadata";
        Assert.IsType<MetadataForm>(Choose(form));
        if (verb != "watch") Assert.Equal(406, Assert.Throws<ApiException>(() => Choose(other)).Code);

        ResponseForm Choose(string kind) => Negotiation.Choose($"application/json;as={kind};v=v1;g=meta.k8s.io", BuiltIn.Pods, verb, "", TimeProvider.System);
    }

    [Fact]
    public async Task A_dry_run_has_no_revision_in_a_table_either()
    {
        var (_, table) = await Gateway.SendAsync("POST", "/api/v1/namespaces/default/configmaps?dryRun=All", """{"metadata":{"name":"a"}}""", accept: Table);

        Assert.Equal(("Table", "{}"), ((string)table["kind"]!, table["metadata"]!.ToJsonString()));
    }

    [Fact]
    public async Task A_missing_object_is_a_status_and_no_table()
    {
        var (code, status) = await Gateway.SendAsync("GET", "/api/v1/namespaces/default/configmaps/none", accept: Table);

        Assert.Equal((HttpStatusCode.NotFound, "Status"), (code, (string)status["kind"]!));
    }

    [Fact]
    public async Task Metadata_alone_can_be_had()
    {
        await Gateway.PutConfigMapAsync("default", "a");

        var (_, list) = await Gateway.SendAsync("GET", "/api/v1/configmaps", accept: "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io");

        Assert.Equal(("PartialObjectMetadataList", "meta.k8s.io/v1"), ((string)list["kind"]!, (string)list["apiVersion"]!));
        var item = list["items"]![0]!.AsObject();
        Assert.Equal(["kind", "apiVersion", "metadata"], item.Select(p => p.Key));
    }

    [Theory]
    [InlineData("", typeof(PlainForm))]
    [InlineData("*/*", typeof(PlainForm))]
    [InlineData("application/*", typeof(PlainForm))]
    [InlineData("application/vnd.kubernetes.protobuf,application/json", typeof(PlainForm))]
    [InlineData("application/json;q=0.5, application/json;as=Table;g=meta.k8s.io;v=v1", typeof(TableForm))]
    [InlineData("application/json;as=Table;g=meta.k8s.io;v=v9,application/json", typeof(PlainForm))]
    [InlineData("application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1", typeof(MetadataForm))]
    public void The_most_wanted_form_that_is_served_wins(string accept, Type form) =>
        Assert.IsType(form, Negotiation.Choose(accept.Length == 0 ? "*/*" : accept, BuiltIn.Pods, "get", "", TimeProvider.System));
}

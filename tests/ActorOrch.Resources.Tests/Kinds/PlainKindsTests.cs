using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog;

namespace ActorOrch.Resources.Tests.Kinds;

public class PlainKindsTests
{
    [Fact]
    public void A_namespace_starts_active_with_its_label_and_finalizer()
    {
        var created = Documents.Created(BuiltIn.Namespaces, """{"metadata":{"name":"team"},"status":{"phase":"Terminating"}}""");

        Assert.Equal("""{"metadata":{"name":"team","labels":{"kubernetes.io/metadata.name":"team"}},"status":{"phase":"Active"},"spec":{"finalizers":["kubernetes"]}}""", created.ToJsonString());
        Assert.Empty(Documents.ErrorsOfCreate(BuiltIn.Namespaces, created));
    }

    [Fact]
    public void An_update_of_a_namespace_leaves_its_finalizers_alone()
    {
        var old = Documents.Created(BuiltIn.Namespaces, """{"metadata":{"name":"team"}}""");

        var updated = Documents.Updated(BuiltIn.Namespaces, old, n => n.Remove("spec"));

        Assert.True(JsonNode.DeepEquals(old["spec"], updated["spec"]));
    }

    [Fact]
    public void Text_of_a_secret_is_merged_into_its_data()
    {
        var secret = Documents.Created(BuiltIn.Secrets, """{"data":{"a":"b2xk","b":"Yg=="},"stringData":{"a":"new"}}""");

        Assert.Equal("""{"a":"bmV3","b":"Yg=="}""", secret["data"]!.ToJsonString());
        Assert.Null(secret["stringData"]);
        Assert.Equal("Opaque", (string?)secret["type"]);
    }

    [Theory]
    [InlineData("ConfigMap", """{"data":{"a/b":"x"}}""", "data[a/b]: Invalid value: \"a/b\": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')")]
    [InlineData("ConfigMap", """{"data":{"a":"x"},"binaryData":{"a":"eA=="}}""", "data[a]: Invalid value: \"a\": duplicate of key present in binaryData")]
    [InlineData("Secret", """{"type":"kubernetes.io/tls","data":{"tls.crt":""}}""", "data[tls.key]: Required value")]
    [InlineData("Secret", """{"type":"kubernetes.io/dockerconfigjson","data":{".dockerconfigjson":"eA=="}}""", "data[.dockerconfigjson]: Invalid value: \"<secret contents redacted>\": invalid character")]
    [InlineData("Lease", """{"spec":{"leaseDurationSeconds":0}}""", "spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0")]
    [InlineData("Node", """{"spec":{"taints":[{"key":"a","effect":"NoSchedule"},{"key":"a","effect":"NoSchedule"}]}}""", "metadata.taints[1]: Duplicate value: {\"key\":\"a\",\"effect\":\"NoSchedule\"}: taints must be unique by key and effect pair")]
    [InlineData("Event", """{"involvedObject":{"namespace":"other"}}""", "involvedObject.namespace: Invalid value: \"other\": does not match event.namespace")]
    [InlineData("Endpoints", """{"subsets":[{"addresses":[{"ip":"127.0.0.1"}]}]}""", "subsets[0].addresses[0].ip: Invalid value: \"127.0.0.1\": may not be in the loopback range (127.0.0.0/8, ::1/128)")]
    [InlineData("EndpointSlice", """{"addressType":"IPv4","endpoints":[{"addresses":["2001:db8::1"]}]}""", "endpoints[0].addresses[0]: Invalid value: \"2001:db8::1\": must be an IPv4 address")]
    [InlineData("ControllerRevision", """{"revision":1}""", "data: Required value: data is mandatory")]
    [InlineData("ConfigMap", """{"metadata":{"name":"A_b"}}""", "metadata.name: Invalid value: \"A_b\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')")]
    [InlineData("ConfigMap", """{"metadata":{"finalizers":["mine"]}}""", "metadata.finalizers[0]: Invalid value: \"mine\": name is neither a standard finalizer name nor is it fully qualified")]
    public void A_bad_object_is_refused_with_upstreams_words(string kind, string json, string expected) =>
        Assert.Contains(expected, Documents.ErrorsOfCreate(BuiltIn.All.Single(t => t.Kind == kind), json));

    [Fact]
    public void What_says_it_is_immutable_is()
    {
        var old = Documents.Created(BuiltIn.ConfigMaps, """{"data":{"a":"1"},"immutable":true}""");

        Assert.Equal(["immutable: Forbidden: field is immutable when `immutable` is set", "data: Forbidden: field is immutable when `immutable` is set"],
            Documents.ErrorsOfUpdate(BuiltIn.ConfigMaps, old, c =>
            {
                c["immutable"] = false;
                c["data"]!["a"] = "2";
            }));
    }

    [Fact]
    public void A_config_map_holds_a_mebibyte()
    {
        var value = new string('x', 1024 * 1024);

        Assert.Empty(Documents.ErrorsOfCreate(BuiltIn.ConfigMaps, $$$"""{"data":{"a":"{{{value}}}"}}"""));
        Assert.Equal([": Too long: may not be more than 1048576 bytes"], Documents.ErrorsOfCreate(BuiltIn.ConfigMaps, $$$"""{"data":{"a":"{{{value}}}x"}}"""));
    }

    [Fact]
    public void The_names_that_identify_an_object_stay()
    {
        var old = Documents.Created(BuiltIn.ConfigMaps, """{"metadata":{"name":"a","uid":"1"}}""");

        Assert.Equal(["metadata.uid: Invalid value: \"2\": field is immutable"],
            Documents.ErrorsOfUpdate(BuiltIn.ConfigMaps, old, c => c["metadata"]!["uid"] = "2"));
    }

    [Fact]
    public void A_node_registers_with_its_status_and_allocates_all_it_has()
    {
        var node = Documents.Created(BuiltIn.Nodes, """{"status":{"capacity":{"cpu":"4000m","memory":"1048576Ki"}}}""");

        Assert.Equal("""{"capacity":{"cpu":"4","memory":"1Gi"},"allocatable":{"cpu":"4","memory":"1Gi"}}""", node["status"]!.ToJsonString());
    }

    [Fact]
    public void Every_kind_defaults_and_validates_an_empty_document_without_fault()
    {
        foreach (var type in BuiltIn.All)
        {
            var obj = Documents.Created(type, "{}");
            Documents.ErrorsOfCreate(type, obj);
            Documents.ErrorsOfUpdate(type, obj, _ => { });
            Assert.NotEmpty(type.Columns);
        }
    }
}

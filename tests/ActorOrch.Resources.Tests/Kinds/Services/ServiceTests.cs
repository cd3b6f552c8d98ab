using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog;

namespace ActorOrch.Resources.Tests.Kinds.Services;

public class ServiceTests
{
    private const string Allocated =
        """{"spec":{"type":"NodePort","clusterIP":"10.96.0.10","clusterIPs":["10.96.0.10"],"ipFamilies":["IPv4"],"ports":[{"name":"a","port":80,"nodePort":30080},{"name":"b","port":53,"protocol":"UDP","nodePort":30053}]}}""";

    [Fact]
    public void The_smallest_service_gets_upstreams_defaults()
    {
        var service = Documents.Created(BuiltIn.Services, """{"spec":{"selector":{"app":"web"},"ports":[{"port":80}]}}""");

        var expected = JsonNode.Parse("""
            {"selector":{"app":"web"},"ports":[{"port":80,"protocol":"TCP","targetPort":80}],"sessionAffinity":"None","type":"ClusterIP",
             "internalTrafficPolicy":"Cluster","ipFamilyPolicy":"SingleStack"}
            """);
        Assert.True(JsonNode.DeepEquals(expected, service["spec"]), service["spec"]!.ToJsonString());
        Assert.Equal("""{"loadBalancer":{}}""", service["status"]!.ToJsonString());
        Assert.Empty(Documents.ErrorsOfCreate(BuiltIn.Services, service));
    }

    [Theory]
    [InlineData("""{}""", "spec.ports: Required value")]
    [InlineData("""{"ports":[{"port":0}]}""", "spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive")]
    [InlineData("""{"ports":[{"port":80},{"port":81}]}""", "spec.ports[0].name: Required value")]
    [InlineData("""{"ports":[{"name":"a","port":80},{"name":"a","port":81}]}""", "spec.ports[1].name: Duplicate value: \"a\"")]
    [InlineData("""{"ports":[{"port":80,"nodePort":30000}]}""", "spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'")]
    [InlineData("""{"type":"NodePort","ports":[{"port":80,"nodePort":80}]}""", "spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767")]
    [InlineData("""{"type":"Public","ports":[{"port":80}]}""", "spec.type: Unsupported value: \"Public\": supported values: \"ClusterIP\", \"ExternalName\", \"LoadBalancer\", \"NodePort\"")]
    [InlineData("""{"type":"NodePort","clusterIP":"None","ports":[{"port":80}]}""", "spec.clusterIPs[0]: Invalid value: \"None\": may not be set to 'None' for NodePort services")]
    [InlineData("""{"type":"ExternalName"}""", "spec.externalName: Required value")]
    [InlineData("""{"clusterIP":"10.96.0.999","ports":[{"port":80}]}""", "spec.clusterIPs[0]: Invalid value: \"10.96.0.999\": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)")]
    [InlineData("""{"ipFamilies":["IPv4","IPv6"],"ipFamilyPolicy":"SingleStack","ports":[{"port":80}]}""", "spec.ipFamilyPolicy: Invalid value: \"SingleStack\": must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified")]
    [InlineData("""{"ipFamilies":["IPv5"],"ports":[{"port":80}]}""", "spec.ipFamilies[0]: Unsupported value: \"IPv5\": supported values: \"IPv4\", \"IPv6\"")]
    [InlineData("""{"externalTrafficPolicy":"Local","ports":[{"port":80}]}""", "spec.externalTrafficPolicy: Invalid value: \"Local\": may only be set for externally-accessible services")]
    [InlineData("""{"sessionAffinity":"Cookie","ports":[{"port":80}]}""", "spec.sessionAffinity: Unsupported value: \"Cookie\": supported values: \"ClientIP\", \"None\"")]
    public void A_service_is_refused_with_upstreams_words(string spec, string expected) =>
        Assert.Contains(expected, Documents.ErrorsOfCreate(BuiltIn.Services, $$$"""{"spec":{{{spec}}}}"""));

    [Theory]
    [InlineData("""{"clusterIP":"None"}""")]
    [InlineData("""{"type":"ExternalName","externalName":"db.example.com."}""")]
    public void Ports_may_be_missing_where_nothing_is_forwarded(string spec) =>
        Assert.Empty(Documents.ErrorsOfCreate(BuiltIn.Services, $$$"""{"spec":{{{spec}}}}"""));

    [Fact]
    public void An_update_keeps_what_was_allocated_and_left_out()
    {
        var old = Documents.Created(BuiltIn.Services, Allocated);

        var updated = Documents.Updated(BuiltIn.Services, old, s =>
            s["spec"] = Documents.Parse("""{"type":"NodePort","ports":[{"name":"b","port":53,"protocol":"UDP"},{"name":"c","port":8080}]}"""));

        Assert.Equal("10.96.0.10", (string?)updated["spec"]!["clusterIP"]);
        Assert.Equal("""["10.96.0.10"]""", updated["spec"]!["clusterIPs"]!.ToJsonString());
        Assert.Equal(30053, (int?)updated["spec"]!["ports"]![0]!["nodePort"]);
        Assert.Null(updated["spec"]!["ports"]![1]!["nodePort"]);
    }

    [Fact]
    public void A_type_that_needs_no_ports_or_address_gives_them_back()
    {
        var old = Documents.Created(BuiltIn.Services, Allocated);

        var cluster = Documents.Updated(BuiltIn.Services, old, s => s["spec"]!["type"] = "ClusterIP");
        Assert.All(cluster["spec"]!["ports"]!.AsArray(), p => Assert.Null(p!["nodePort"]));
        Assert.Null(cluster["spec"]!["externalTrafficPolicy"]);

        var external = Documents.Updated(BuiltIn.Services, old, s =>
        {
            s["spec"]!["type"] = "ExternalName";
            s["spec"]!["externalName"] = "db.example.com";
        });
        Assert.Null(external["spec"]!["clusterIP"]);
        Assert.Empty(Documents.ErrorsOfCreate(BuiltIn.Services, external));
    }

    [Fact]
    public void The_cluster_ip_stays()
    {
        var old = Documents.Created(BuiltIn.Services, Allocated);

        Assert.Equal(["spec.clusterIPs[0]: Invalid value: []string{\"10.96.0.11\"}: may not change once set"],
            Documents.ErrorsOfUpdate(BuiltIn.Services, old, s => s["spec"]!["clusterIP"] = "10.96.0.11"));
    }

    [Fact]
    public void Addresses_and_node_ports_are_claimed() =>
        Assert.Equal(["clusterIP:10.96.0.10", "nodePort:TCP:30080", "nodePort:UDP:30053"],
            BuiltIn.Services.Rules.Claims(Documents.Created(BuiltIn.Services, Allocated)));

    [Fact]
    public void A_headless_service_claims_nothing() =>
        Assert.Empty(BuiltIn.Services.Rules.Claims(Documents.Created(BuiltIn.Services, """{"spec":{"clusterIP":"None"}}""")));
}

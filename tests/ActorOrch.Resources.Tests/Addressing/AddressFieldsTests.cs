using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Tests.Addressing;

/// <summary>Every field by whose address packets or proxied requests go somewhere: what leads to the machine itself is refused, however it is written.</summary>
public class AddressFieldsTests
{
    private const string Here = "ADDRESS";

    /// <summary>Kind, document and whether the field is one of a status.</summary>
    private static readonly (ResourceType Type, string Document, bool Status)[] Fields =
    [
        (BuiltIn.Endpoints, """{"subsets":[{"addresses":[{"ip":"ADDRESS"}],"ports":[{"port":80}]}]}""", false),
        (BuiltIn.Endpoints, """{"subsets":[{"notReadyAddresses":[{"ip":"ADDRESS"}],"ports":[{"port":80}]}]}""", false),
        (BuiltIn.EndpointSlices, """{"addressType":"IPv4","endpoints":[{"addresses":["ADDRESS"]}]}""", false),
        (BuiltIn.EndpointSlices, """{"addressType":"IPv6","endpoints":[{"addresses":["ADDRESS"]}]}""", false),
        (BuiltIn.Services, """
            {"spec":{"type":"ClusterIP","ports":[{"port":80,"targetPort":80,"protocol":"TCP"}],"sessionAffinity":"None","externalTrafficPolicy":"Cluster","internalTrafficPolicy":"Cluster",
             "clusterIP":"10.96.0.5","clusterIPs":["10.96.0.5"],"ipFamilies":["IPv4"],"ipFamilyPolicy":"SingleStack","externalIPs":["ADDRESS"]}}
            """, false),
        (BuiltIn.Services, """{"spec":{"type":"LoadBalancer"},"status":{"loadBalancer":{"ingress":[{"ip":"ADDRESS"}]}}}""", true),
        (BuiltIn.Ingresses, """{"status":{"loadBalancer":{"ingress":[{"ip":"ADDRESS"}]}}}""", true),
        (BuiltIn.Pods, """{"status":{"podIP":"ADDRESS"}}""", true),
        (BuiltIn.Pods, """{"status":{"podIPs":[{"ip":"ADDRESS"}]}}""", true),
    ];

    private static readonly string[] Refused =
    [
        "127.0.0.1", "127.255.0.3", "0.0.0.0", "0.1.2.3", "169.254.169.254", "224.0.0.1", "239.1.2.3", "255.255.255.255", "100.100.100.200",
        "::1", "::", "fe80::1", "ff02::1", "ff0e::1", "fd00:ec2::254", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::7f00:1",
        "2002:7f00:1::", "fe80::1%eth0", "0177.0.0.1", "010.0.0.1", "127.1", "1", "2130706433", "0x7f000001", "[::1]", "10.0.0.1:80", "10.0.0.1@127.0.0.1", "localhost",
    ];

    [Fact]
    public void What_leads_to_the_machine_itself_is_refused_in_every_field()
    {
        foreach (var (type, document, status) in Fields)
            foreach (var address in Refused)
                Assert.True(ErrorsOf(type, document, status, address).Except(ErrorsOf(type, document, status, Good(document))).Any(), $"{type.Kind} takes {address} in {document}");
    }

    [Fact]
    public void What_leads_to_one_pod_or_machine_is_taken()
    {
        foreach (var (type, document, status) in Fields)
        {
            // The documents have no more than what is looked at here: that something else is missing is beside the point.
            var errors = ErrorsOf(type, document, status, Good(document)).Where(e => !e.EndsWith(": Required value", StringComparison.Ordinal)).ToArray();
            Assert.True(errors.Length == 0, $"{type.Kind}: {string.Join(", ", errors)}");
        }
    }

    [Fact]
    public void A_pod_whose_address_stays_what_it_was_can_still_be_told_of()
    {
        var pod = JsonNode.Parse("""{"status":{"podIP":"127.0.0.1","podIPs":[{"ip":"127.0.0.1"}]}}""");
        var errors = new FieldErrors();

        BuiltIn.Pods.Rules.ValidateStatusUpdate(Field.Root(pod), Field.Root(pod!.DeepClone()), errors);

        Assert.Empty(errors.All);
    }

    [Theory]
    [InlineData("""{"ip":"10.0.0.1","ipMode":"Tunnel"}""", "status.loadBalancer.ingress[0].ipMode: Unsupported value: \"Tunnel\": supported values: \"Proxy\", \"VIP\"")]
    [InlineData("""{"hostname":"a.example","ipMode":"VIP"}""", "status.loadBalancer.ingress[0].ipMode: Forbidden: may not be specified when `ip` is not set")]
    [InlineData("""{"hostname":"10.0.0.1"}""", "status.loadBalancer.ingress[0].hostname: Invalid value: \"10.0.0.1\": must be a DNS name, not an IP address")]
    public void A_load_balancers_point_is_checked_as_upstream_does(string point, string error) => Assert.Equal(
        [error], ErrorsOf(BuiltIn.Services, $$$$"""{"spec":{"type":"LoadBalancer"},"status":{"loadBalancer":{"ingress":[{{{{point}}}}]}}}""", true, ""));

    [Fact]
    public void Only_a_load_balancer_says_where_it_is_reached() => Assert.Equal(
        ["status.loadBalancer.ingress: Forbidden: may only be used when `spec.type` is 'LoadBalancer'"],
        ErrorsOf(BuiltIn.Services, """{"spec":{"type":"ClusterIP"},"status":{"loadBalancer":{"ingress":[{"ip":"10.0.0.1"}]}}}""", true, ""));

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("::1", true)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("0177.0.0.1", false)]
    public void A_hosts_file_may_name_the_pod_itself_but_in_one_notation(string address, bool taken)
    {
        var errors = ErrorsOf(BuiltIn.Pods, $$$"""{"spec":{"hostAliases":[{"ip":"{{{address}}}","hostnames":["a"]}],"containers":[]}}""", false, "");

        Assert.Equal(taken, !errors.Any(e => e.StartsWith("spec.hostAliases", StringComparison.Ordinal)));
    }

    private static string Good(string document) => document.Contains("IPv6", StringComparison.Ordinal) ? "2001:db8::1" : "10.0.0.1";

    private static string[] ErrorsOf(ResourceType type, string document, bool status, string address)
    {
        var root = Field.Root(JsonNode.Parse(document.Replace(Here, address, StringComparison.Ordinal)));
        var errors = new FieldErrors();
        if (status) type.Rules.ValidateStatusUpdate(root, Field.Root(new JsonObject()), errors);
        else type.Rules.Validate(root, errors);
        return [.. errors.All.Select(e => e.ToString())];
    }
}

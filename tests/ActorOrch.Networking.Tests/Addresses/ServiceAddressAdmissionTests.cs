using System.Net;
using System.Text.Json.Nodes;
using ActorOrch.Networking.Addresses;
using ActorOrch.Registry.Api;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;
using ActorOrch.Testing;

namespace ActorOrch.Networking.Tests.Addresses;

public class ServiceAddressAdmissionTests
{
    private readonly IObjectApi _api;

    public ServiceAddressAdmissionTests() => _api = Api(new());

    [Fact]
    public async Task A_service_gets_one_address_of_the_default_family_unless_it_asks_for_more()
    {
        var spec = await CreateAsync("web");

        Assert.True(IPNetwork.Parse("10.96.0.0/16").Contains(IPAddress.Parse(Text(spec, "clusterIP"))));
        Assert.Equal([Text(spec, "clusterIP")], Texts(spec, "clusterIPs"));
        Assert.Equal(["IPv4"], Texts(spec, "ipFamilies"));
        Assert.Equal("SingleStack", Text(spec, "ipFamilyPolicy"));
    }

    [Theory]
    [InlineData("PreferDualStack")]
    [InlineData("RequireDualStack")]
    public async Task A_dual_stack_service_gets_an_address_of_each_family(string policy)
    {
        var spec = await CreateAsync("web", s => s["ipFamilyPolicy"] = policy);

        Assert.Equal(["IPv4", "IPv6"], Texts(spec, "ipFamilies"));
        Assert.True(IPNetwork.Parse("fd00:10:96::/112").Contains(IPAddress.Parse(Texts(spec, "clusterIPs")[1])));
    }

    [Fact]
    public async Task The_order_of_the_families_is_the_services_own()
    {
        var spec = await CreateAsync("web", s => (s["ipFamilyPolicy"], s["ipFamilies"]) = ("PreferDualStack", new JsonArray("IPv6")));

        Assert.Equal(["IPv6", "IPv4"], Texts(spec, "ipFamilies"));
        Assert.Contains(':', Text(spec, "clusterIP"));
    }

    [Fact]
    public async Task Two_stacks_on_a_cluster_of_one_are_refused_where_required_and_left_out_where_preferred()
    {
        var single = Api(new() { ServiceCidrs = [IPNetwork.Parse("10.96.0.0/16")] });

        var refused = await Assert.ThrowsAsync<ApiException>(() => CreateAsync(single, "web", s => s["ipFamilyPolicy"] = "RequireDualStack"));
        var preferred = await CreateAsync(single, "web", s => s["ipFamilyPolicy"] = "PreferDualStack");

        Assert.Contains("this cluster is not configured for dual-stack services", refused.Message, StringComparison.Ordinal);
        Assert.Equal(["IPv4"], Texts(preferred, "ipFamilies"));
    }

    [Fact]
    public async Task A_headless_service_gets_families_but_no_address()
    {
        var spec = await CreateAsync("web", s => s["clusterIP"] = "None");

        Assert.Equal("None", Text(spec, "clusterIP"));
        Assert.Equal(["IPv4"], Texts(spec, "ipFamilies"));
    }

    [Theory]
    [InlineData("10.96.0.77", "failed to allocate IP 10.96.0.77: provided IP is already allocated")]
    [InlineData("10.97.0.1", "failed to allocate IP 10.97.0.1: the provided IP (10.97.0.1) is not in the valid range. The range of valid IPs is 10.96.0.0/16")]
    public async Task An_address_that_cannot_be_had_is_refused_in_upstreams_words(string address, string message)
    {
        await CreateAsync("first", s => s["clusterIP"] = "10.96.0.77");

        var refused = await Assert.ThrowsAsync<ApiException>(() => CreateAsync("second", s => s["clusterIP"] = address));

        Assert.Equal(422, refused.Code);
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        Assert.Equal("spec.clusterIPs", Assert.Single(refused.Causes).Path);
    }

    [Theory]
    [InlineData(30080, "provided port is already allocated")]
    [InlineData(80, "provided port is not in the valid range. The range of valid ports is 30000-32767")]
    public async Task A_node_port_that_cannot_be_had_is_refused_in_upstreams_words(int port, string message)
    {
        await CreateAsync("first", NodePort(30080));

        var refused = await Assert.ThrowsAsync<ApiException>(() => CreateAsync("second", NodePort(port)));

        Assert.Contains($"spec.ports[0].nodePort: Invalid value: {port}: {message}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_port_with_two_protocols_gets_one_node_port()
    {
        var spec = await CreateAsync("dns", s =>
        {
            s["type"] = "NodePort";
            s["ports"] = new JsonArray(Port("udp", 53, "UDP"), Port("tcp", 53, "TCP"), Port("metrics", 9153, "TCP"));
        });

        var ports = spec["ports"]!.AsArray().Select(p => p!["nodePort"]!.GetValue<int>()).ToList();
        Assert.Equal(ports[0], ports[1]);
        Assert.NotEqual(ports[0], ports[2]);
        Assert.All(ports, p => Assert.InRange(p, 30000, 32767));
    }

    [Fact]
    public async Task A_service_keeps_its_address_when_it_becomes_a_node_port_and_gives_it_up_as_an_external_name()
    {
        var before = await CreateAsync("web");
        var key = new ObjectKey("default", "web");

        var nodePort = await PatchAsync(key, new JsonObject { ["type"] = "NodePort" });
        var external = await PatchAsync(key, new JsonObject { ["type"] = "ExternalName", ["externalName"] = "example.com" });
        var again = await PatchAsync(key, new JsonObject { ["type"] = "ClusterIP", ["externalName"] = null });

        Assert.Equal(Text(before, "clusterIP"), Text(nodePort, "clusterIP"));
        Assert.InRange(nodePort["ports"]![0]!["nodePort"]!.GetValue<int>(), 30000, 32767);
        Assert.Null(external["clusterIP"]);
        Assert.StartsWith("10.96.", Text(again, "clusterIP"), StringComparison.Ordinal);
        Assert.Null(again["ports"]![0]!["nodePort"]);
    }

    [Fact]
    public async Task A_second_stack_is_added_and_released_by_the_policy_alone()
    {
        var before = await CreateAsync("web");
        var key = new ObjectKey("default", "web");

        var dual = await PatchAsync(key, new JsonObject { ["ipFamilyPolicy"] = "PreferDualStack" });
        var single = await PatchAsync(key, new JsonObject { ["ipFamilyPolicy"] = "SingleStack" });

        Assert.Equal(2, Texts(dual, "clusterIPs").Count);
        Assert.Equal(Text(before, "clusterIP"), Texts(dual, "clusterIPs")[0]);
        Assert.Equal([Text(before, "clusterIP")], Texts(single, "clusterIPs"));
        Assert.Equal(["IPv4"], Texts(single, "ipFamilies"));
    }

    [Fact]
    public async Task A_full_range_is_dealt_out_to_the_last_address_without_collision()
    {
        var api = Api(new() { ServiceCidrs = [IPNetwork.Parse("10.96.0.0/28")] });
        var given = new HashSet<string>();
        // 16 addresses, less the network's, the broadcast one and the kubernetes service's.
        for (var i = 0; i < 13; i++) given.Add(Text(await CreateAsync(api, $"s{i}"), "clusterIP"));

        Assert.Equal(13, given.Count);
        var full = await Assert.ThrowsAsync<ApiException>(() => CreateAsync(api, "one-too-many"));
        Assert.Contains("range is full", full.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parallel_creations_never_share_an_address()
    {
        var api = Api(new() { ServiceCidrs = [IPNetwork.Parse("10.96.0.0/25")] });

        var specs = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(() => CreateAsync(api, $"s{i}"))));

        Assert.Equal(100, specs.Select(s => Text(s, "clusterIP")).Distinct().Count());
    }

    private static ObjectApi Api(NetworkSettings settings) =>
        new(new InMemoryRegistry(), [new ServiceAddressAdmission(settings, new Random(7))], TimeProvider.System, new Random(7));

    private static Action<JsonObject> NodePort(int port) => spec =>
    {
        spec["type"] = "NodePort";
        spec["ports"]![0]!["nodePort"] = port;
    };

    private static JsonObject Port(string name, int port, string protocol) => new() { ["name"] = name, ["port"] = port, ["protocol"] = protocol };

    private Task<JsonObject> CreateAsync(string name, Action<JsonObject>? change = null) => CreateAsync(_api, name, change);

    private static async Task<JsonObject> CreateAsync(IObjectApi api, string name, Action<JsonObject>? change = null)
    {
        var spec = new JsonObject { ["selector"] = new JsonObject { ["app"] = name }, ["ports"] = new JsonArray(Port("http", 80, "TCP")) };
        change?.Invoke(spec);
        var service = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Service", ["metadata"] = new JsonObject { ["name"] = name }, ["spec"] = spec };
        return (await api.CreateAsync(BuiltIn.Services, "default", service, WriteOptions.Default)).ToJson()["spec"]!.AsObject();
    }

    private async Task<JsonObject> PatchAsync(ObjectKey key, JsonObject spec) =>
        (await _api.PatchAsync(BuiltIn.Services, key, PatchType.Merge, new JsonObject { ["spec"] = spec }, WriteOptions.Default)).ToJson()["spec"]!.AsObject();

    private static string Text(JsonObject spec, string name) => spec[name]!.GetValue<string>();

    private static List<string> Texts(JsonObject spec, string name) => [.. spec[name]!.AsArray().Select(n => n!.GetValue<string>())];
}

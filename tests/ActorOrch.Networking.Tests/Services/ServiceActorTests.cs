using System.Net;
using System.Text.Json.Nodes;
using ActorOrch.Networking.Addresses;
using ActorOrch.Networking.Services;
using ActorOrch.Reconciling;
using ActorOrch.Registry.Api;
using ActorOrch.Registry.Watching;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;
using ActorOrch.Testing;
using Akka.Actor;
using Akka.TestKit.Xunit2;
using k8s.Models;
using static ActorOrch.Networking.Tests.Objects;

namespace ActorOrch.Networking.Tests.Services;

/// <summary>The service reconciler on the real API pipeline, woken by the real feeds.</summary>
public class ServiceActorTests : TestKit
{
    private static readonly ObjectKey Web = new("default", "web");
    private readonly InMemoryRegistry _registry = new();
    private readonly IObjectApi _api;

    public ServiceActorTests()
    {
        _api = new ObjectApi(_registry, [new ServiceAddressAdmission(new(), new Random(3))], TimeProvider.System, new Random(3));
        var definition = ServiceActor.Definition(_registry);
        var services = new ReconcilerServices(_api, new NoEvents(), TimeProvider.System, new Random(3), (_, _) => { });
        var region = Sys.ActorOf(Props.Create(() => new LocalRegion(key => definition.Props(key, services))));
        WakeFeeds.Start(Sys, services, [definition], new Dictionary<string, IActorRef> { ["service"] = region });
    }

    [Fact]
    public async Task Endpoints_and_slices_follow_the_pods()
    {
        await CreateServiceAsync();
        await _registry.PutAsync(BuiltIn.Pods, Pod("a", "10.244.0.2"));
        await AwaitEndpointsAsync(["10.244.0.2"], []);

        await _registry.PutAsync(BuiltIn.Pods, Pod("a", "10.244.0.2", ready: false));
        await AwaitEndpointsAsync([], ["10.244.0.2"]);

        await _registry.PutAsync(BuiltIn.Pods, Pod("a", "10.244.0.2", change: p => p.Metadata.Labels["app"] = "other"));
        await AwaitEndpointsAsync([], []);
    }

    [Fact]
    public async Task A_slice_that_someone_removes_is_made_again_and_the_Endpoints_object_goes_with_the_service()
    {
        await CreateServiceAsync();
        await _registry.PutAsync(BuiltIn.Pods, Pod("a", "10.244.0.2"));
        await AwaitEndpointsAsync(["10.244.0.2"], []);

        await _registry.RemoveAsync(BuiltIn.EndpointSlices, Assert.Single(Slices()).Key);
        await AwaitEndpointsAsync(["10.244.0.2"], []);
        await _registry.RemoveAsync(BuiltIn.Services, Web);

        await AwaitAssertAsync(() => Assert.Null(_registry[BuiltIn.Endpoints].Latest.Get(Web)), TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task The_endpoints_of_a_service_without_selector_are_its_owners_and_are_mirrored()
    {
        await CreateServiceAsync(selector: false);
        await CreateEndpointsAsync();
        await AwaitMirroredAsync();
    }

    [Fact]
    public async Task Endpoints_that_are_made_before_their_service_wait_for_it_and_go_with_it()
    {
        await CreateEndpointsAsync();
        // Another service whose Endpoints object appears: by then the one above has been looked at, too.
        await CreateServiceAsync(selector: true, "other");
        await AwaitAssertAsync(() => Assert.NotNull(_registry[BuiltIn.Endpoints].Latest.Get(new("default", "other"))), TimeSpan.FromSeconds(5));
        Assert.NotNull(_registry[BuiltIn.Endpoints].Latest.Get(Web));

        await CreateServiceAsync(selector: false);
        await AwaitMirroredAsync();
        await _registry.RemoveAsync(BuiltIn.Services, Web);
        await AwaitAssertAsync(() => Assert.Null(_registry[BuiltIn.Endpoints].Latest.Get(Web)), TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_change_of_a_pod_that_makes_no_other_endpoint_wakes_nobody()
    {
        await CreateServiceAsync();
        var before = await _registry.PutAsync(BuiltIn.Pods, Pod("a", "10.244.0.2"));
        var annotated = await _registry.PutAsync(BuiltIn.Pods, Pod("a", "10.244.0.2", change: p => p.Metadata.Annotations = new Dictionary<string, string> { ["x"] = "y" }));
        var unready = await _registry.PutAsync(BuiltIn.Pods, Pod("a", "10.244.0.2", ready: false));

        Assert.Empty(ServiceWakes.OfPod(_registry, new(ChangeKind.Modified, annotated, before)));
        Assert.Equal([Web], ServiceWakes.OfPod(_registry, new(ChangeKind.Modified, unready, annotated)));
    }

    [Fact]
    public async Task The_kubernetes_service_leads_to_the_api_server_and_is_put_right()
    {
        var settings = new NetworkSettings { ApiServers = [IPEndPoint.Parse("192.0.2.1:6443")] };
        NetworkingHost.StartKubernetesService(Sys, _api, settings);
        await AwaitAsync();

        await _registry.RemoveAsync(BuiltIn.Services, KubernetesService.Key);
        await _registry.RemoveAsync(BuiltIn.EndpointSlices, KubernetesService.Key);
        await AwaitAsync();

        Task AwaitAsync() => AwaitAssertAsync(() =>
        {
            Assert.Equal("10.96.0.1", _registry[BuiltIn.Services].Latest.Get(KubernetesService.Key)?.As<V1Service>().Spec.ClusterIP);
            Assert.Equal("192.0.2.1", _registry[BuiltIn.Endpoints].Latest.Get(KubernetesService.Key)?.As<V1Endpoints>().Subsets[0].Addresses[0].Ip);
            var slice = Assert.Single(Slices()).As<V1EndpointSlice>();
            Assert.Equal(("kubernetes", "192.0.2.1", 6443), (slice.Metadata.Name, slice.Endpoints[0].Addresses[0], slice.Ports[0].Port));
        }, TimeSpan.FromSeconds(5));
    }

    private List<StoredObject> Slices() => [.. _registry[BuiltIn.EndpointSlices].Latest.Objects.Values];

    private async Task CreateEndpointsAsync() =>
        await _api.CreateAsync(BuiltIn.Endpoints, "default", new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Endpoints",
            ["metadata"] = new JsonObject { ["name"] = "web" },
            ["subsets"] = new JsonArray(new JsonObject
            {
                ["addresses"] = new JsonArray(new JsonObject { ["ip"] = "192.0.2.7" }),
                ["ports"] = new JsonArray(new JsonObject { ["port"] = 5432 }),
            }),
        }, WriteOptions.Default);

    private Task AwaitMirroredAsync() => AwaitAssertAsync(() =>
    {
        var slice = Assert.Single(Slices(), s => s.Meta.Labels["kubernetes.io/service-name"] == "web").As<V1EndpointSlice>();
        Assert.Equal("endpointslicemirroring-controller.k8s.io", slice.Metadata.Labels["endpointslice.kubernetes.io/managed-by"]);
        Assert.Equal("192.0.2.7", slice.Endpoints[0].Addresses[0]);
        Assert.Equal(5432, slice.Ports[0].Port);
    }, TimeSpan.FromSeconds(5));

    private Task CreateServiceAsync(bool selector = true, string name = "web")
    {
        var service = Model.ToJson(Service());
        service["metadata"]!["name"] = name;
        var spec = service["spec"]!.AsObject();
        foreach (var given in (string[])["clusterIP", "clusterIPs", "ipFamilies"]) spec.Remove(given);
        if (!selector) spec.Remove("selector");
        return _api.CreateAsync(BuiltIn.Services, "default", service, WriteOptions.Default);
    }

    private Task AwaitEndpointsAsync(string[] ready, string[] notReady) => AwaitAssertAsync(() =>
    {
        var endpoints = _registry[BuiltIn.EndpointSlices].Latest.Objects.Values.SelectMany(s => s.As<V1EndpointSlice>().Endpoints).ToList();
        Assert.Equal(ready, endpoints.Where(e => e.Conditions.Ready == true).Select(e => e.Addresses[0]));
        Assert.Equal(notReady, endpoints.Where(e => e.Conditions.Ready == false).Select(e => e.Addresses[0]));
        var subsets = _registry[BuiltIn.Endpoints].Latest.Get(Web)!.As<V1Endpoints>().Subsets ?? [];
        Assert.Equal(ready, subsets.SelectMany(s => s.Addresses ?? []).Select(a => a.Ip));
        Assert.Equal(notReady, subsets.SelectMany(s => s.NotReadyAddresses ?? []).Select(a => a.Ip));
    }, TimeSpan.FromSeconds(5));
}

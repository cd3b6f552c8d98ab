using ActorOrch.Networking.Services;
using CsCheck;
using k8s.Models;
using static ActorOrch.Networking.Tests.Objects;

namespace ActorOrch.Networking.Tests.Services;

public class EndpointSliceDecisionTests
{
    [Fact]
    public void A_service_gets_a_slice_with_its_pods_and_the_labels_that_make_it_the_services()
    {
        var actions = Decide(Service(), [Pod("a", "10.244.0.2"), Pod("b", "10.244.0.3", ready: false)]);

        var slice = Assert.IsType<SliceAction.Create>(Assert.Single(actions)).Slice;
        Assert.Equal("web-", slice.Metadata.GenerateName);
        Assert.Equal("web", slice.Metadata.Labels["kubernetes.io/service-name"]);
        Assert.Equal("endpointslice-controller.k8s.io", slice.Metadata.Labels["endpointslice.kubernetes.io/managed-by"]);
        Assert.Equal([true, false], slice.Endpoints.Select(e => e.Conditions.Ready!.Value));
        Assert.Equal("a", slice.Endpoints[0].TargetRef.Name);
        Assert.Equal("node-1", slice.Endpoints[0].NodeName);
        Assert.Equal(8080, Assert.Single(slice.Ports).Port);
    }

    [Fact]
    public void A_dual_stack_service_gets_a_slice_of_each_family()
    {
        var service = Service(change: s => s.IpFamilies = ["IPv4", "IPv6"]);
        var pod = Pod("a", "10.244.0.2", change: p => p.Status.PodIPs = [new() { Ip = "10.244.0.2" }, new() { Ip = "fd00:10:244::2" }]);

        var created = Decide(service, [pod]).Cast<SliceAction.Create>().ToDictionary(c => c.Slice.AddressType, c => c.Slice.Endpoints[0].Addresses[0]);

        Assert.Equal(new Dictionary<string, string> { ["IPv4"] = "10.244.0.2", ["IPv6"] = "fd00:10:244::2" }, created);
    }

    [Fact]
    public void A_terminating_pod_that_still_serves_is_not_ready_but_serving()
    {
        var pod = Pod("a", "10.244.0.2", change: p => p.Metadata.DeletionTimestamp = DateTime.UnixEpoch);

        var conditions = Created(Service(), pod).Conditions;

        Assert.Equal((false, true, true), (conditions.Ready!.Value, conditions.Serving!.Value, conditions.Terminating!.Value));
    }

    [Fact]
    public void Publishing_not_ready_addresses_makes_every_endpoint_ready()
    {
        var endpoint = Created(Service(change: s => s.PublishNotReadyAddresses = true), Pod("a", "10.244.0.2", ready: false));

        Assert.True(endpoint.Conditions.Ready);
        Assert.False(endpoint.Conditions.Serving);
    }

    [Fact]
    public void Pods_that_resolve_a_named_port_differently_get_slices_of_their_own()
    {
        var service = Service(ports: Port(target: "http"));
        var other = Pod("b", "10.244.0.3", change: p => p.Spec.Containers[0].Ports[0].ContainerPort = 9090);
        var without = Pod("c", "10.244.0.4", change: p => p.Spec.Containers[0].Ports = null);

        var slices = Decide(service, [Pod("a", "10.244.0.2"), other, without]).Cast<SliceAction.Create>().Select(c => c.Slice).ToList();

        Assert.Equal([8080, 9090, null], slices.Select(s => s.Ports.SingleOrDefault()?.Port).OrderBy(p => p ?? int.MaxValue));
    }

    [Fact]
    public void A_service_without_pods_has_a_placeholder_and_keeps_it()
    {
        var placeholder = Assert.IsType<SliceAction.Create>(Assert.Single(Decide(Service(), []))).Slice;

        Assert.Empty(placeholder.Endpoints);
        Assert.Empty(Decide(Service(), [], Named(placeholder, "web-1")));
    }

    [Fact]
    public void A_headless_service_says_so_on_its_slices()
    {
        var slice = Assert.IsType<SliceAction.Create>(Decide(Service(change: s => s.ClusterIP = "None"), [Pod("a", "10.244.0.2")])[0]).Slice;

        Assert.Equal("", slice.Metadata.Labels["service.kubernetes.io/headless"]);
    }

    [Fact]
    public void A_change_of_one_pod_touches_only_its_slice()
    {
        var pods = Enumerable.Range(0, 250).Select(i => Pod($"p{i}", $"10.244.{i / 200}.{(i % 200) + 2}")).ToList();
        var slices = Decide(Service(), pods).Cast<SliceAction.Create>().Select((c, i) => Named(c.Slice, $"web-{i}")).ToArray();
        Assert.Equal([100, 100, 50], slices.Select(s => s.Endpoints.Count));

        pods[120].Status.Conditions[0].Status = "False";
        var update = Assert.IsType<SliceAction.Update>(Assert.Single(Decide(Service(), pods, slices)));

        Assert.Equal("web-1", update.Existing.Metadata.Name);
        Assert.Equal(99, update.Endpoints.Count(e => e.Conditions.Ready == true));
    }

    [Fact]
    public void Slices_of_a_family_that_the_service_gave_up_go()
    {
        var service = Service(change: s => s.IpFamilies = ["IPv4", "IPv6"]);
        var slices = Decide(service, []).Cast<SliceAction.Create>().Select(c => Named(c.Slice, c.Slice.AddressType)).ToArray();

        var delete = Assert.IsType<SliceAction.Delete>(Assert.Single(Decide(Service(), [], slices)));

        Assert.Equal("IPv6", delete.Name);
    }

    [Fact]
    public void Whatever_was_there_the_slices_hold_exactly_the_wanted_endpoints_and_then_nothing_changes()
    {
        var sizes = Gen.Int[0, 260];
        Gen.Select(sizes, sizes, Gen.Int[0, 260]).Sample((before, from, count) =>
        {
            var existing = Apply([], Decide(Service(), Pods(0, before)));
            var wanted = Pods(from, count);
            var after = Apply(existing, Decide(Service(), wanted, [.. existing]));

            Assert.Equal(wanted.Select(p => p.Status.PodIP).Order(), after.SelectMany(s => s.Endpoints).Select(e => e.Addresses[0]).Order());
            Assert.All(after, s => Assert.True(s.Endpoints.Count <= 100));
            Assert.NotEmpty(after);
            Assert.Empty(Decide(Service(), wanted, [.. after]));
        }, iter: 100);

        static List<V1Pod> Pods(int from, int count) =>
            [.. Enumerable.Range(from, count).Select(i => Pod($"p{i}", $"10.244.{i / 200}.{(i % 200) + 2}"))];
    }

    private static List<V1EndpointSlice> Apply(List<V1EndpointSlice> slices, IReadOnlyList<SliceAction> actions)
    {
        var result = slices.ToDictionary(s => s.Metadata.Name);
        foreach (var action in actions)
        {
            if (action is SliceAction.Delete delete) result.Remove(delete.Name);
            else if (action is SliceAction.Update update) update.Existing.Endpoints = [.. update.Endpoints];
            else if (action is SliceAction.Create create)
            {
                var name = $"new-{result.Count}-{create.Slice.Endpoints.Count}-{Guid.NewGuid()}";
                result[name] = Named(create.Slice, name);
            }
        }
        return [.. result.Values];
    }

    private static V1Endpoint Created(V1Service service, V1Pod pod) =>
        Assert.Single(Assert.IsType<SliceAction.Create>(Assert.Single(Decide(service, [pod]))).Slice.Endpoints);

    private static V1EndpointSlice Named(V1EndpointSlice slice, string name)
    {
        slice.Metadata.Name = name;
        return slice;
    }

    private static IReadOnlyList<SliceAction> Decide(V1Service service, IReadOnlyList<V1Pod> pods, params IReadOnlyList<V1EndpointSlice> existing) =>
        EndpointSliceDecision.Decide(service, pods, existing, _ => null);
}

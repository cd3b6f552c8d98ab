using ActorOrch.Registry.Api;
using ActorOrch.Registry.Writes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;
using k8s.Models;

namespace ActorOrch.Controllers.Tests.ReplicaSets;

public sealed class ReplicaSetActorTests : ControllersTest
{
    private static string Set(int replicas, string extra = "") => $$$$$"""
        {"metadata":{"name":"web"},"spec":{"replicas":{{{{{replicas}}}}},{{{{{extra}}}}}"selector":{"matchLabels":{"app":"web"}},
         "template":{"metadata":{"labels":{"app":"web"},"annotations":{"note":"x"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}
        """;

    [Fact]
    public async Task Missing_pods_are_created_at_once_from_the_template_and_owned()
    {
        await StartAsync();
        var set = await CreateAsync(BuiltIn.ReplicaSets, Set(30));
        var pods = await UntilAsync(BuiltIn.Pods, all => all.Count == 30);
        var pod = pods.List("default").First();
        Assert.StartsWith("web-", pod.Key.Name, StringComparison.Ordinal);
        Assert.Equal("x", pod.Meta.Annotations["note"]);
        Assert.Equal(new OwnerReference("apps/v1", "ReplicaSet", "web", set.Uid, Controller: true, BlockOwnerDeletion: true), pod.Meta.ControllerOwner);
        await UntilAsync<V1ReplicaSet>(BuiltIn.ReplicaSets, "web", s => s.Status?.Replicas == 30 && s.Status.FullyLabeledReplicas == 30);
        await UntilEventAsync("SuccessfulCreate", $"Created pod: {pod.Key.Name}");
    }

    [Fact]
    public async Task A_deleted_pod_is_replaced_and_surplus_that_is_not_ready_goes_first()
    {
        await StartAsync();
        await CreateAsync(BuiltIn.ReplicaSets, Set(3));
        var pods = Active(await UntilAsync(BuiltIn.Pods, all => all.Count == 3));
        await Api.DeleteAsync(BuiltIn.Pods, pods[0].Key, new() { GracePeriodSeconds = 0 }, WriteOptions.Default);
        pods = Active(await UntilAsync(BuiltIn.Pods, all => all.Count == 3 && all.Get(pods[0].Key) is null));
        await SetReadyAsync(pods[1].Key);
        await UntilAsync<V1ReplicaSet>(BuiltIn.ReplicaSets, "web", s => s.Status?.ReadyReplicas == 1);
        await PatchAsync(BuiltIn.ReplicaSets, "web", """{"spec":{"replicas":1}}""");
        var left = Active(await UntilAsync(BuiltIn.Pods, all => Active(all).Count == 1));
        Assert.Equal(pods[1].Key, left[0].Key);
    }

    [Fact]
    public async Task Orphans_that_match_are_adopted_and_pods_that_no_longer_match_are_released()
    {
        await StartAsync();
        await CreateAsync(BuiltIn.Pods, """{"metadata":{"name":"loner","labels":{"app":"web"}},"spec":{"containers":[{"name":"c","image":"i"}]}}""");
        await CreateAsync(BuiltIn.ReplicaSets, Set(1));
        await UntilAsync(BuiltIn.Pods, all => all.Get(new("default", "loner"))!.Meta.ControllerOwner?.Name == "web");
        await UntilAsync<V1ReplicaSet>(BuiltIn.ReplicaSets, "web", s => s.Status?.Replicas == 1);
        Assert.Equal(1, Registry[BuiltIn.Pods].Latest.Count);

        await PatchAsync(BuiltIn.Pods, "loner", """{"metadata":{"labels":{"app":"other"}}}""");
        await UntilAsync(BuiltIn.Pods, all => all.Get(new("default", "loner"))!.Meta.ControllerOwner is null && all.Count == 2);
    }

    [Fact]
    public async Task A_refused_pod_shows_as_ReplicaFailure_until_a_later_try_succeeds()
    {
        await StartAsync();
        Registry.Of(BuiltIn.Pods).Fault = write => write is Write.Create ? new(WriteOutcome.Unavailable, Detail: "no room") : null;
        await CreateAsync(BuiltIn.ReplicaSets, Set(2));
        var failed = await UntilAsync<V1ReplicaSet>(BuiltIn.ReplicaSets, "web", s => s.Status?.Conditions?.Count == 1);
        Assert.Equal(("ReplicaFailure", "True", "FailedCreate", "no room"),
            (failed.Status.Conditions[0].Type, failed.Status.Conditions[0].Status, failed.Status.Conditions[0].Reason, failed.Status.Conditions[0].Message));
        await UntilEventAsync("FailedCreate", "Error creating: no room");

        Registry.Of(BuiltIn.Pods).Fault = null;
        await PatchAsync(BuiltIn.ReplicaSets, "web", """{"metadata":{"annotations":{"again":"1"}}}""");
        await UntilAsync<V1ReplicaSet>(BuiltIn.ReplicaSets, "web", s => s.Status is { Replicas: 2, Conditions: null });
    }

    [Fact]
    public async Task A_ready_pod_is_available_once_it_has_been_ready_for_minReadySeconds()
    {
        await StartAsync();
        await CreateAsync(BuiltIn.ReplicaSets, Set(1, "\"minReadySeconds\":10,"));
        var pod = (await UntilAsync(BuiltIn.Pods, all => all.Count == 1)).List("default").First();
        await SetReadyAsync(pod.Key);
        await UntilAsync<V1ReplicaSet>(BuiltIn.ReplicaSets, "web", s => s.Status?.ReadyReplicas == 1);
        Assert.Null(Registry[BuiltIn.ReplicaSets].Latest.Get(new("default", "web"))!.As<V1ReplicaSet>().Status.AvailableReplicas);
        // The timer is set after the status is written; time goes on until it has fired.
        await AdvanceUntilAsync(() => Registry[BuiltIn.ReplicaSets].Latest.Get(new("default", "web"))!.As<V1ReplicaSet>().Status.AvailableReplicas == 1);
        Assert.True(Time.GetUtcNow() >= new DateTimeOffset(2030, 1, 1, 0, 0, 10, TimeSpan.Zero));
    }

    [Fact]
    public async Task A_ReplicationController_keeps_adopts_and_releases_pods_by_its_map_of_labels()
    {
        await StartAsync();
        await CreateAsync(BuiltIn.Pods, """{"metadata":{"name":"loner","labels":{"app":"web"}},"spec":{"containers":[{"name":"c","image":"i"}]}}""");
        var controller = await CreateAsync(BuiltIn.ReplicationControllers, """
            {"metadata":{"name":"web"},"spec":{"replicas":2,"selector":{"app":"web"},
             "template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}
            """);
        var pods = Active(await UntilAsync(BuiltIn.Pods, all => all.List("default").Count(p => p.Meta.ControllerOwner is not null) == 2));
        Assert.All(pods, pod => Assert.Equal(new OwnerReference("v1", "ReplicationController", "web", controller.Uid, Controller: true, BlockOwnerDeletion: true), pod.Meta.ControllerOwner));
        await SetReadyAsync(pods[0].Key);
        await UntilAsync<V1ReplicationController>(BuiltIn.ReplicationControllers, "web", c => c.Status is { Replicas: 2, ReadyReplicas: 1, ObservedGeneration: 1 });

        await PatchAsync(BuiltIn.Pods, "loner", """{"metadata":{"labels":{"app":"other"}}}""");
        await UntilAsync(BuiltIn.Pods, all => all.Get(new("default", "loner"))!.Meta.ControllerOwner is null && all.Count == 3);
        await PatchAsync(BuiltIn.ReplicationControllers, "web", """{"spec":{"replicas":0}}""");
        await UntilAsync<V1ReplicationController>(BuiltIn.ReplicationControllers, "web", c => c.Status is { Replicas: 0, ObservedGeneration: 2 });
    }
}

using ActorOrch.Controllers.Deployments;
using ActorOrch.Registry.Api;
using ActorOrch.Resources.Catalog;
using Akka.Actor;
using k8s.Models;

namespace ActorOrch.Controllers.Tests.Deployments;

public sealed class DeploymentActorTests : ControllersTest
{
    private static string Deployment(int replicas, string extra = "", string image = "one") => $$$$$"""
        {"metadata":{"name":"web","annotations":{"kubernetes.io/change-cause":"first"}},"spec":{"replicas":{{{{{replicas}}}}},{{{{{extra}}}}}
         "selector":{"matchLabels":{"app":"web"}},
         "template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"c","image":"{{{{{image}}}}}"}]}}}}
        """;

    private static string Image(string image) => $$$$$"""{"spec":{"template":{"spec":{"containers":[{"name":"c","image":"{{{{{image}}}}}"}]}}}}""";

    private static bool IsComplete(V1Deployment d) =>
        d.Status is not null && d.Status.ObservedGeneration == d.Metadata.Generation && d.Status.UpdatedReplicas == d.Spec.Replicas && d.Status.Replicas == d.Spec.Replicas
        && d.Status.AvailableReplicas == d.Spec.Replicas && d.Status.Conditions!.Any(c => c is { Type: "Progressing", Reason: "NewReplicaSetAvailable" });

    private V1ReplicaSet SetOf(string image) =>
        Registry[BuiltIn.ReplicaSets].Latest.List("default").Select(o => o.As<V1ReplicaSet>()).Single(s => s.Spec.Template.Spec.Containers[0].Image == image);

    [Fact]
    public async Task A_new_deployment_comes_up_and_says_so_in_status_conditions_annotations_and_events()
    {
        RunKubelet();
        await StartAsync();
        await CreateAsync(BuiltIn.Deployments, Deployment(3));
        var deployment = await UntilAsync<V1Deployment>(BuiltIn.Deployments, "web", IsComplete);
        var set = SetOf("one");
        Assert.Equal(3, set.Spec.Replicas);
        Assert.Equal($"web-{set.Metadata.Labels["pod-template-hash"]}", set.Metadata.Name);
        Assert.Equal(set.Metadata.Labels["pod-template-hash"], set.Spec.Selector.MatchLabels["pod-template-hash"]);
        Assert.Equal(("1", "3", "4", "first"), (set.Metadata.Annotations["deployment.kubernetes.io/revision"],
            set.Metadata.Annotations["deployment.kubernetes.io/desired-replicas"], set.Metadata.Annotations["deployment.kubernetes.io/max-replicas"],
            set.Metadata.Annotations["kubernetes.io/change-cause"]));
        Assert.Equal("1", deployment.Metadata.Annotations["deployment.kubernetes.io/revision"]);
        var progressing = deployment.Status.Conditions.Single(c => c.Type == "Progressing");
        Assert.Equal($"ReplicaSet \"{set.Metadata.Name}\" has successfully progressed.", progressing.Message);
        var available = deployment.Status.Conditions.Single(c => c.Type == "Available");
        Assert.Equal(("True", "MinimumReplicasAvailable"), (available.Status, available.Reason));
        await UntilEventAsync("ScalingReplicaSet", $"Scaled up replica set {set.Metadata.Name} from 0 to 3");
    }

    [Fact]
    public async Task A_new_template_rolls_out_and_undo_brings_the_old_set_back_as_a_new_revision()
    {
        RunKubelet();
        await StartAsync();
        await CreateAsync(BuiltIn.Deployments, Deployment(3));
        await UntilAsync<V1Deployment>(BuiltIn.Deployments, "web", IsComplete);
        await PatchAsync(BuiltIn.Deployments, "web", Image("two"));
        await UntilAsync<V1Deployment>(BuiltIn.Deployments, "web", IsComplete);
        Assert.Equal((0, 3), (SetOf("one").Spec.Replicas, SetOf("two").Spec.Replicas));
        Assert.Equal("2", SetOf("two").Metadata.Annotations["deployment.kubernetes.io/revision"]);

        await PatchAsync(BuiltIn.Deployments, "web", Image("one"));
        var deployment = await UntilAsync<V1Deployment>(BuiltIn.Deployments, "web", d => IsComplete(d) && SetOf("one").Spec.Replicas == 3);
        Assert.Equal("3", deployment.Metadata.Annotations["deployment.kubernetes.io/revision"]);
        Assert.Equal(("3", "1"), (SetOf("one").Metadata.Annotations["deployment.kubernetes.io/revision"],
            SetOf("one").Metadata.Annotations["deployment.kubernetes.io/revision-history"]));
        Assert.Equal(0, SetOf("two").Spec.Replicas);
    }

    [Fact]
    public async Task A_paused_deployment_scales_but_rolls_nothing_out_until_it_is_resumed()
    {
        RunKubelet();
        await StartAsync();
        await CreateAsync(BuiltIn.Deployments, Deployment(2));
        await UntilAsync<V1Deployment>(BuiltIn.Deployments, "web", IsComplete);
        await PatchAsync(BuiltIn.Deployments, "web", """{"spec":{"paused":true}}""");
        await UntilAsync<V1Deployment>(BuiltIn.Deployments, "web", d => d.Status.Conditions.Any(c => c.Reason == "DeploymentPaused"));
        await PatchAsync(BuiltIn.Deployments, "web", Image("two"));
        await PatchAsync(BuiltIn.Deployments, "web", """{"spec":{"replicas":4}}""");
        await UntilAsync<V1Deployment>(BuiltIn.Deployments, "web", d => d.Status.ObservedGeneration == 4 && d.Status.ReadyReplicas == 4);
        Assert.Single(Registry[BuiltIn.ReplicaSets].Latest.List("default"));
        await PatchAsync(BuiltIn.Deployments, "web", """{"spec":{"paused":false}}""");
        await UntilAsync<V1Deployment>(BuiltIn.Deployments, "web", IsComplete);
        Assert.Equal(4, SetOf("two").Spec.Replicas);
    }

    [Fact]
    public async Task Recreate_starts_new_pods_only_when_every_old_one_is_gone()
    {
        await StartAsync();
        await CreateAsync(BuiltIn.Deployments, Deployment(2, """ "strategy":{"type":"Recreate"}, """).Replace("\"containers\"", "\"nodeName\":\"n\",\"containers\"", StringComparison.Ordinal));
        var old = Active(await UntilAsync(BuiltIn.Pods, all => all.Count == 2));
        await PatchAsync(BuiltIn.Deployments, "web", Image("two"));
        await UntilAsync(BuiltIn.Pods, all => all.List().All(p => p.Meta.DeletionTimestamp is not null));
        await UntilAsync(BuiltIn.ReplicaSets, all => all.List().All(s => s.As<V1ReplicaSet>().Status is { Replicas: 0, ObservedGeneration: 2 }));
        Assert.Single(Registry[BuiltIn.ReplicaSets].Latest.List());
        foreach (var pod in old) await Api.DeleteAsync(BuiltIn.Pods, pod.Key, new() { GracePeriodSeconds = 0 }, WriteOptions.Default);
        await UntilAsync(BuiltIn.Pods, all => Active(all).Count == 2 && Active(all).TrueForAll(p => p.As<V1Pod>().Spec.Containers[0].Image == "two"));
    }

    [Fact]
    public async Task Without_progress_the_rollout_is_reported_as_failed_after_its_deadline()
    {
        await StartAsync();
        await CreateAsync(BuiltIn.Deployments, Deployment(1, "\"progressDeadlineSeconds\":30,"));
        await UntilAsync<V1Deployment>(BuiltIn.Deployments, "web", d => d.Status?.Replicas == 1);
        await AdvanceUntilAsync(() => Registry[BuiltIn.Deployments].Latest.Get(new("default", "web"))!.As<V1Deployment>().Status.Conditions
            .Any(c => c is { Type: "Progressing", Status: "False", Reason: "ProgressDeadlineExceeded" }));
        Assert.True(Time.GetUtcNow() >= new DateTimeOffset(2030, 1, 1, 0, 0, 30, TimeSpan.Zero));
    }

    [Fact]
    public async Task Old_sets_beyond_the_history_limit_are_deleted()
    {
        RunKubelet();
        await StartAsync();
        await CreateAsync(BuiltIn.Deployments, Deployment(1, "\"revisionHistoryLimit\":1,"));
        await UntilAsync<V1Deployment>(BuiltIn.Deployments, "web", IsComplete);
        foreach (var image in (string[])["two", "three", "four"])
        {
            await PatchAsync(BuiltIn.Deployments, "web", Image(image));
            await UntilAsync<V1Deployment>(BuiltIn.Deployments, "web", IsComplete);
        }
        var sets = await UntilAsync(BuiltIn.ReplicaSets, all => all.Count == 2);
        Assert.Equal(["3", "4"], sets.List().Select(s => s.Meta.Annotations["deployment.kubernetes.io/revision"]).Order());
    }

    [Fact]
    public async Task A_name_taken_by_another_template_is_avoided()
    {
        RunKubelet();
        await StartAsync();
        var stored = await CreateAsync(BuiltIn.Deployments, Deployment(1, "\"paused\":true,"));
        var hash = PodTemplateHash.Compute(PodTemplateHash.Canonical(stored.ToJson()["spec"]!["template"]), null);
        await CreateAsync(BuiltIn.ReplicaSets, $$$$$"""
            {"metadata":{"name":"web-{{{{{hash}}}}}"},"spec":{"replicas":0,"selector":{"matchLabels":{"app":"x"}},
             "template":{"metadata":{"labels":{"app":"x"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}
            """);
        await PatchAsync(BuiltIn.Deployments, "web", """{"spec":{"paused":false}}""");
        var deployment = await UntilAsync<V1Deployment>(BuiltIn.Deployments, "web", IsComplete);
        Assert.Equal(1, deployment.Status.CollisionCount);
        Assert.NotEqual($"web-{hash}", SetOf("one").Metadata.Name);
    }

    [Fact]
    public async Task One_that_dies_in_the_middle_of_a_rollout_goes_on_with_it_and_journals_it_once()
    {
        await StartAsync();
        await CreateAsync(BuiltIn.Deployments, Deployment(2));
        foreach (var pod in Active(await UntilAsync(BuiltIn.Pods, all => all.Count == 2))) await SetReadyAsync(pod.Key);
        await UntilAsync<V1Deployment>(BuiltIn.Deployments, "web", IsComplete);
        await PatchAsync(BuiltIn.Deployments, "web", Image("two"));
        await UntilAsync(BuiltIn.Pods, all => Active(all).Count == 3);
        var actor = await Sys.ActorSelection(Regions["deployment"].Path / "*").ResolveOne(TimeSpan.FromSeconds(5));
        await WatchAsync(actor);
        actor.Tell(PoisonPill.Instance);
        await ExpectTerminatedAsync(actor);

        RunKubelet();
        foreach (var pod in Active(Registry[BuiltIn.Pods].Latest)) await SetReadyAsync(pod.Key);
        await UntilAsync<V1Deployment>(BuiltIn.Deployments, "web", IsComplete);
        Assert.Equal((0, 2), (SetOf("one").Spec.Replicas, SetOf("two").Spec.Replicas));
        actor = await Sys.ActorSelection(Regions["deployment"].Path / "*").ResolveOne(TimeSpan.FromSeconds(5));
        await WatchAsync(actor);
        actor.Tell(PoisonPill.Instance);
        await ExpectTerminatedAsync(actor);
        Sys.ActorOf(Props.Create(() => new JournalReader("deployment-default/web", TestActor)));
        var journal = await ExpectMsgAsync<object[]>();
        Assert.Equal([1L, 2L], journal.OfType<RolloutStarted>().Select(e => e.Revision));
        Assert.Equal([1L, 2L], journal.OfType<RolloutCompleted>().Select(e => e.Revision));
        Assert.Contains(journal.OfType<RolloutStepped>(), e => e is { Revision: 2, NewReplicas: 1, OldReplicas: 2 });
    }
}

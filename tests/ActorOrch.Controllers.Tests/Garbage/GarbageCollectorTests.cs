using ActorOrch.Registry.Api;
using ActorOrch.Registry.Collections;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Controllers.Tests.Garbage;

public sealed class GarbageCollectorTests : ControllersTest
{
    private async Task<StoredObject> MapAsync(string name, params (StoredObject Owner, bool Blocks)[] owners)
    {
        var references = string.Join(',', owners.Select(o =>
            $$"""{"apiVersion":"v1","kind":"ConfigMap","name":"{{o.Owner.Key.Name}}","uid":"{{o.Owner.Uid}}","blockOwnerDeletion":{{(o.Blocks ? "true" : "false")}}}"""));
        return await CreateAsync(BuiltIn.ConfigMaps, $$$"""{"metadata":{"name":"{{{name}}}","ownerReferences":[{{{references}}}]}}""");
    }

    private Task<DeleteOutcome> DeleteAsync(string name, Propagation propagation) =>
        Api.DeleteAsync(BuiltIn.ConfigMaps, new("default", name), new() { Propagation = propagation }, WriteOptions.Default);

    private static IEnumerable<string> Names(Snapshot maps) => maps.List("default").Select(m => m.Key.Name).Where(n => n != "kube-root-ca.crt");

    [Fact]
    public async Task In_the_background_the_owner_goes_first_and_everything_below_it_follows()
    {
        await StartAsync();
        var top = await MapAsync("top");
        var middle = await MapAsync("middle", (top, true));
        await MapAsync("bottom", (middle, true));
        await MapAsync("other");
        Assert.True((await DeleteAsync("top", Propagation.Background)).Removed);
        await UntilAsync(BuiltIn.ConfigMaps, all => Names(all).SequenceEqual(["other"]));
    }

    [Fact]
    public async Task In_the_foreground_the_owner_stays_until_all_that_blocks_it_is_gone()
    {
        await StartAsync();
        var top = await MapAsync("top");
        await MapAsync("free", (top, false));
        var held = await CreateAsync(BuiltIn.ConfigMaps, $$$"""
            {"metadata":{"name":"held","finalizers":["example.com/hold"],
             "ownerReferences":[{"apiVersion":"v1","kind":"ConfigMap","name":"top","uid":"{{{top.Uid}}}","blockOwnerDeletion":true}]}}
            """);
        Assert.False((await DeleteAsync("top", Propagation.Foreground)).Removed);
        await UntilAsync(BuiltIn.ConfigMaps, all => all.Get(held.Key)!.Meta.DeletionTimestamp is not null && Names(all).SequenceEqual(["held", "top"]));
        await PatchAsync(BuiltIn.ConfigMaps, "held", """{"metadata":{"finalizers":null}}""");
        await UntilAsync(BuiltIn.ConfigMaps, all => !Names(all).Any());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task Owners_in_a_circle_go_all_together(int size)
    {
        await StartAsync();
        var maps = new List<StoredObject>();
        for (var i = 0; i < size; i++) maps.Add(await MapAsync($"m{i}"));
        await MapAsync("beside", (maps[0], true));
        for (var i = 0; i < size; i++)
        {
            var owner = maps[(i + 1) % size];
            await PatchAsync(BuiltIn.ConfigMaps, $"m{i}", $$$"""
                {"metadata":{"ownerReferences":[{"apiVersion":"v1","kind":"ConfigMap","name":"{{{owner.Key.Name}}}","uid":"{{{owner.Uid}}}","blockOwnerDeletion":true}]}}
                """);
        }
        await DeleteAsync("m0", Propagation.Foreground);
        await UntilAsync(BuiltIn.ConfigMaps, all => !Names(all).Any());
    }

    [Fact]
    public async Task Owners_in_a_circle_that_are_deleted_at_once_go_too()
    {
        await StartAsync();
        var one = await MapAsync("one");
        var two = await MapAsync("two", (one, true));
        await PatchAsync(BuiltIn.ConfigMaps, "one", $$$"""
            {"metadata":{"ownerReferences":[{"apiVersion":"v1","kind":"ConfigMap","name":"two","uid":"{{{two.Uid}}}","blockOwnerDeletion":true}]}}
            """);
        await Task.WhenAll(DeleteAsync("one", Propagation.Foreground), DeleteAsync("two", Propagation.Foreground));
        await UntilAsync(BuiltIn.ConfigMaps, all => !Names(all).Any());
    }

    [Fact]
    public async Task Orphaned_dependents_stay_and_lose_the_reference()
    {
        await StartAsync();
        var top = await MapAsync("top");
        var child = await MapAsync("child", (top, true));
        await DeleteAsync("top", Propagation.Orphan);
        var maps = await UntilAsync(BuiltIn.ConfigMaps, all => Names(all).SequenceEqual(["child"]));
        Assert.Empty(maps.Get(child.Key)!.Meta.OwnerReferences);
    }

    [Fact]
    public async Task An_object_stays_as_long_as_one_owner_does_and_forgets_the_others()
    {
        await StartAsync();
        var (one, two) = (await MapAsync("one"), await MapAsync("two"));
        var shared = await MapAsync("shared", (one, true), (two, true));
        await DeleteAsync("one", Propagation.Background);
        await UntilAsync(BuiltIn.ConfigMaps, all => all.Get(shared.Key)!.Meta.OwnerReferences.Select(o => o.Uid).SequenceEqual([two.Uid]));
        await DeleteAsync("two", Propagation.Background);
        await UntilAsync(BuiltIn.ConfigMaps, all => !Names(all).Any());
    }

    [Fact]
    public async Task An_owner_that_never_was_or_was_replaced_is_no_owner()
    {
        await StartAsync();
        var owner = await MapAsync("owner");
        await CreateAsync(BuiltIn.ConfigMaps,
            """{"metadata":{"name":"dangling","ownerReferences":[{"apiVersion":"v1","kind":"ConfigMap","name":"owner","uid":"another"}]}}""");
        await UntilAsync(BuiltIn.ConfigMaps, all => Names(all).SequenceEqual(["owner"]));
        Assert.NotNull(Registry[BuiltIn.ConfigMaps].Latest.Get(owner.Key));
    }

    [Fact]
    public async Task What_was_left_over_before_the_start_is_collected()
    {
        await CreateAsync(BuiltIn.Namespaces, """{"metadata":{"name":"default"}}""");
        var owner = await MapAsync("owner");
        await MapAsync("child", (owner, true));
        await Registry.RemoveAsync(BuiltIn.ConfigMaps, owner.Key);
        await StartAsync();
        await UntilAsync(BuiltIn.ConfigMaps, all => !Names(all).Any());
    }

    [Fact]
    public async Task A_deployment_takes_its_sets_and_pods_along_in_the_foreground()
    {
        RunKubelet();
        await StartAsync();
        await CreateAsync(BuiltIn.Deployments, """
            {"metadata":{"name":"web"},"spec":{"replicas":3,"selector":{"matchLabels":{"app":"web"}},
             "template":{"metadata":{"labels":{"app":"web"}},"spec":{"nodeName":"n","containers":[{"name":"c","image":"i"}]}}}}
            """);
        await UntilAsync(BuiltIn.Pods, all => Active(all).Count == 3);
        await Api.DeleteAsync(BuiltIn.Deployments, new("default", "web"), new() { Propagation = Propagation.Foreground }, WriteOptions.Default);
        await UntilAsync(BuiltIn.Deployments, all => all.Count == 0);
        Assert.Equal((0, 0), (Registry[BuiltIn.ReplicaSets].Latest.Count, Registry[BuiltIn.Pods].Latest.Count));
    }
}

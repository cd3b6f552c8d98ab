using System.Text.Json.Nodes;
using ActorOrch.Registry.Api;
using ActorOrch.Registry.Collections;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;
using k8s.Models;

namespace ActorOrch.Controllers.Tests.Namespaces;

public sealed class NamespaceActorTests : ControllersTest
{
    private static readonly ObjectKey Shop = ObjectKey.ClusterScoped("shop");

    private Task<StoredObject> InShopAsync(ResourceType type, string json) =>
        Api.CreateAsync(type, "shop", JsonNode.Parse(json)!.AsObject(), WriteOptions.Default);

    private async Task CreateShopAsync()
    {
        await StartAsync();
        await CreateAsync(BuiltIn.Namespaces, """{"metadata":{"name":"shop"}}""");
        await UntilAsync(BuiltIn.ConfigMaps, all => all.Get(new("shop", "kube-root-ca.crt")) is not null);
    }

    [Fact]
    public async Task The_systems_namespaces_are_made_at_the_start()
    {
        await StartAsync();
        var namespaces = await UntilAsync(BuiltIn.Namespaces, all => all.Count == 4);
        Assert.Equal(["default", "kube-node-lease", "kube-public", "kube-system"], namespaces.Objects.Keys.Select(k => k.Name));
    }

    [Fact]
    public async Task A_namespace_has_an_account_and_the_certificate_and_gets_them_back()
    {
        await CreateShopAsync();
        Assert.NotNull(Registry[BuiltIn.ServiceAccounts].Latest.Get(new("shop", "default")));
        await Api.DeleteAsync(BuiltIn.ServiceAccounts, new("shop", "default"), new(), WriteOptions.Default);
        await UntilAsync(BuiltIn.ServiceAccounts, all => all.Get(new("shop", "default")) is not null);
        var key = new ObjectKey("shop", "kube-root-ca.crt");
        await Api.PatchAsync(BuiltIn.ConfigMaps, key, PatchType.Merge, JsonNode.Parse("""{"data":{"ca.crt":"forged"}}""")!, WriteOptions.Default);
        await UntilAsync(BuiltIn.ConfigMaps, all => all.Get(key)!.As<V1ConfigMap>().Data["ca.crt"] == "PEM");
    }

    [Fact]
    public async Task A_deleted_namespace_waits_for_its_pods_and_then_goes_with_everything_in_it()
    {
        await CreateShopAsync();
        await InShopAsync(BuiltIn.ConfigMaps, """{"metadata":{"name":"settings"}}""");
        var pod = await InShopAsync(BuiltIn.Pods, """{"metadata":{"name":"p"},"spec":{"nodeName":"n","containers":[{"name":"c","image":"i"}]}}""");
        await Api.DeleteAsync(BuiltIn.Namespaces, Shop, new(), WriteOptions.Default);
        var snapshot = await UntilAsync(BuiltIn.Namespaces, all => all.Get(Shop)!.As<V1Namespace>().Status.Conditions?.Count == 5);
        var status = snapshot.Get(Shop)!.As<V1Namespace>().Status;
        Assert.Equal("Terminating", status.Phase);
        var remaining = status.Conditions.Single(c => c.Type == "NamespaceContentRemaining");
        Assert.Equal(("True", "SomeResourcesRemain",
            "Some resources are remaining: configmaps. has 2 resource instances, pods. has 1 resource instances, serviceaccounts. has 1 resource instances"),
            (remaining.Status, remaining.Reason, remaining.Message));
        Assert.NotNull(Registry[BuiltIn.Pods].Latest.Get(pod.Key)!.Meta.DeletionTimestamp);
        Assert.NotNull(Registry[BuiltIn.ConfigMaps].Latest.Get(new("shop", "settings")));

        await Api.DeleteAsync(BuiltIn.Pods, pod.Key, new() { GracePeriodSeconds = 0 }, WriteOptions.Default);
        await UntilAsync(BuiltIn.Namespaces, all => all.Get(Shop) is null);
        Assert.All(Registry.Types.Where(t => t.Namespaced), type => Assert.Empty(Registry[type].Lookup(Indexes.Namespace, "shop")));
    }

    [Fact]
    public async Task A_finalizer_in_a_namespace_holds_it_and_is_named()
    {
        await CreateShopAsync();
        await InShopAsync(BuiltIn.ConfigMaps, """{"metadata":{"name":"held","finalizers":["example.com/hold"]}}""");
        await Api.DeleteAsync(BuiltIn.Namespaces, Shop, new(), WriteOptions.Default);
        await UntilAsync(BuiltIn.Namespaces, all => all.Get(Shop)!.As<V1Namespace>().Status.Conditions?.Any(c =>
            c is { Type: "NamespaceFinalizersRemaining", Status: "True" }
            && c.Message == "Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances") == true);
        await Api.PatchAsync(
            BuiltIn.ConfigMaps, new("shop", "held"), PatchType.Merge, JsonNode.Parse("""{"metadata":{"finalizers":null}}""")!, WriteOptions.Default);
        await UntilAsync(BuiltIn.Namespaces, all => all.Get(Shop) is null);
    }
}

using System.Text.Json.Nodes;
using ActorOrch.Registry.Api;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Controllers.Tests.Garbage;

/// <summary>What a deletion costs, counted in looks into collections: what is owned, and neither the kinds there are nor what else there is.</summary>
public sealed class DeletionCostTests : ControllersTest
{
    private static readonly IReadOnlyList<ResourceType> Others =
    [
        .. Enumerable.Range(0, 200).Select(i => new ResourceType
        {
            Group = "example.com",
            Version = "v1",
            Kind = $"Thing{i}",
            Plural = $"things{i}",
            Singular = $"thing{i}",
            Namespaced = true,
            Rules = BuiltIn.ConfigMaps.Rules,
            Columns = [],
        }),
    ];

    public DeletionCostTests() : base([.. BuiltIn.All, .. Others])
    {
    }

    /// <summary>Starts the controllers; their first looks at each kind are over when it ends.</summary>
    private async Task StartAndSettleAsync()
    {
        await StartAsync();
        await DeleteAsync(await OwnerAsync("first", 1), Propagation.Background);
        // The garbage collector and the namespaces' controller look once each.
        await AwaitConditionAsync(() => Task.FromResult(Others.All(t => Registry.Of(t).Reads >= 2)), TimeSpan.FromSeconds(30));
    }

    private int ReadsOf(IEnumerable<ResourceType> types) => types.Sum(t => Registry.Of(t).Reads);

    private async Task<StoredObject> OwnerAsync(string name, int dependents)
    {
        var owner = await CreateAsync(BuiltIn.ConfigMaps, $$$"""{"metadata":{"name":"{{{name}}}"}}""");
        for (var i = 0; i < dependents; i++)
            await CreateAsync(BuiltIn.Secrets, $$$"""
                {"metadata":{"name":"{{{name}}}-{{{i}}}","ownerReferences":[{"apiVersion":"v1","kind":"ConfigMap","name":"{{{name}}}","uid":"{{{owner.Uid}}}","blockOwnerDeletion":true}]}}
                """);
        return owner;
    }

    private async Task<int> DeleteAsync(StoredObject owner, Propagation propagation)
    {
        var before = ReadsOf(BuiltIn.All);
        await Api.DeleteAsync(BuiltIn.ConfigMaps, owner.Key, new() { Propagation = propagation }, WriteOptions.Default);
        await UntilAsync(BuiltIn.ConfigMaps, all => all.Get(owner.Key) is null);
        await UntilAsync(BuiltIn.Secrets, all => !all.Objects.Keys.Any(k => k.Name.StartsWith(owner.Key.Name + "-", StringComparison.Ordinal)));
        return ReadsOf(BuiltIn.All) - before;
    }

    [Theory]
    [InlineData(Propagation.Background)]
    [InlineData(Propagation.Foreground)]
    public async Task Owners_cost_what_they_own(Propagation propagation)
    {
        const int n = 100;
        await StartAndSettleAsync();
        var (small, large) = (await OwnerAsync("small", n), await OwnerAsync("large", 4 * n));
        await OwnerAsync("bystander", 4 * n);
        var others = ReadsOf(Others);

        var (few, many) = (await DeleteAsync(small, propagation), await DeleteAsync(large, propagation));

        Assert.Equal(others, ReadsOf(Others));
        Assert.True(many < 6 * few, $"{few} looks for {n} dependents, {many} for four times as many");
    }

    [Fact]
    public async Task Orphaning_asks_no_kind_that_the_owner_has_nothing_of()
    {
        await StartAndSettleAsync();
        var owner = await OwnerAsync("owner", 10);
        var others = ReadsOf(Others);
        await Api.DeleteAsync(BuiltIn.ConfigMaps, owner.Key, new() { Propagation = Propagation.Orphan }, WriteOptions.Default);
        await UntilAsync(BuiltIn.ConfigMaps, all => all.Get(owner.Key) is null);
        Assert.All(Registry[BuiltIn.Secrets].Latest.Objects.Values, secret => Assert.Empty(secret.Meta.OwnerReferences));
        Assert.Equal(others, ReadsOf(Others));
    }

    [Fact]
    public async Task Namespaces_cost_what_is_in_them()
    {
        await StartAndSettleAsync();
        await CreateAsync(BuiltIn.Namespaces, """{"metadata":{"name":"shop"}}""");
        await UntilAsync(BuiltIn.ConfigMaps, all => all.Get(new("shop", "kube-root-ca.crt")) is not null);
        for (var i = 0; i < 50; i++)
            await Api.CreateAsync(BuiltIn.Secrets, "shop", JsonNode.Parse($$$"""{"metadata":{"name":"s{{{i}}}"}}""")!.AsObject(), WriteOptions.Default);
        var others = ReadsOf(Others);
        await Api.DeleteAsync(BuiltIn.Namespaces, ObjectKey.ClusterScoped("shop"), new(), WriteOptions.Default);
        await UntilAsync(BuiltIn.Namespaces, all => all.Get(ObjectKey.ClusterScoped("shop")) is null);
        Assert.Equal(others, ReadsOf(Others));
    }
}

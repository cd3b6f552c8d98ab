using System.Text.Json.Nodes;
using ActorOrch.Controllers.Garbage;
using ActorOrch.Registry.Api;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;
using ActorOrch.Testing;

namespace ActorOrch.Controllers.Tests.Garbage;

/// <summary>Owners and dependents of every kind there is; one that is added is in all of these.</summary>
public sealed class GarbageOfEveryKindTests : ControllersTest
{
    private const string Dependent = "a";
    private static readonly ResourceType Custom = new()
    {
        Group = "example.com",
        Version = "v1",
        Kind = "Thing",
        Plural = "things",
        Singular = "thing",
        Namespaced = true,
        Rules = BuiltIn.ConfigMaps.Rules,
        Columns = [],
    };

    public GarbageOfEveryKindTests() : base([.. BuiltIn.All, Custom])
    {
    }

    private IEnumerable<ResourceType> Kinds => Registry.Types.Where(t => t.Collection != BuiltIn.Events.Collection);

    private async Task<StoredObject> CreateAsync(ResourceType type, string name, string @namespace, params IReadOnlyList<StoredObject> owners)
    {
        if (Registry[BuiltIn.Namespaces].Latest.Get(new("", @namespace)) is null)
            await Registry.PutAsync(BuiltIn.Namespaces, new JsonObject { ["metadata"] = new JsonObject { ["name"] = @namespace } });
        var obj = RichDocuments.Of(type);
        var metadata = obj["metadata"]!.AsObject();
        metadata["name"] = name;
        if (type.Namespaced) metadata["namespace"] = @namespace;
        if (owners.Count > 0) metadata["ownerReferences"] = new JsonArray([.. owners.Select(ReferenceTo)]);
        return await Api.CreateAsync(type, type.Namespaced ? @namespace : "", obj, WriteOptions.Default);
    }

    private void StartCollector() =>
        Sys.ActorOf(GarbageCollectorActor.Props(new(Api, Events, Time, new Random(1), (_, _) => { })));

    private Task<StoredObject> PutAsync(ResourceType type, string name, params IReadOnlyList<StoredObject> owners) => CreateAsync(type, name, "default", owners);

    private static JsonNode ReferenceTo(StoredObject owner) => new JsonObject
    {
        ["apiVersion"] = owner.ToJson()["apiVersion"]!.GetValue<string>(),
        ["kind"] = owner.ToJson()["kind"]!.GetValue<string>(),
        ["name"] = owner.Key.Name,
        ["uid"] = owner.Uid,
        ["blockOwnerDeletion"] = true,
    };

    /// <summary>One object of every kind that belongs to an owner which it may have.</summary>
    private async Task<IReadOnlyList<ObjectKey>> PutDependentsAsync()
    {
        var inNamespace = await PutAsync(BuiltIn.ConfigMaps, "owner");
        var ofCluster = await PutAsync(BuiltIn.Nodes, "owner");
        foreach (var type in Kinds) await PutAsync(type, Dependent, type.Namespaced ? inNamespace : ofCluster);
        return [inNamespace.Key, ofCluster.Key];
    }

    private async Task DeleteOwnersAsync(Propagation propagation)
    {
        var request = new DeleteRequest { Propagation = propagation };
        await Api.DeleteAsync(BuiltIn.ConfigMaps, new("default", "owner"), request, WriteOptions.Default);
        await Api.DeleteAsync(BuiltIn.Nodes, new("", "owner"), request, WriteOptions.Default);
    }

    /// <summary>Plays the controller of namespaces, which lets one go once it is empty.</summary>
    private async Task FinishNamespaceAsync()
    {
        var key = ObjectKey.ClusterScoped(Dependent);
        await UntilAsync(BuiltIn.Namespaces, all => all.Get(key)!.Meta.DeletionTimestamp is not null);
        await Api.ModifyAsync(BuiltIn.Namespaces, key, document => document["spec"]!.AsObject().Remove("finalizers"), new() { Subresource = "finalize" });
    }

    private StoredObject? Find(ResourceType type) => Registry[type].Latest.Get(new(type.Namespaced ? "default" : "", Dependent));

    private IEnumerable<string> Left => Kinds.Where(type => Find(type) is not null).Select(type => type.Collection);

    private async Task UntilOwnersAreGoneAsync()
    {
        await UntilAsync(BuiltIn.ConfigMaps, all => all.Get(new("default", "owner")) is null);
        await UntilAsync(BuiltIn.Nodes, all => all.Get(new("", "owner")) is null);
    }

    [Fact]
    public async Task In_the_background_dependents_of_every_kind_go()
    {
        await PutDependentsAsync();
        StartCollector();
        await DeleteOwnersAsync(Propagation.Background);
        await FinishNamespaceAsync();
        foreach (var type in Kinds) await UntilAsync(type, _ => Find(type) is null);
    }

    [Fact]
    public async Task In_the_foreground_the_owner_waits_for_dependents_of_every_kind()
    {
        await PutDependentsAsync();
        StartCollector();
        await DeleteOwnersAsync(Propagation.Foreground);
        await FinishNamespaceAsync();
        await UntilOwnersAreGoneAsync();
        Assert.Empty(Left);
    }

    [Fact]
    public async Task Orphans_of_every_kind_stay_and_belong_to_nobody()
    {
        await PutDependentsAsync();
        StartCollector();
        await DeleteOwnersAsync(Propagation.Orphan);
        await UntilOwnersAreGoneAsync();
        Assert.Equal(Kinds.Select(t => t.Collection), Left);
        Assert.All(Kinds, type => Assert.Empty(Find(type)!.Meta.OwnerReferences));
    }

    [Fact]
    public async Task An_owner_may_be_of_any_kind_in_any_version_of_it()
    {
        StartCollector();
        foreach (var type in Kinds)
            foreach (var version in type.Versions)
            {
                var owner = await PutAsync(type, "owner");
                var reference = ReferenceTo(owner);
                (reference["apiVersion"], reference["kind"]) = (version.ApiVersion, version.Kind);
                var name = $"of-{version.Plural}-{version.Group}-{version.Version}".ToLowerInvariant();
                await Registry.PutAsync(BuiltIn.Secrets, new JsonObject
                {
                    ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "default", ["ownerReferences"] = new JsonArray(reference) },
                });
                await Registry.RemoveAsync(type, owner.Key);
                await UntilAsync(BuiltIn.Secrets, all => all.Get(new("default", name)) is null);
            }
    }

    [Fact]
    public async Task A_circle_through_every_kind_of_a_namespace_goes_when_one_of_it_does()
    {
        var kinds = Kinds.Where(t => t.Namespaced).ToList();
        var first = await PutAsync(kinds[0], Dependent);
        var before = first;
        foreach (var type in kinds.Skip(1)) before = await PutAsync(type, Dependent, before);
        await Api.ModifyAsync(kinds[0], first.Key, document =>
        {
            document["metadata"]!["ownerReferences"] = new JsonArray(ReferenceTo(before));
            return true;
        }, WriteOptions.Default);
        StartCollector();
        await Api.DeleteAsync(kinds[1], new("default", Dependent), new() { Propagation = Propagation.Foreground }, WriteOptions.Default);
        foreach (var type in kinds) await UntilAsync(type, _ => Find(type) is null);
    }

    [Fact]
    public async Task An_owner_in_another_namespace_is_none()
    {
        StartCollector();
        var owner = await PutAsync(BuiltIn.ConfigMaps, "owner");
        foreach (var type in Kinds.Where(t => t.Namespaced))
            await CreateAsync(type, Dependent, "elsewhere", owner);
        foreach (var type in Kinds.Where(t => t.Namespaced)) await UntilAsync(type, all => all.Get(new("elsewhere", Dependent)) is null);
        Assert.NotNull(Registry[BuiltIn.ConfigMaps].Latest.Get(owner.Key));
    }

    [Fact]
    public async Task What_belongs_to_no_namespace_stays_whatever_it_says_of_an_owner_in_one()
    {
        StartCollector();
        var owner = await PutAsync(BuiltIn.ConfigMaps, "owner");
        var kinds = Kinds.Where(t => !t.Namespaced).ToList();
        foreach (var type in kinds) await PutAsync(type, Dependent, owner);
        await Api.DeleteAsync(BuiltIn.ConfigMaps, owner.Key, new() { Propagation = Propagation.Background }, WriteOptions.Default);
        // What is behind them in the collector's queue has been looked at, so they have been.
        await PutAsync(BuiltIn.Secrets, "last", owner);
        await UntilAsync(BuiltIn.Secrets, all => all.Get(new("default", "last")) is null);
        Assert.Equal(kinds.Select(t => t.Collection), Left);
    }

    [Fact]
    public async Task An_owner_that_waits_goes_when_the_last_that_held_it_no_longer_does()
    {
        StartCollector();
        var owner = await PutAsync(BuiltIn.ConfigMaps, "owner");
        await PutAsync(BuiltIn.Secrets, Dependent, owner);
        await PatchAsync(BuiltIn.Secrets, Dependent, """{"metadata":{"finalizers":["example.com/hold"]}}""");
        await Api.DeleteAsync(BuiltIn.ConfigMaps, owner.Key, new() { Propagation = Propagation.Foreground }, WriteOptions.Default);
        await UntilAsync(BuiltIn.Secrets, all => all.Get(new("default", Dependent))!.Meta.DeletionTimestamp is not null);

        await PatchAsync(BuiltIn.Secrets, Dependent, """{"metadata":{"ownerReferences":null}}""");
        await UntilAsync(BuiltIn.ConfigMaps, all => all.Get(owner.Key) is null);
        Assert.NotNull(Find(BuiltIn.Secrets));
    }
}

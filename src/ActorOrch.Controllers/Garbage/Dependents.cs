using ActorOrch.Registry.Collections;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Controllers.Garbage;

/// <summary>Who refers to whom, over all kinds.</summary>
internal sealed class Dependents(IRegistry registry)
{
    /// <summary>Kinds that take part: all but events, which refer to objects without belonging to them.</summary>
    public static IEnumerable<ResourceType> Kinds(IRegistry registry) => registry.Types.Where(TakesPart);

    private static bool TakesPart(ResourceType type) => type.Id != BuiltIn.Events.Id;

    /// <summary>Waits until this process sees all that was acknowledged before now, so that no dependent is overlooked.</summary>
    public ValueTask CatchUpAsync(CancellationToken cancel) => registry.CatchUpAsync(cancel);

    /// <summary>Every object with an ownerReference to the owner's uid. Namespaced owners have dependents in their namespace alone.</summary>
    public IEnumerable<StoredObject> Of(StoredObject owner) => registry.OwnedBy(owner.Uid)
        .Where(obj => obj.Resource != BuiltIn.Events.Id && (owner.Key.Namespace.Length == 0 || obj.Key.Namespace == owner.Key.Namespace));

    /// <summary>
    /// How an owner stands. It is only called absent after its collection has been asked; a kind that is not served, or a namespaced
    /// owner of a cluster-scoped object, cannot be judged and counts as solid.
    /// </summary>
    public async ValueTask<OwnerState> StateAsync(StoredObject dependent, OwnerReference owner, CancellationToken cancel)
    {
        var type = registry.Serving(owner.ApiVersion, owner.Kind);
        if (type is null && registry.Catalogue.Current.IsGone(owner.ApiVersion, owner.Kind)) return OwnerState.Absent;
        if (type is null || (type.Namespaced && dependent.Key.Namespace.Length == 0)) return OwnerState.Solid;
        var key = new ObjectKey(type.Namespaced ? dependent.Key.Namespace : "", owner.Name);
        var found = registry[type].Latest.Get(key);
        if (found?.Uid != owner.Uid) found = (await registry[type].ReadConsistentAsync(cancel)).Get(key);
        if (found?.Uid != owner.Uid) return OwnerState.Absent;
        return Finalizing.WaitsForDependents(found.Meta) ? OwnerState.Waiting : OwnerState.Solid;
    }
}

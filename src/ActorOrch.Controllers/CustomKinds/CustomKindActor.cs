using System.Text.Json.Nodes;
using ActorOrch.Reconciling;
using ActorOrch.Registry.Api;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Watching;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.CustomKinds;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Controllers.CustomKinds;

/// <summary>Deletes the objects of a kind whose definition is going, and then lets the definition go.</summary>
public sealed class CustomKindActor : ReconcilerActor
{
    internal const string TypeName = "customresourcedefinition";

    /// <summary>How many objects are deleted at once.</summary>
    private const int AtOnce = 64;

    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(100);

    public CustomKindActor(ObjectKey key, ReconcilerServices services) : base(TypeName, key, services)
    {
    }

    public static ReconcilerDefinition Definition(IRegistry registry) => new()
    {
        TypeName = TypeName,
        Primary = BuiltIn.CustomResourceDefinitions,
        Props = (key, services) => ReconcilerDefinition.PropsOf<CustomKindActor>(key, services),
        Watches = [Watch.Own(BuiltIn.CustomResourceDefinitions)],
        WatchOf = type => type.Fingerprint.Length == 0 ? null : new(type, change => change.Kind == ChangeKind.Deleted ? Going(registry, type) : []) { All = () => Going(registry, type) },
    };

    protected override async Task<ReconcileResult> ReconcileAsync(Reconciliation run)
    {
        if (run.Find(BuiltIn.CustomResourceDefinitions) is not { } definition) return ReconcileResult.Gone;
        if (definition.Meta.DeletionTimestamp is null) return ReconcileResult.Settled;
        if (Defines(definition))
        {
            // This process may not have heard yet that there is such a kind, or that nothing is created of it any more. What it heard of the definition is no
            // more than a moment ahead.
            if (run.Registry.Catalogue.Current.Find(CustomKind.IdOf(definition.ToJson())) is not { IsTerminating: true } type) return ReconcileResult.After(Moment);
            foreach (var some in (await run.Registry[type].ReadConsistentAsync(run.Cancel)).Objects.Values.Where(o => o.Meta.DeletionTimestamp is null).Chunk(AtOnce))
                await Task.WhenAll(some.Select(obj => DeleteAsync(run, type, obj)));
            if ((await run.Registry[type].ReadConsistentAsync(run.Cancel)).Count > 0) return ReconcileResult.Settled;
        }
        await FinishAsync(run, definition);
        return ReconcileResult.Settled;
    }

    /// <summary>Whether there is or has been anything of the kind. Of one that is built in, or of none, a definition makes nothing.</summary>
    private static bool Defines(StoredObject definition)
    {
        try
        {
            var id = CustomKind.Read(definition.ToJson()).Id;
            return BuiltIn.All.All(t => t.Id != id);
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static async Task DeleteAsync(Reconciliation run, ResourceType type, StoredObject obj)
    {
        try
        {
            await run.Api.DeleteAsync(type, obj.Key, new() { PreconditionUid = obj.Uid, Propagation = Propagation.Background }, WriteOptions.Default, run.Cancel);
        }
        catch (ApiException gone) when (gone.Code is 404 or 409)
        {
            // Gone already, or another incarnation took the name: the next look shows it.
        }
    }

    private static Task FinishAsync(Reconciliation run, StoredObject definition) =>
        run.Api.ModifyAsync(BuiltIn.CustomResourceDefinitions, definition.Key, document =>
        {
            var metadata = document["metadata"]!.AsObject();
            if (metadata["uid"]?.GetValue<string>() != definition.Uid || metadata["finalizers"] is not JsonArray finalizers) return false;
            var kept = finalizers.Where(f => f?.GetValue<string>() != CustomKind.Finalizer).ToArray();
            if (kept.Length == finalizers.Count) return false;
            finalizers.Clear();
            foreach (var name in kept) finalizers.Add(name);
            if (finalizers.Count == 0) metadata.Remove("finalizers");
            return true;
        }, WriteOptions.Default, run.Cancel);

    private static IEnumerable<ObjectKey> Going(IRegistry registry, ResourceType type)
    {
        var key = ObjectKey.ClusterScoped(type.Id.GroupResource);
        return registry[BuiltIn.CustomResourceDefinitions].Latest.Get(key)?.Meta.DeletionTimestamp is null ? [] : [key];
    }
}

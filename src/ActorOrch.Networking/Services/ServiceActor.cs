using ActorOrch.Reconciling;
using ActorOrch.Registry.Api;
using ActorOrch.Registry.Collections;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;
using Akka.Event;
using k8s.Models;

namespace ActorOrch.Networking.Services;

/// <summary>A service's own actor: keeps its EndpointSlices and its Endpoints object in step with the pods it selects.</summary>
public sealed class ServiceActor : ReconcilerActor
{
    public const string TypeName = "service";

    private const string ZoneLabel = "topology.kubernetes.io/zone";

    public ServiceActor(ObjectKey key, ReconcilerServices services) : base(TypeName, key, services)
    {
    }

    /// <param name="registry">For the pods' wakes, which look up the services that select a pod.</param>
    public static ReconcilerDefinition Definition(IRegistry registry) => new()
    {
        TypeName = TypeName,
        Primary = BuiltIn.Services,
        Props = (key, services) => ReconcilerDefinition.PropsOf<ServiceActor>(key, services),
        Watches = ServiceWakes.All(() => registry),
    };

    protected override async Task<ReconcileResult> ReconcileAsync(Reconciliation run)
    {
        if (run.Find(BuiltIn.Services) is not { } stored)
        {
            await RemoveEndpointsAsync(run);
            return ReconcileResult.Gone;
        }
        var service = stored.As<V1Service>();
        if (service.Spec.Type == "ExternalName") return ReconcileResult.Settled;
        if (ServiceSelectors.Of(stored).Count == 0) await MirrorAsync(run);
        else await SelectAsync(run, stored, service);
        return ReconcileResult.Settled;
    }

    private async Task SelectAsync(Reconciliation run, StoredObject stored, V1Service service)
    {
        // The mirror that serves the lookup must not be older than the service: a pod committed before it may have woken nobody.
        await run.Registry[BuiltIn.Pods].ReadConsistentAsync(run.Cancel);
        var pods = new List<V1Pod>();
        foreach (var pod in run.Registry[BuiltIn.Pods].Lookup(Indexes.Namespace, run.Key.Namespace))
            if (ServiceSelectors.Matches(stored, pod.Meta.Labels)) pods.Add(pod.As<V1Pod>());

        var existing = Slices(run, stored.Uid, EndpointSliceDecision.ManagedBy);
        var actions = EndpointSliceDecision.Decide(service, pods, [.. existing.Values.Select(s => s.As<V1EndpointSlice>())], ZoneOf);
        await Task.WhenAll(ActAsync(run, actions, existing), WriteEndpointsAsync(run, service, pods));

        string? ZoneOf(string node) =>
            run.Registry[BuiltIn.Nodes].Latest.Get(ObjectKey.ClusterScoped(node))?.Meta.Labels.GetValueOrDefault(ZoneLabel);
    }

    private async Task MirrorAsync(Reconciliation run)
    {
        if (run.Find(BuiltIn.Endpoints) is not { } endpoints) return;
        var existing = Slices(run, endpoints.Uid, EndpointsMirroring.ManagedBy);
        await ActAsync(run, EndpointsMirroring.Decide(endpoints.As<V1Endpoints>(), [.. existing.Values.Select(s => s.As<V1EndpointSlice>())]), existing);
    }

    /// <summary>
    /// Slices are deleted with the service, which owns them; Endpoints objects have no owner. One that was made before its Service stays: only what
    /// was kept or mirrored for a Service is deleted with it.
    /// </summary>
    private static async Task RemoveEndpointsAsync(Reconciliation run)
    {
        if (run.Find(BuiltIn.Endpoints) is not { } endpoints) return;
        if (endpoints.Meta.Labels.GetValueOrDefault(LegacyEndpoints.ManagedByLabel) == LegacyEndpoints.ManagedBy
            || Slices(run, endpoints.Uid, EndpointsMirroring.ManagedBy).Count > 0)
            await RemoveAsync(run, BuiltIn.Endpoints, run.Key);
    }

    private static Dictionary<string, StoredObject> Slices(Reconciliation run, string ownerUid, string managedBy)
    {
        var slices = new Dictionary<string, StoredObject>();
        foreach (var slice in run.Registry[BuiltIn.EndpointSlices].Lookup(Indexes.OwnerUid, ownerUid))
            if (slice.Meta.DeletionTimestamp is null && slice.Meta.Labels.GetValueOrDefault(EndpointSliceDecision.ManagedByLabel) == managedBy)
                slices[slice.Key.Name] = slice;
        return slices;
    }

    // Creates and updates before deletes, so that an endpoint that moves between slices is always in one.
    private async Task ActAsync(Reconciliation run, IReadOnlyList<SliceAction> actions, Dictionary<string, StoredObject> existing)
    {
        foreach (var action in actions) Log.Debug("{0} {1}: {2}", Key, action.GetType().Name, action.Reason);
        var writes = new List<Task>();
        foreach (var action in actions)
        {
            if (action is SliceAction.Create create)
                writes.Add(run.Api.CreateAsync(BuiltIn.EndpointSlices, Key.Namespace, Model.ToJson(create.Slice), WriteOptions.Default, run.Cancel));
            else if (action is SliceAction.Update update) writes.Add(UpdateAsync(run, update, existing[update.Existing.Metadata.Name]));
        }
        await Task.WhenAll(writes);
        foreach (var action in actions)
            if (action is SliceAction.Delete delete) await RemoveAsync(run, BuiltIn.EndpointSlices, new(Key.Namespace, delete.Name));
    }

    private static Task UpdateAsync(Reconciliation run, SliceAction.Update update, StoredObject stored)
    {
        var slice = stored.ToJson();
        var wanted = Model.ToJson(new V1EndpointSlice { Endpoints = [.. update.Endpoints], Metadata = new() { Labels = update.Labels } });
        slice["endpoints"] = wanted["endpoints"]!.DeepClone();
        slice["metadata"]!["labels"] = wanted["metadata"]!["labels"]!.DeepClone();
        return run.Api.UpdateAsync(BuiltIn.EndpointSlices, stored.Key, slice, WriteOptions.Default, run.Cancel);
    }

    private static async Task WriteEndpointsAsync(Reconciliation run, V1Service service, List<V1Pod> pods)
    {
        var wanted = LegacyEndpoints.Build(service, pods);
        if (run.Find(BuiltIn.Endpoints) is { } stored)
        {
            if (!LegacyEndpoints.Bring(stored.ToJson(), wanted)) return;
            if (await run.Api.ModifyAsync(BuiltIn.Endpoints, run.Key, obj => LegacyEndpoints.Bring(obj, wanted), WriteOptions.Default, run.Cancel) is not null) return;
        }
        await run.Api.CreateAsync(BuiltIn.Endpoints, run.Key.Namespace, wanted, WriteOptions.Default, run.Cancel);
    }

    private static async Task RemoveAsync(Reconciliation run, ResourceType type, ObjectKey key)
    {
        if (run.Registry[type].Latest.Get(key) is null) return;
        try
        {
            await run.Api.DeleteAsync(type, key, new DeleteRequest(), WriteOptions.Default, run.Cancel);
        }
        catch (ApiException gone) when (gone.Code == 404)
        {
            // Someone was faster; it is as it should be.
        }
    }
}

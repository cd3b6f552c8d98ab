using ActorOrch.Reconciling;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Watching;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;
using k8s.Models;

namespace ActorOrch.Networking.Services;

/// <summary>What wakes a service's reconciler.</summary>
internal static class ServiceWakes
{
    public static IReadOnlyList<Watch> All(Func<IRegistry> registry) =>
    [
        Watch.Own(BuiltIn.Services),
        new(BuiltIn.Pods, change => OfPod(registry(), change)),
        // A slice or Endpoints object that someone else changed or removed is put right; one that was just made needs nothing.
        new(BuiltIn.EndpointSlices, change => change.Kind == ChangeKind.Added ? [] : Watch.Controllers(change, BuiltIn.Services)),
        new(BuiltIn.Endpoints, change => [change.Key]),
    ];

    internal static IEnumerable<ObjectKey> OfPod(IRegistry registry, Change change)
    {
        var previous = change.Kind == ChangeKind.Modified ? change.Previous : null;
        var keys = ServiceSelectors.Selecting(registry[BuiltIn.Services], change.Key.Namespace, change.Object.Meta.Labels, previous?.Meta.Labels);
        // Most changes of a pod mean nothing to a service, and most pods have none: the typed model is looked at last.
        using var selecting = keys.GetEnumerator();
        if (!selecting.MoveNext()) yield break;
        if (previous is not null && !Matters(change.Object, previous)) yield break;
        do yield return selecting.Current;
        while (selecting.MoveNext());
    }

    /// <summary>Whether two versions of a pod make different endpoints.</summary>
    internal static bool Matters(StoredObject now, StoredObject before)
    {
        if ((now.Meta.DeletionTimestamp is null) != (before.Meta.DeletionTimestamp is null) || now.Uid != before.Uid) return true;
        if (now.Meta.Labels.Count != before.Meta.Labels.Count || now.Meta.Labels.Any(l => before.Meta.Labels.GetValueOrDefault(l.Key) != l.Value)) return true;
        var (pod, old) = (now.As<V1Pod>(), before.As<V1Pod>());
        if (PodEndpoint.IsEndpoint(pod) != PodEndpoint.IsEndpoint(old) || PodEndpoint.IsReady(pod) != PodEndpoint.IsReady(old)) return true;
        if (pod.Spec.NodeName != old.Spec.NodeName || pod.Spec.Hostname != old.Spec.Hostname || pod.Spec.Subdomain != old.Spec.Subdomain) return true;
        return !Addresses(pod).SequenceEqual(Addresses(old));
    }

    private static IEnumerable<string?> Addresses(V1Pod pod) => (pod.Status?.PodIPs ?? []).Select(ip => ip.Ip).Prepend(pod.Status?.PodIP);
}

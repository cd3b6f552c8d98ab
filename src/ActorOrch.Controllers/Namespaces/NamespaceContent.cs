using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Kinds;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Controllers.Namespaces;

/// <summary>What is still in a namespace that is terminating, and what is deleted next. Pure.</summary>
/// <param name="Delete">Objects to delete now.</param>
/// <param name="Remaining">How many objects of each kind are there.</param>
/// <param name="Finalizers">How many objects each finalizer holds back.</param>
public sealed record NamespaceContent(
    IReadOnlyList<StoredObject> Delete, IReadOnlyDictionary<ResourceId, int> Remaining, IReadOnlyDictionary<string, int> Finalizers)
{
    public bool IsEmpty => Remaining.Count == 0;

    /// <summary>
    /// Workloads and pods are deleted first; the rest waits until no pod is left, since a pod that shuts down may still use its
    /// configuration, its account and its services.
    /// </summary>
    /// <param name="stageOf">When it comes to an object.</param>
    public static NamespaceContent Of(IEnumerable<StoredObject> objects, Func<StoredObject, DeletionStage> stageOf)
    {
        var anyPod = false;
        List<StoredObject> first = [], rest = [];
        var remaining = new Dictionary<ResourceId, int>();
        var finalizers = new Dictionary<string, int>();
        foreach (var obj in objects)
        {
            remaining[obj.Resource] = remaining.GetValueOrDefault(obj.Resource) + 1;
            foreach (var finalizer in obj.Meta.Finalizers) finalizers[finalizer] = finalizers.GetValueOrDefault(finalizer) + 1;
            var stage = stageOf(obj);
            anyPod |= stage == DeletionStage.Pod;
            if (obj.Meta.DeletionTimestamp is not null) continue;
            (stage == DeletionStage.AfterPods ? rest : first).Add(obj);
        }
        return new(anyPod ? first : [.. first, .. rest], remaining, finalizers);
    }
}

using ActorOrch.Resources.Objects;

namespace ActorOrch.Scheduling.Relations;

/// <summary>What the terms of other pods see of a pod.</summary>
/// <param name="Terminating">It is being deleted: spread constraints count it no longer.</param>
public readonly record struct PodIdentity(string Namespace, IReadOnlyDictionary<string, string> Labels, bool Terminating = false)
{
    /// <summary>A pod of no namespace and without labels: no term that names a namespace sees it.</summary>
    public static readonly PodIdentity None = new("", new Dictionary<string, string>());

    public static PodIdentity Of(StoredObject pod) => new(pod.Key.Namespace, pod.Meta.Labels, pod.Meta.DeletionTimestamp is not null);
}

using ActorOrch.Agent.Pods.Isolation;
using ActorOrch.Resources.Numbers;
using ActorOrch.Resources.Quantities;
using k8s.Models;

namespace ActorOrch.Agent.Pods.Storage;

/// <summary>What a pod uses of its node's disk, in bytes.</summary>
/// <param name="Volumes">By the names of its emptyDirs; those that were not measured are missing.</param>
/// <param name="Containers">What they have written to their own file systems and logs, by name.</param>
internal sealed record StorageUsage(IReadOnlyDictionary<string, long> Volumes, IReadOnlyDictionary<string, long> Containers);

/// <summary>How much of its node's disk a pod may use: by its emptyDirs' <c>sizeLimit</c>, and by its containers' limits of <c>ephemeral-storage</c>. Pure.</summary>
internal sealed class StorageLimits
{
    private const string EphemeralStorage = "ephemeral-storage";
    private const string Evicted = "Evicted";

    private StorageLimits(Dictionary<string, Quantity> volumes, Dictionary<string, Quantity> containers, Quantity? total) =>
        (Volumes, Containers, Total) = (volumes, containers, total);

    public IReadOnlyDictionary<string, Quantity> Volumes { get; }
    public IReadOnlyDictionary<string, Quantity> Containers { get; }

    /// <summary>Of the whole pod; null where no container has a limit.</summary>
    public Quantity? Total { get; }

    /// <summary>Null where the pod has no limit, and nothing need be measured.</summary>
    public static StorageLimits? Of(V1PodSpec spec)
    {
        var volumes = new Dictionary<string, Quantity>(StringComparer.Ordinal);
        foreach (var volume in spec.Volumes ?? [])
            if (Limit(volume.EmptyDir?.SizeLimit?.ToString()) is { } limit) volumes[volume.Name] = limit;
        var containers = new Dictionary<string, Quantity>(StringComparer.Ordinal);
        foreach (var container in spec.Containers.Concat(spec.InitContainers ?? []))
            if (Limit(Text(container)) is { } limit) containers[container.Name] = limit;
        return volumes.Count + containers.Count == 0 ? null : new(volumes, containers, containers.Count > 0 ? Sum(spec, containers) : null);
    }

    /// <summary>Why the pod is evicted, in upstream's words and order; null where it keeps within its limits.</summary>
    public Rejection? Excess(StorageUsage usage)
    {
        foreach (var (name, limit) in Volumes)
            if (usage.Volumes.TryGetValue(name, out var used) && Exceeds(used, limit)) return new(Evicted, $"Usage of EmptyDir volume \"{name}\" exceeds the limit \"{limit}\". ");
        if (Total is { } total && Exceeds(usage.Containers.Values.Concat(usage.Volumes.Values).Aggregate(0L, Saturating.Add), total))
            return new(Evicted, $"Pod ephemeral local storage usage exceeds the total limit of containers {total}. ");
        foreach (var (name, limit) in Containers)
            if (usage.Containers.TryGetValue(name, out var used) && Exceeds(used, limit)) return new(Evicted, $"Container {name} exceeded its local ephemeral storage limit \"{limit}\". ");
        return null;
    }

    /// <summary>How much of an emptyDir need be counted to know that a limit is exceeded.</summary>
    public long Enough(string volume) =>
        Math.Max(Volumes.TryGetValue(volume, out var limit) ? limit.Value : 0, Total is { } total ? total.Value : 0);

    /// <summary>Containers and sidecars together, or the hungriest moment of initialization where that is more: as requests are summed up.</summary>
    private static Quantity Sum(V1PodSpec spec, Dictionary<string, Quantity> limits)
    {
        var (running, sidecars, initialization) = (Quantity.Zero, Quantity.Zero, Quantity.Zero);
        foreach (var container in spec.Containers) running += limits.GetValueOrDefault(container.Name);
        foreach (var container in spec.InitContainers ?? [])
        {
            var limit = limits.GetValueOrDefault(container.Name);
            if (container.RestartPolicy == "Always") (running, sidecars) = (running + limit, sidecars + limit);
            var now = container.RestartPolicy == "Always" ? sidecars : limit + sidecars;
            if (now > initialization) initialization = now;
        }
        return initialization > running ? initialization : running;
    }

    private static bool Exceeds(long used, Quantity limit) => Quantity.FromValue(used) > limit;

    private static string? Text(V1Container container) =>
        container.Resources?.Limits is { } limits && limits.TryGetValue(EphemeralStorage, out var limit) ? limit.ToString() : null;

    /// <summary>As upstream: a limit of nothing is none.</summary>
    private static Quantity? Limit(string? text) => Quantity.TryParse(text, out var limit) && limit.Sign > 0 ? limit : null;
}

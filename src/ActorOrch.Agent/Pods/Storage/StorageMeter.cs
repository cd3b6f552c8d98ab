using ActorOrch.Agent.Files;
using ActorOrch.Agent.Pods.Isolation;
using ActorOrch.Agent.Runtimes;
using ActorOrch.Agent.Volumes;
using k8s.Models;

namespace ActorOrch.Agent.Pods.Storage;

/// <summary>Measures what a pod uses of the disk: neither the engine nor a file system without quotas tells when a limit is passed.</summary>
internal sealed class StorageMeter(IContainerRuntime runtime, VolumeManager volumes)
{
    /// <summary>Why the pod is evicted; null where it keeps within its limits, or where some of it cannot be measured now.</summary>
    /// <param name="running">Names and ids of the pod's running containers.</param>
    public async Task<Rejection?> CheckAsync(V1Pod pod, StorageLimits limits, IReadOnlyList<(string Name, string Id)> running, CancellationToken cancel)
    {
        var used = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var volume in pod.Spec.Volumes ?? [])
        {
            var counts = volume.EmptyDir is { Medium: not "Memory" } && limits.Total is not null;
            if (volume.EmptyDir is not null && (counts || limits.Volumes.ContainsKey(volume.Name))) used[volume.Name] = SizeOf(pod, volume, limits, cancel);
        }
        var written = new Dictionary<string, long>(StringComparer.Ordinal);
        if (limits.Total is not null)
            foreach (var (name, id) in running)
                if (await runtime.WrittenBytesAsync(id, cancel).ConfigureAwait(false) is { } bytes) written[name] = bytes;
        return limits.Excess(new(used, written));
    }

    private long SizeOf(V1Pod pod, V1Volume volume, StorageLimits limits, CancellationToken cancel)
    {
        using var directory = volumes.Find(pod, volume);
        return directory is null ? 0 : TreeSize.Of(directory, limits.Enough(volume.Name), cancel);
    }
}

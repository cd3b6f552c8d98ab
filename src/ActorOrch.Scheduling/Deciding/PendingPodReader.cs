using System.Text.Json;
using ActorOrch.Resources.Objects;
using ActorOrch.Scheduling.Modelling;
using ActorOrch.Scheduling.Relations;

namespace ActorOrch.Scheduling.Deciding;

/// <summary>A pod as the scheduler sees it. One of the three holds, or none: then the pod is no concern of ours.</summary>
/// <param name="Pending">It waits for us.</param>
/// <param name="NodeName">It counts against this node's allocatable resources (<see cref="Shape"/>).</param>
public readonly record struct PodReading(PendingPod? Pending, string? NodeName, PodShape? Shape);

/// <summary>Reads what scheduling needs out of a pod's bytes, without a typed model.</summary>
/// <param name="context">Of the cluster that they are placed in.</param>
public sealed class PendingPodReader(PlacementContext context, string schedulerName = "default-scheduler")
{
    private readonly PodShapes _shapes = new(context);

    public PodReading Read(StoredObject pod)
    {
        using var document = JsonDocument.Parse(pod.Json);
        var root = document.RootElement;
        if (!root.TryGetProperty("spec", out var spec)) return default;
        // What has ended no longer holds anything; what is terminating still does.
        if (root.TryGetProperty("status", out var status) && JsonReading.Text(status, "phase") is "Succeeded" or "Failed") return default;
        var nodeName = JsonReading.Text(spec, "nodeName");
        if (nodeName.Length > 0) return new(null, nodeName, _shapes.Of(spec, PodIdentity.Of(pod)));
        if (!IsOurs(spec) || !Waits(pod, spec)) return default;
        var priority = spec.TryGetProperty("priority", out var number) && number.ValueKind == JsonValueKind.Number ? number.GetInt32() : 0;
        return new(new(pod, _shapes.Of(spec, PodIdentity.Of(pod)), priority), null, null);
    }

    /// <summary>Whether a pod has no node, and one may be chosen for it.</summary>
    public static bool Waits(StoredObject pod)
    {
        using var document = JsonDocument.Parse(pod.Json);
        return document.RootElement.TryGetProperty("spec", out var spec) && JsonReading.Text(spec, "nodeName").Length == 0 && Waits(pod, spec);
    }

    private static bool Waits(StoredObject pod, JsonElement spec) => pod.Meta.DeletionTimestamp is null && !IsGated(spec);

    private bool IsOurs(JsonElement spec)
    {
        var wanted = JsonReading.Text(spec, "schedulerName");
        return wanted == schedulerName || (wanted.Length == 0 && schedulerName == "default-scheduler");
    }

    private static bool IsGated(JsonElement spec) => JsonReading.Items(spec, "schedulingGates").Any();
}

using System.Text.Json;
using ActorOrch.Resources.Objects;
using ActorOrch.Resources.Timing;

namespace ActorOrch.Controllers.ReplicaSets;

/// <summary>
/// The few facts of a pod that counting and ranking need, read from the bytes in one pass and kept for a while:
/// a set of many pods is looked at after each change of one of them.
/// </summary>
public sealed class PodFacts
{
    private PodFacts(StoredObject pod)
    {
        Pod = pod;
        using var document = JsonDocument.Parse(pod.Json);
        var root = document.RootElement;
        if (root.TryGetProperty("spec", out var spec)) NodeName = Text(spec, "nodeName") ?? "";
        if (!root.TryGetProperty("status", out var status)) return;
        Phase = Text(status, "phase") ?? "";
        ReadConditions(status);
        if (!status.TryGetProperty("containerStatuses", out var containers) || containers.ValueKind != JsonValueKind.Array) return;
        foreach (var container in containers.EnumerateArray())
            if (container.TryGetProperty("restartCount", out var count)) Restarts = Math.Max(Restarts, count.GetInt32());
    }

    public StoredObject Pod { get; }
    public string NodeName { get; } = "";
    public string Phase { get; } = "";
    public bool Ready { get; private set; }

    /// <summary>When it became ready or ceased to be, where known.</summary>
    public DateTimeOffset? ReadySince { get; private set; }

    /// <summary>The most restarts of any of its containers.</summary>
    public int Restarts { get; }

    /// <summary>The annotation <c>controller.kubernetes.io/pod-deletion-cost</c>: cheaper pods are deleted first.</summary>
    public int DeletionCost =>
        Pod.Meta.Annotations.TryGetValue("controller.kubernetes.io/pod-deletion-cost", out var text) && int.TryParse(text, out var cost) ? cost : 0;

    public bool Finished => Phase is "Succeeded" or "Failed";
    public bool Terminating => Pod.Meta.DeletionTimestamp is not null;

    /// <summary>Whether it counts as a replica: neither finished nor going away.</summary>
    public bool Active => !Finished && !Terminating;

    public static PodFacts Of(StoredObject pod) => pod.Facts(static p => new PodFacts(p));

    /// <summary>Ready for at least <paramref name="minReadySeconds"/>.</summary>
    public bool Available(int minReadySeconds, DateTimeOffset now) => AvailableIn(minReadySeconds, now) is { } wait && wait <= TimeSpan.Zero;

    /// <summary>How long a ready pod still has to stay so in order to be available; null where it is not ready.</summary>
    public TimeSpan? AvailableIn(int minReadySeconds, DateTimeOffset now)
    {
        if (!Ready) return null;
        if (minReadySeconds <= 0) return TimeSpan.Zero;
        return ReadySince is { } since ? since.After(minReadySeconds) - now : null;
    }

    private void ReadConditions(JsonElement status)
    {
        if (!status.TryGetProperty("conditions", out var conditions) || conditions.ValueKind != JsonValueKind.Array) return;
        foreach (var condition in conditions.EnumerateArray())
        {
            if (Text(condition, "type") != "Ready") continue;
            Ready = Text(condition, "status") == "True";
            if (condition.TryGetProperty("lastTransitionTime", out var time) && time.ValueKind == JsonValueKind.String) ReadySince = time.GetDateTimeOffset();
        }
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

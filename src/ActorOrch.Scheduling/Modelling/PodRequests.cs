using System.Text.Json;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Scheduling.Modelling;

/// <summary>What a pod asks of its node.</summary>
/// <param name="Requests">What must be free.</param>
/// <param name="Scored">The same with upstream's minimum for each container that names none, so that such pods weigh something when nodes are compared.</param>
public sealed record PodRequests(ResourceAmounts Requests, ResourceAmounts Scored)
{
    /// <summary>What a container without a CPU request counts when nodes are compared: 0.1 CPU.</summary>
    public const long DefaultMilliCpu = 100;

    /// <summary>What a container without a memory request counts when nodes are compared: 200 MiB.</summary>
    public const long DefaultMemory = 200L << 20;

    /// <summary>
    /// Sums up a pod's <c>spec</c>: the containers and the restartable init containers together, or the hungriest moment of
    /// initialization where that is more, plus the overhead (Pod Overhead, Sidecar Containers in the Kubernetes documentation).
    /// </summary>
    public static PodRequests Of(JsonElement spec) => new(Sum(spec, static list => list), Sum(spec, WithDefaults));

    private static ResourceAmounts Sum(JsonElement spec, Func<ResourceAmounts, ResourceAmounts> adjust)
    {
        var running = ResourceAmounts.None;
        foreach (var container in JsonReading.Items(spec, "containers")) running = running.Plus(adjust(Requested(container)));
        var sidecars = ResourceAmounts.None;
        var initialization = ResourceAmounts.None;
        foreach (var container in JsonReading.Items(spec, "initContainers"))
        {
            var requested = adjust(Requested(container));
            if (IsSidecar(container))
            {
                running = running.Plus(requested);
                sidecars = sidecars.Plus(requested);
                initialization = initialization.Most(sidecars);
            }
            else
            {
                initialization = initialization.Most(requested.Plus(sidecars));
            }
        }
        var total = running.Most(initialization);
        return spec.TryGetProperty("overhead", out var overhead) ? total.Plus(ResourceAmounts.Read(overhead)) : total;
    }

    internal static bool IsSidecar(JsonElement initContainer) =>
        initContainer.TryGetProperty("restartPolicy", out var policy) && policy.ValueEquals("Always");

    private static ResourceAmounts Requested(JsonElement container) =>
        container.TryGetProperty("resources", out var resources) && resources.TryGetProperty("requests", out var requests)
            ? ResourceAmounts.Read(requests)
            : ResourceAmounts.None;

    private static ResourceAmounts WithDefaults(ResourceAmounts requested) => requested with
    {
        MilliCpu = requested.MilliCpu == 0 ? DefaultMilliCpu : requested.MilliCpu,
        Memory = requested.Memory == 0 ? DefaultMemory : requested.Memory,
    };
}

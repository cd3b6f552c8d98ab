using System.Globalization;
using System.Text.Json;
using ActorOrch.Agent.Pods.Isolation;
using ActorOrch.Resources.Numbers;
using ActorOrch.Scheduling.Modelling;
using PlaceableNode = ActorOrch.Scheduling.Modelling.NodeDescription;

namespace ActorOrch.Agent.Nodes.Admission;

/// <summary>
/// What the pods of a node ask for, and whether another one fits beside them, as the kubelet looks at it before it takes a pod: one that was
/// bound past the scheduler may ask for more than there is. A node has few pods, so they are summed up anew each time. Not thread-safe.
/// </summary>
internal sealed class NodeRoom
{
    private const string HugePages = "hugepages-";
    private readonly Dictionary<string, PodShape> _pods = [];
    private readonly PodShapes _shapes = new();

    public PodShape ShapeOf(byte[] podJson)
    {
        using var document = JsonDocument.Parse(podJson);
        return _shapes.Of(document.RootElement.TryGetProperty("spec", out var spec) ? spec : document.RootElement);
    }

    public void Take(string uid, PodShape pod) => _pods[uid] = pod;

    public void Release(string uid) => _pods.Remove(uid);

    /// <summary>Null where the pod fits.</summary>
    /// <param name="scheduled">It was bound by a binding, for which its node's labels were looked at: what is known of them here may be older.</param>
    public Rejection? Refusal(PodShape pod, PlaceableNode node, bool scheduled) =>
        OutOf(pod, node)
        ?? (scheduled || pod.Selection.Matches(node.Name, node.Labels) ? null : Failed("NodeAffinity", "node(s) didn't match Pod's node affinity/selector"))
        ?? (_pods.Values.Any(other => Conflict(pod, other)) ? Failed("NodePorts", "node(s) didn't have free ports for the requested pod ports") : null);

    private Rejection? OutOf(PodShape pod, PlaceableNode node)
    {
        var used = _pods.Values.Aggregate(ResourceAmounts.None, (sum, other) => sum.Plus(other.Requests.Requests));
        var (wanted, has) = (pod.Requests.Requests, node.Allocatable);
        return (node.AllowedPods <= _pods.Count ? Lacking("pods", 1, _pods.Count, node.AllowedPods) : null)
            ?? Lack("cpu", wanted.MilliCpu, used.MilliCpu, has.MilliCpu)
            ?? Lack("memory", wanted.Memory, used.Memory, has.Memory)
            ?? Lack("ephemeral-storage", wanted.EphemeralStorage, used.EphemeralStorage, has.EphemeralStorage)
            // As upstream: what the node has never heard of is the cluster's business.
            ?? wanted.Extended.Where(w => has.Extended.ContainsKey(w.Key) || w.Key.StartsWith(HugePages, StringComparison.Ordinal))
                .OrderBy(w => w.Key, StringComparer.Ordinal)
                .Select(w => Lack(w.Key, w.Value, used.Extended.GetValueOrDefault(w.Key), has.Extended.GetValueOrDefault(w.Key)))
                .FirstOrDefault(lack => lack is not null);
    }

    private static Rejection? Lack(string resource, long wanted, long used, long has) =>
        wanted > 0 && Saturating.Add(wanted, used) > has ? Lacking(resource, wanted, used, has) : null;

    /// <summary>CPU is told in thousandths, as upstream does.</summary>
    private static Rejection Lacking(string resource, long wanted, long used, long has) => new(
        $"OutOf{resource}", string.Create(CultureInfo.InvariantCulture, $"Node didn't have enough resource: {resource}, requested: {wanted}, used: {used}, capacity: {has}"));

    private static Rejection Failed(string predicate, string why) => new(predicate, $"Predicate {predicate} failed: {why}");

    private static bool Conflict(PodShape one, PodShape other) => one.HostPorts.Any(port => other.HostPorts.Any(port.ConflictsWith));
}

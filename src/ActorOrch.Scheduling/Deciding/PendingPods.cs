using ActorOrch.Resources.Objects;
using ActorOrch.Scheduling.Modelling;

namespace ActorOrch.Scheduling.Deciding;

/// <summary>
/// The pods that wait, grouped by shape: when one of a shape fits nowhere, none does, until something opens up. So a hundred
/// thousand pods that cannot be placed cost no more than one.
/// </summary>
public sealed class PendingPods
{
    private readonly Dictionary<ObjectKey, PendingPod> _pods = [];
    private readonly Dictionary<PodShape, Group> _groups = [];
    private long _settled;

    public int Count => _pods.Count;

    public PendingPod? Find(ObjectKey key) => _pods.GetValueOrDefault(key);

    public IEnumerable<PendingPod> All => _pods.Values;

    /// <summary>Follows the selectors that came, and the labels of namespaces: pods that match others than before have another shape.</summary>
    public void Settle(ClusterModel cluster, Placer placer)
    {
        var context = cluster.Context;
        if (context.IsCrowded)
        {
            cluster.Forget(_groups.Keys);
            placer.Forget();
        }
        cluster.Settle();
        while (_settled != context.Version)
        {
            _settled = context.Version;
            foreach (var pod in _pods.Values.ToArray())
                if (pod.Shape.For(pod.Identity, context) is var shape && !ReferenceEquals(shape, pod.Shape)) Put(pod with { Shape = shape });
            cluster.Settle();
        }
    }

    public void Put(PendingPod pod)
    {
        if (_pods.TryGetValue(pod.Key, out var known))
        {
            var group = _groups[known.Shape];
            if (ReferenceEquals(known.Shape, pod.Shape) && known.Uid == pod.Uid && known.Priority == pod.Priority)
            {
                // Only its status or labels changed: what it was told still holds.
                group.Pods.Remove(known);
                group.Pods.Add(pod);
                if (group.Untold.Remove(known)) group.Untold.Add(pod);
                _pods[pod.Key] = pod;
                return;
            }
            Remove(pod.Key);
        }
        _pods[pod.Key] = pod;
        if (!_groups.TryGetValue(pod.Shape, out var own)) _groups[pod.Shape] = own = new();
        own.Pods.Add(pod);
        own.Untold.Add(pod);
    }

    public void Remove(ObjectKey key)
    {
        if (!_pods.Remove(key, out var pod)) return;
        var group = _groups[pod.Shape];
        group.Pods.Remove(pod);
        group.Untold.Remove(pod);
        if (group.Pods.Count == 0) _groups.Remove(pod.Shape);
    }

    /// <summary>
    /// Decides up to <paramref name="most"/> placements, in turn, and places them in <paramref name="cluster"/>; the placed leave
    /// the queue. Pods that fit nowhere are told why: at once, and again when the reasons have changed, but not within
    /// <paramref name="retell"/>, since every pod that comes or goes elsewhere changes the counts.
    /// </summary>
    public Decision Decide(ClusterModel cluster, Placer placer, int most, DateTimeOffset now, TimeSpan retell)
    {
        Settle(cluster, placer);
        var placements = new List<(PendingPod Pod, string Node)>();
        var refusals = new List<(PendingPod Pod, Verdict Verdict)>();
        var heads = new PriorityQueue<Group, PendingPod>(PendingPod.InTurn);
        foreach (var (shape, group) in _groups)
            if (group.RefusedAt != Chances(shape, cluster)) heads.Enqueue(group, group.Pods.Min!);
            else group.Tell(refusals, placer, now, retell);
        while (placements.Count < most && heads.TryDequeue(out var group, out var pod))
        {
            if (placer.Choose(pod.Shape) is not { } node)
            {
                group.RefusedAt = Chances(pod.Shape, cluster);
                group.Outdated = true;
                group.Tell(refusals, placer, now, retell);
                continue;
            }
            cluster.PutPod(pod.Uid, pod.Shape, node.Name, pod.Identity);
            placements.Add((pod, node.Name));
            Remove(pod.Key);
            if (group.Pods.Count > 0) heads.Enqueue(group, group.Pods.Min!);
        }
        return new(placements, refusals, More: heads.Count > 0 || HasNewChances(cluster), Outdated: _groups.Values.Any(g => g.Outdated && g.Pods.Count > 0));
    }

    // A number that rises when a pod of the shape that fitted nowhere may fit now.
    private static long Chances(PodShape shape, ClusterModel cluster) => cluster.Openings + (shape.WaitsForPods ? cluster.Arrivals : 0);

    // What was placed in a round may be what was waited for by those that were refused before.
    private bool HasNewChances(ClusterModel cluster)
    {
        foreach (var (shape, group) in _groups)
            if (shape.WaitsForPods && group.RefusedAt != Chances(shape, cluster)) return true;
        return false;
    }

    private sealed class Group
    {
        internal SortedSet<PendingPod> Pods { get; } = new(PendingPod.InTurn);

        /// <summary>Those that have not heard the verdict.</summary>
        internal HashSet<PendingPod> Untold { get; } = [];

        /// <summary>The chances at which none of the shape fitted.</summary>
        internal long RefusedAt { get; set; } = -1;

        /// <summary>The verdict may no longer say how it is.</summary>
        internal bool Outdated { get; set; }

        private Verdict? _verdict;
        private DateTimeOffset _toldAt;

        internal void Tell(List<(PendingPod, Verdict)> refusals, Placer placer, DateTimeOffset now, TimeSpan retell)
        {
            if (Outdated && (_verdict is null || now - _toldAt >= retell))
            {
                var verdict = placer.Explain(Pods.Min!.Shape);
                if (verdict.Message != _verdict?.Message) Untold.UnionWith(Pods);
                _verdict = verdict;
                _toldAt = now;
                Outdated = false;
            }
            foreach (var pod in Untold) refusals.Add((pod, _verdict!));
            Untold.Clear();
        }
    }
}

/// <summary>What one round decided.</summary>
/// <param name="Refusals">Pods that fit nowhere; the caller writes only what is new.</param>
/// <param name="More">Pods are left that may fit: the round was full.</param>
/// <param name="Outdated">Some verdicts may have changed but were told too lately to be told again.</param>
public sealed record Decision(
    IReadOnlyList<(PendingPod Pod, string Node)> Placements, IReadOnlyList<(PendingPod Pod, Verdict Verdict)> Refusals, bool More, bool Outdated);

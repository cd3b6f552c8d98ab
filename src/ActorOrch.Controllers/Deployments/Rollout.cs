using ActorOrch.Resources.Numbers;

namespace ActorOrch.Controllers.Deployments;

/// <summary>The core of a Deployment: which of its ReplicaSets gets how many replicas next. Pure.</summary>
public sealed class Rollout
{
    private readonly DeploymentView _deployment;
    private readonly List<ReplicaSetView> _old;
    private readonly ReplicaSetView? _current;
    private readonly bool _oldPodsRunning;

    /// <summary>What becomes of each set, by name; sets that nothing happens to are not in it.</summary>
    private readonly Dictionary<string, ReplicaSetChange> _changes = [];

    private ReplicaSetCreation? _create;
    private IReadOnlyList<ReplicaSetView> _delete = [];
    private string _reason = "nothing to do";

    private Rollout(DeploymentView deployment, IReadOnlyList<ReplicaSetView> sets, bool oldPodsRunning)
    {
        _deployment = deployment;
        _oldPodsRunning = oldPodsRunning;
        List<ReplicaSetView> byAge = [.. sets.OrderBy(s => s.Created).ThenBy(s => s.Name, StringComparer.Ordinal)];
        _current = byAge.Find(s => s.IsCurrent);
        _old = byAge.FindAll(s => s != _current);
    }

    private long NextRevision => _old.Count == 0 ? 1 : Saturating.Add(_old.Max(s => s.Revision), 1);

    private IEnumerable<ReplicaSetView> All => (_current is null ? _old : _old.Append(_current)).Select(Now);

    /// <param name="oldPodsRunning">For Recreate: pods of old sets exist that have not finished, terminating ones included.</param>
    public static RolloutDecision Decide(DeploymentView deployment, IReadOnlyList<ReplicaSetView> sets, bool oldPodsRunning)
    {
        var rollout = new Rollout(deployment, sets, oldPodsRunning);
        if (!deployment.Deleting) rollout.Decide();
        return new(rollout._create, [.. rollout._changes.Values], rollout._delete, rollout._reason);
    }

    private void Decide()
    {
        if (_current is not null)
            Change(_current, _current.Replicas, RolloutAnnotations.ForCurrent(_deployment, _current.Annotations, NextRevision), _deployment.MinReadySeconds);
        if (_deployment.Paused || IsScaling())
        {
            if (_deployment.Paused) CleanUp();
            foreach (var (set, replicas) in ProportionalScaling.Sizes(_deployment, _current, _old)) Scale(set, replicas, "the Deployment was scaled");
            return;
        }
        if (_deployment.Recreate) DecideRecreate();
        else DecideRollingUpdate();
        if (_deployment.Status.IsComplete(_deployment)) CleanUp();
    }

    // Recreate with several active sets (the strategy was changed half-way) is brought to one set first.
    private bool IsScaling() =>
        (!_deployment.Recreate || All.Count(s => s.Active) <= 1)
        && All.Any(s => s.Active && RolloutAnnotations.Number(s.Annotations, RolloutAnnotations.DesiredReplicas) is { } desired && desired != _deployment.Replicas);

    private void DecideRecreate()
    {
        var active = _old.FindAll(s => s.Active);
        if (active.Count > 0)
        {
            foreach (var set in active) Scale(set, 0, "old pods go before new ones come");
            return;
        }
        if (_oldPodsRunning || _old.Exists(s => s.ActualReplicas > 0))
        {
            _reason = "waiting for old pods to go";
            return;
        }
        if (_current is null) Create(_deployment.Replicas);
        else Scale(_current, _deployment.Replicas, "no old pods are left");
    }

    private void DecideRollingUpdate()
    {
        if (_current is null)
        {
            Create(All.All(s => s.Settled) ? NewReplicas(0) : 0);
            return;
        }
        if (_current.Replicas > _deployment.Replicas)
        {
            Scale(_current, _deployment.Replicas, "more than desired");
            return;
        }
        if (All.Any(s => !s.Settled))
        {
            // A set that is still creating or deleting has pods that its spec does not tell of; a step now could break the bounds.
            _reason = "waiting for replica sets to reach their size";
            return;
        }
        var target = _current.Replicas == _deployment.Replicas ? _current.Replicas : NewReplicas(_current.Replicas);
        if (target != _current.Replicas) Scale(_current, target, "room for more new pods");
        else ScaleDownOld(_current);
    }

    /// <summary>How many replicas the current set may have without exceeding replicas + maxSurge in all.</summary>
    private int NewReplicas(int currentReplicas)
    {
        var room = _deployment.MostPods - All.Sum(s => (long)Math.Max(s.Replicas, s.ActualReplicas));
        return room <= 0 ? currentReplicas : (int)Math.Min(_deployment.Replicas, currentReplicas + room);
    }

    private void ScaleDownOld(ReplicaSetView current)
    {
        var active = _old.FindAll(s => s.Active);
        if (active.Count == 0) return;
        var newUnavailable = current.Replicas - current.LastingAvailable;
        var most = All.Sum(s => (long)s.Replicas) - _deployment.MinAvailable - newUnavailable;
        if (most <= 0)
        {
            _reason = "waiting for new pods to become available";
            return;
        }
        // Old pods that do not work anyway are deleted first: they protect nothing and would hold up the rollout.
        foreach (var set in active)
        {
            var unhealthy = (int)Math.Min(most, set.Replicas - set.LastingAvailable);
            if (unhealthy <= 0) continue;
            Scale(set, set.Replicas - unhealthy, "old pods that are not available");
            most -= unhealthy;
        }
        var spare = All.Sum(s => (long)s.LastingAvailable) - _deployment.MinAvailable;
        foreach (var set in active)
        {
            var now = Now(set);
            var fewer = (int)Math.Min(spare, now.Replicas);
            if (fewer <= 0) continue;
            Scale(set, now.Replicas - fewer, "enough pods are available");
            spare -= fewer;
        }
    }

    private void CleanUp()
    {
        if (_deployment.RevisionHistoryLimit is not { } limit) return;
        var alive = _old.FindAll(s => !s.Deleting);
        _delete = [.. alive.OrderBy(s => s.Revision).Take(Math.Max(0, alive.Count - limit)).Where(s => s.ActualReplicas == 0 && s.Replicas == 0 && s.Observed)];
    }

    private void Create(int replicas)
    {
        var annotations = RolloutAnnotations.ForCurrent(_deployment, new Dictionary<string, string>(), NextRevision);
        RolloutAnnotations.SetSizes(annotations, _deployment);
        _create = new(replicas, annotations);
        _reason = "the pod template is new";
    }

    private void Scale(ReplicaSetView set, int replicas, string reason)
    {
        var now = Now(set);
        var annotations = new Dictionary<string, string>(now.Annotations);
        RolloutAnnotations.SetSizes(annotations, _deployment);
        if (replicas != now.Replicas) _reason = reason;
        Change(set, replicas, annotations, now.MinReadySeconds);
    }

    private void Change(ReplicaSetView set, int replicas, IReadOnlyDictionary<string, string> annotations, int minReadySeconds)
    {
        var change = new ReplicaSetChange(set, replicas, minReadySeconds, annotations);
        if (change.Scales || minReadySeconds != set.MinReadySeconds || !Same(annotations, set.Annotations)) _changes[set.Name] = change;
    }

    private ReplicaSetView Now(ReplicaSetView set) => _changes.TryGetValue(set.Name, out var change) ? change.Changed : set;

    private static bool Same(IReadOnlyDictionary<string, string> a, IReadOnlyDictionary<string, string> b)
    {
        if (a.Count != b.Count) return false;
        foreach (var (name, value) in a)
            if (!b.TryGetValue(name, out var other) || other != value) return false;
        return true;
    }
}

using ActorOrch.Agent.Pods.Isolation;
using ActorOrch.Agent.Pods.Specs;
using ActorOrch.Agent.Pods.Statuses;
using ActorOrch.Agent.Runtimes;

namespace ActorOrch.Agent.Pods;

/// <summary>Whether the pod may run here at all.</summary>
internal sealed partial class PodWorker
{
    private static readonly TimeSpan LongestSandboxRetry = TimeSpan.FromMinutes(1);

    /// <summary>As the kubelet: a pod that runs was admitted; one that has ended stays ended, whatever is left of it.</summary>
    private void Admit(IReadOnlyList<ContainerState> found, Rejection? refusal)
    {
        LookForObstacles();
        if (_pod.Status?.Phase is PodPhases.Failed or PodPhases.Succeeded)
        {
            if (_pod.Status is { Phase: PodPhases.Failed, Reason: { Length: > 0 } reason, ContainerStatuses: not { Count: > 0 } })
                _situation = _situation with { Rejected = new(reason, _pod.Status.Message ?? "") };
            else if (_pod.Status.Reason is { Length: > 0 } || !PodPlan.IsFinished(_situation))
                _situation = _situation with { Doom = new(_pod.Status.Reason ?? "", _pod.Status.Message ?? "") };
            return;
        }
        if (found.Count > 0 || _situation.Going) return;
        if ((PodAdmission.Check(_pod, _environment.Isolation, _environment.Options.AllowedUnsafeSysctls) ?? refusal) is not { } rejection) return;
        Event(null, "Warning", rejection.Reason, rejection.Message);
        _situation = _situation with { Rejected = rejection.AsStatus() };
    }

    /// <summary>The pod has failed by this, and all that runs of it is stopped: by <paramref name="killBy"/>, or within its grace period.</summary>
    private void Fail(Rejection doom, string eventType, DateTimeOffset? killBy)
    {
        _situation = _situation with { Doom = doom, KillBy = killBy };
        Event(null, eventType, doom.Reason, doom.Message);
    }

    private void LookForObstacles()
    {
        var before = _situation.Obstacle;
        _situation = _situation with { Obstacle = SandboxCheck.Obstacle(_pod, _environment.Isolation) };
        if (_situation.Obstacle is { } obstacle && obstacle != before) Event(null, "Warning", "FailedCreatePodSandBox", $"Failed to create pod sandbox: {obstacle}");
    }

    /// <summary>The pod's port may be taken, or its address: nothing tells when it is free, so it is tried less and less often.</summary>
    private static TimeSpan SandboxRetry(int failures) => RestartBackOff.Doubled(EngineRetry, failures + 1, LongestSandboxRetry);
}

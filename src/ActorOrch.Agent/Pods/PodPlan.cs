using ActorOrch.Agent.Pods.Isolation;

namespace ActorOrch.Agent.Pods;

/// <summary>What to do next for a pod. Pure: the same situation and time give the same decision.</summary>
public static class PodPlan
{
    public static readonly KillOrder Deleted = new("Killing", "Stopping container {0}");

    public static PodDecision Decide(PodSituation pod, DateTimeOffset now)
    {
        var plan = new Draft(pod, now);
        if (pod.Going) plan.TearDown();
        else if (pod.Doom is { } doom) plan.StopEverything(doom.Message);
        else if (IsFinished(pod)) plan.StopEverything("every container has run to its end");
        else plan.Run();
        return new(plan.Actions, plan.WakeAt);
    }

    /// <summary>What a pod that has been active for too long has failed by, from now on and whatever becomes of its containers; else null.</summary>
    public static Rejection? Overdue(PodSituation pod, DateTimeOffset now) => pod is { Going: false, Doom: null } && pod.Deadline <= now && !IsFinished(pod)
        ? new("DeadlineExceeded", "Pod was active on the node longer than the specified deadline")
        : null;

    /// <summary>No main container will ever run again (an init container that may not be retried counts too).</summary>
    public static bool IsFinished(PodSituation pod)
    {
        if (pod.Rejected is not null || pod.Doom is not null) return true;
        if (pod.RestartPolicy == RestartPolicy.Always) return false;
        var mains = 0;
        var ended = 0;
        foreach (var container in pod.Containers)
        {
            if (container.Kind == ContainerKind.Init && container is { Current.End.ExitCode: not 0 } && pod.RestartPolicy == RestartPolicy.Never) return true;
            if (container.Kind != ContainerKind.Main) continue;
            mains++;
            if (container is { Current.End: not null } && !MayRestart(pod, container)) ended++;
        }
        return mains > 0 && mains == ended;
    }

    /// <summary>Whether an ended container runs again.</summary>
    public static bool MayRestart(PodSituation pod, ContainerSituation container) => container.Kind switch
    {
        ContainerKind.Sidecar => true,
        ContainerKind.Init => container is { Current.End.ExitCode: not 0 } && pod.RestartPolicy != RestartPolicy.Never,
        _ => pod.RestartPolicy == RestartPolicy.Always
            || (pod.RestartPolicy == RestartPolicy.OnFailure && container is { Current.End.ExitCode: not 0 }),
    };

    private sealed class Draft(PodSituation pod, DateTimeOffset now)
    {
        public List<PodAction> Actions { get; } = [];
        public DateTimeOffset? WakeAt { get; private set; }

        public void TearDown()
        {
            if (StopAll("the pod was deleted", pod.KillBy is null || pod.KillBy > now)) return;
            if (!pod.AnythingBusy) Actions.Add(new PodAction.CleanUp("nothing of the pod runs any more"));
        }

        /// <summary>The pod stays as an object, with what its containers left behind.</summary>
        public void StopEverything(string why)
        {
            if (StopAll(why, pod.KillBy is null || pod.KillBy > now)) return;
            if (pod.Sandbox is { Id: { } id, Running: true, Busy: Busy.No } && !pod.AnythingBusy) Actions.Add(new PodAction.RemoveSandbox(id, why));
        }

        /// <summary>Stops main containers, then sidecars in reverse order. True while any runs.</summary>
        private bool StopAll(string why, bool graceful)
        {
            var running = false;
            foreach (var container in pod.Containers)
            {
                if (container.Kind == ContainerKind.Sidecar || (!container.Running && container.Busy == Busy.No)) continue;
                running = true;
                Stop(container, Deleted, graceful, why);
            }
            if (running) return true;
            for (var i = pod.Containers.Length - 1; i >= 0; i--)
            {
                var sidecar = pod.Containers[i];
                if (!sidecar.Running && sidecar.Busy == Busy.No) continue;
                Stop(sidecar, Deleted, graceful, why);
                return true;
            }
            return false;
        }

        public void Run()
        {
            if (pod.Deadline is { } deadline) Wake(deadline);
            if (pod.Obstacle is not null && !pod.Containers.Any(c => c.Running)) return;
            var ready = PrepareVolumes();
            if (!SandboxRuns()) return;
            var initialized = true;
            foreach (var container in pod.Containers)
            {
                if (!initialized && !container.Running) continue;
                if (container.Running) KeepOrStop(container);
                else if (ready && container.Busy == Busy.No) StartIfDue(container);
                // Once a main container has run, a dying sidecar comes back without holding up the others.
                if (container.Kind == ContainerKind.Init && !container.Succeeded) initialized &= MainsHaveRun();
                if (container.Kind == ContainerKind.Sidecar && !(container.Running && container.Started)) initialized &= MainsHaveRun();
            }
        }

        /// <summary>Init containers are history once a main container has run (in this sandbox).</summary>
        private bool MainsHaveRun() => pod.Containers.Any(c => c.Kind == ContainerKind.Main && c.Current is not null);

        private bool PrepareVolumes()
        {
            if (pod.Volumes == VolumesSituation.Missing) Actions.Add(new PodAction.PrepareVolumes("the volumes are not there"));
            return pod.Volumes == VolumesSituation.Ready;
        }

        private bool SandboxRuns()
        {
            if (pod.Sandbox is not { } sandbox || sandbox.Running) return true;
            if (sandbox.Busy != Busy.No) return false;
            var clear = true;
            foreach (var container in pod.Containers)
            {
                if (container.Running || container.Busy != Busy.No)
                {
                    clear = false;
                    Stop(container, Deleted, graceful: false, "the pod's sandbox has gone, and its network with it");
                }
                else if (container is { Kind: ContainerKind.Init, Current: not null } && sandbox.NextAttempt > 0)
                {
                    Actions.Add(new PodAction.ForgetRun(container.Name, "the pod starts anew in a new sandbox"));
                }
            }
            if (!clear) return false;
            if (sandbox.RetryAt > now) Wake(sandbox.RetryAt.Value);
            else Actions.Add(new PodAction.StartSandbox(sandbox.NextAttempt, "the pod has no sandbox"));
            return false;
        }

        private void KeepOrStop(ContainerSituation container)
        {
            if (container.Kill is { } order) Stop(container, order, graceful: true, order.Message);
            else if (container.Current!.SpecHash != container.SpecHash)
                Stop(container, new("Killing", $"Container {container.Name} definition changed, will be restarted"), graceful: true, "the spec changed");
        }

        private void StartIfDue(ContainerSituation container)
        {
            if (container.RetryAt > now)
            {
                if (container.RetryAt < DateTimeOffset.MaxValue) Wake(container.RetryAt.Value);
                return;
            }
            if (container.Current is not { End: { } end })
            {
                Actions.Add(new PodAction.StartContainer(container.Name, container.NextAttempt, container.BackOff, "it does not run yet"));
                return;
            }
            if (container.Kind == ContainerKind.Init && container.Succeeded) return;
            if (container.Kind == ContainerKind.Init && MainsHaveRun()) return;
            if (!MayRestart(pod, container)) return;
            var due = RestartBackOff.NotBefore(container.BackOff, end.FinishedAt);
            if (due > now) Wake(due);
            else
                Actions.Add(new PodAction.StartContainer(
                    container.Name, container.NextAttempt, RestartBackOff.Next(container.BackOff, end.FinishedAt, now),
                    $"it ended with exit code {end.ExitCode}"));
        }

        private void Stop(ContainerSituation container, KillOrder order, bool graceful, string why)
        {
            if (!container.Running || container.Busy == Busy.Starting || container.Forced) return;
            if (container.Busy == Busy.Stopping && graceful)
            {
                if (pod.KillBy is { } killBy) Wake(killBy);
                return;
            }
            var message = string.Format(System.Globalization.CultureInfo.InvariantCulture, order.Message, container.Name);
            Actions.Add(new PodAction.StopContainer(container.Name, container.Current!.Id, order with { Message = message }, graceful, why));
        }

        private void Wake(DateTimeOffset at) => WakeAt = WakeAt is null || at < WakeAt ? at : WakeAt;
    }
}

using ActorOrch.Agent.Pods.Containers;
using ActorOrch.Agent.Runtimes;
using ActorOrch.Resources.Timing;
using Akka.Actor;
using Akka.Event;
using k8s.Models;

namespace ActorOrch.Agent.Pods;

/// <summary>How messages change the situation.</summary>
internal sealed partial class PodWorker
{
    private void OnUpdated(V1Pod pod)
    {
        var metadataChanged = !Same(_pod.Metadata.Labels, pod.Metadata.Labels) || !Same(_pod.Metadata.Annotations, pod.Metadata.Annotations);
        _pod = pod;
        _context = _context with { Pod = pod };
        _situation = Adoption.WithObject(_situation, pod);
        if (metadataChanged) UseSourcesAgain();
        Evaluate();
    }

    private static bool Same(IDictionary<string, string>? one, IDictionary<string, string>? other) =>
        (one?.Count ?? 0) == (other?.Count ?? 0) && (one is null || one.All(e => other!.TryGetValue(e.Key, out var value) && value == e.Value));

    private void OnGone()
    {
        _situation = _situation with { Going = true, KillBy = Now };
        Evaluate();
    }

    private void OnSourcesChanged()
    {
        UseSourcesAgain();
        Evaluate();
    }

    /// <summary>What failed for want of a source, be it the pod's own metadata, is tried again.</summary>
    private void UseSourcesAgain()
    {
        foreach (var container in _situation.Containers)
            if (container.RetryAt == DateTimeOffset.MaxValue) Change(container.Name, c => c with { RetryAt = null });
        if (_situation.Volumes == VolumesSituation.Failed) _situation = _situation with { Volumes = VolumesSituation.Missing };
        else RefreshVolumes();
    }

    private void RefreshVolumes()
    {
        if (_volumes is not { Count: > 0 } || _situation.Going) return;
        // One at a time: the later one has read the newer objects, and must write last.
        _refreshAgain = _refreshing;
        if (_refreshing) return;
        _refreshing = true;
        var (context, stop) = (_context, _stop.Token);
        Task.Run(() => _environment.Volumes.RefreshAsync(context, stop), stop)
            .PipeTo(Self, Self, () => new PodMessages.VolumesRefreshed(null), failure => new PodMessages.VolumesRefreshed(failure));
    }

    private void OnVolumesRefreshed(Exception? failure)
    {
        if (failure is not null)
            _log.Warning(failure, "the volumes of pod {0}/{1} could not be refreshed", _pod.Metadata.NamespaceProperty, _pod.Metadata.Name);
        _refreshing = false;
        if (_refreshAgain) RefreshVolumes();
    }

    private void OnVolumes(PodMessages.VolumesPrepared prepared)
    {
        if (prepared.Paths is { } paths)
        {
            _volumes = paths;
            _situation = _situation with { Volumes = VolumesSituation.Ready };
        }
        else
        {
            _situation = _situation with { Volumes = VolumesSituation.Failed };
            Event(null, "Warning", "FailedMount", prepared.Error ?? "");
        }
        Evaluate();
    }

    private void OnSandboxStarted(PodMessages.SandboxStarted started)
    {
        var sandbox = _situation.Sandbox! with { Busy = Busy.No, NextAttempt = started.Attempt + 1 };
        if (started.Id is { } id)
        {
            var died = _unclaimed.Remove(id);
            _situation = _situation with { Sandbox = sandbox with { Id = id, Running = !died, RetryAt = null, Failures = 0 } };
            // What failed in the old sandbox, for want of its network, says nothing about the new one.
            foreach (var container in _situation.Containers)
                if (!container.Running && container.Busy == Busy.No) Change(container.Name, c => c with { BackOff = null, Problem = null, RetryAt = null });
        }
        else
        {
            Event(null, "Warning", "FailedCreatePodSandBox", $"Failed to create pod sandbox: {started.Error}");
            _situation = _situation with { Sandbox = sandbox with { RetryAt = Now.After(SandboxRetry(sandbox.Failures)), Failures = sandbox.Failures + 1 } };
        }
        Evaluate();
    }

    private void OnSandboxRemoved(string id)
    {
        _removed.Add(id);
        if (_situation.Sandbox?.Id == id) _situation = _situation with { Sandbox = _situation.Sandbox with { Busy = Busy.No, Running = false, Id = null } };
        Evaluate();
    }

    private void OnStarted(PodMessages.Started message)
    {
        var (name, outcome) = (message.Name, message.Outcome);
        var before = _situation[name];
        if (outcome.Instance is not { } instance)
        {
            Change(name, c => NotStarted(c, outcome));
            Evaluate();
            return;
        }
        if (before.Last is { } oldest && before.Current is not null) RemoveInBackground(oldest.Id);
        _imageBackOffs.Remove(name);
        _unexpected = 0;
        var spec = SpecOf(name);
        Change(name, c => c with
        {
            Busy = Busy.No,
            Last = c.Current ?? c.Last,
            Current = instance,
            Problem = outcome.Problem,
            RetryAt = null,
            Forced = false,
            Kill = outcome.HookFailed ? new("Killing", "FailedPostStartHook") : null,
            Started = spec.StartupProbe is null,
            ProbedReady = spec.ReadinessProbe is null,
        });
        if (_unclaimed.Remove(instance.Id, out var ended)) ReadEnd(_situation[name], ended.ExitCode ?? 0, ended.At);
        else if (instance.Running && !outcome.HookFailed) StartProbes(_situation[name]);
        Evaluate();
    }

    private ContainerSituation NotStarted(ContainerSituation container, StartOutcome outcome)
    {
        var problem = outcome.Problem!;
        if (outcome.Retry == RetryWhen.SourcesChange) return container with { Busy = Busy.No, Problem = problem, RetryAt = DateTimeOffset.MaxValue };
        var now = Now;
        var backOff = RestartBackOff.Next(_imageBackOffs.GetValueOrDefault(container.Name).BackOff, now, now);
        _imageBackOffs[container.Name] = (backOff, now);
        if (problem.Reason == ImagePuller.ErrImagePull)
        {
            // The error itself has been told by an event; what stays to be seen is that it is being waited for.
            var image = SpecOf(container.Name).Image;
            Report(container with { Busy = Busy.No, Problem = problem, RetryAt = now.After(backOff.Delay) });
            Event(PathOf(container), "Normal", "BackOff", $"Back-off pulling image \"{image}\"");
            Event(PathOf(container), "Warning", "Failed", $"Error: {ImagePuller.ImagePullBackOff}");
            problem = new(ImagePuller.ImagePullBackOff, $"Back-off pulling image \"{image}\": {ImagePuller.ErrImagePull}: {problem.Message}");
        }
        return container with { Busy = Busy.No, Problem = problem, RetryAt = now.After(backOff.Delay) };

        void Report(ContainerSituation shown)
        {
            _situation = _situation.With(shown);
            this.Report(terminated: false);
        }
    }

    private void OnStopped(PodMessages.Stopped stopped)
    {
        var container = _situation[stopped.Name];
        if (stopped.Final is null) _removed.Add(stopped.Id);
        if (container.Current?.Id != stopped.Id) return;
        Change(stopped.Name, c => c with { Busy = Busy.No, Kill = null, Forced = false });
        if (container.Running && stopped.Final?.Phase != ContainerPhase.Running)
        {
            if (stopped.Final is { } final) ReadEnd(_situation[stopped.Name], final.ExitCode, final.FinishedAt ?? Now);
            else OnEnded(stopped.Name, stopped.Id, new(137, "Error", null, Now));
        }
        Evaluate();
    }

    private void OnEngine(ContainerEvent happened)
    {
        if (happened.Kind == ContainerEventKind.OutOfMemory) _outOfMemory.Add(happened.ContainerId);
        if (happened.Kind is not (ContainerEventKind.Exited or ContainerEventKind.Removed)) return;
        if (_situation.Sandbox is { } sandbox && sandbox.Id == happened.ContainerId)
        {
            _situation = _situation with { Sandbox = sandbox with { Running = false } };
            Evaluate();
            return;
        }
        foreach (var container in _situation.Containers)
        {
            if (container.Current?.Id != happened.ContainerId) continue;
            if (container.Running) ReadEnd(container, happened.ExitCode ?? 137, happened.At);
            return;
        }
        // It ended before its start was answered.
        if (happened.Kind == ContainerEventKind.Exited && (_situation.Sandbox is { Busy: Busy.Starting } || _situation.Containers.Any(c => c.Busy == Busy.Starting)))
            _unclaimed[happened.ContainerId] = happened;
    }

    private void OnEnded(string name, string id, Termination end)
    {
        var container = _situation[name];
        if (container.Current is not { Running: true } current || current.Id != id) return;
        StopProbes(id);
        Change(name, c => c with
        {
            Current = current with { End = end },
            Started = false,
            ProbedReady = false,
            Kill = null,
            Forced = false,
            Busy = c.Busy == Busy.Stopping ? Busy.No : c.Busy,
        });
        var due = RestartBackOff.NotBefore(container.BackOff, end.FinishedAt);
        if (!_situation.Going && due > Now && PodPlan.MayRestart(_situation, _situation[name]))
            Event(PathOf(container), "Warning", "BackOff",
                $"Back-off restarting failed container {name} in pod {_pod.Metadata.Name}_{_pod.Metadata.NamespaceProperty}({_pod.Metadata.Uid})");
        Evaluate();
    }

    /// <summary>The engine was away: what it says now is what there is.</summary>
    private void OnResync(IReadOnlyList<ContainerState> found)
    {
        LookForObstacles();
        if (_engineFailures > 0)
        {
            _engineFailures = 0;
            foreach (var container in _situation.Containers)
                if (container.Busy == Busy.No && container.RetryAt < DateTimeOffset.MaxValue) Change(container.Name, c => c with { RetryAt = null });
            if (_situation.Sandbox is { Busy: Busy.No } waiting) _situation = _situation with { Sandbox = waiting with { RetryAt = null } };
        }
        foreach (var container in _situation.Containers)
        {
            if (container.Current is not { Running: true } current || container.Busy != Busy.No) continue;
            var now = found.FirstOrDefault(c => c.Id == current.Id);
            if (now is null) OnEnded(container.Name, current.Id, new(137, "Error", null, Now));
            else if (now.Phase != ContainerPhase.Running) ReadEnd(container, now.ExitCode, now.FinishedAt ?? Now);
        }
        if (_situation.Sandbox is { Id: { } id, Busy: Busy.No } sandbox)
            _situation = _situation with { Sandbox = sandbox with { Running = found.Any(c => c.Id == id && c.Phase == ContainerPhase.Running) } };
        Evaluate();
    }

    private void OnCleanedUp()
    {
        Report(terminated: true);
        Context.Parent.Tell(new WorkerDone(_pod.Metadata.Uid));
    }
}

/// <summary>Worker to agent: nothing of the pod is left.</summary>
internal sealed record WorkerDone(string Uid);

using ActorOrch.Agent.Pods.Containers;
using ActorOrch.Agent.Pods.Specs;
using ActorOrch.Agent.Runtimes;
using ActorOrch.Agent.Volumes;
using ActorOrch.Resources.Timing;
using Akka.Actor;
using Akka.Event;

namespace ActorOrch.Agent.Pods;

/// <summary>What the decisions of <see cref="PodPlan"/> set in motion.</summary>
internal sealed partial class PodWorker
{
    private const string FailedUnmount = "FailedUnmount";

    private void Do(PodAction action)
    {
        switch (action)
        {
            case PodAction.PrepareVolumes: PrepareVolumes(); break;
            case PodAction.StartSandbox start: StartSandbox(start.Attempt); break;
            case PodAction.RemoveSandbox remove: RemoveSandbox(remove.Id); break;
            case PodAction.StartContainer start: StartContainer(start); break;
            case PodAction.StopContainer stop: StopContainer(stop); break;
            case PodAction.ForgetRun forget: Change(forget.Name, c => c with { Last = c.Current, Current = null, BackOff = null }); break;
            case PodAction.CleanUp: CleanUp(); break;
            default: throw new ArgumentOutOfRangeException(nameof(action), action, "unknown action");
        }
    }

    private void Change(string container, Func<ContainerSituation, ContainerSituation> change) => _situation = _situation.With(change(_situation[container]));

    /// <summary>Runs an operation; whatever it answers comes back as a message, whatever it throws as <see cref="PodMessages.OperationFailed"/>.</summary>
    private void Run(string what, string? container, Func<Task<object>> operation) =>
        Task.Run(operation).PipeTo(Self, Self, result => result, failure => new PodMessages.OperationFailed(what, failure, container));

    private void PrepareVolumes()
    {
        _situation = _situation with { Volumes = VolumesSituation.Preparing };
        var context = _context;
        Run("prepare volumes", null, async () =>
        {
            try
            {
                await _sources.WhenKnownAsync(context.Pod, _stop.Token).ConfigureAwait(false);
                return new PodMessages.VolumesPrepared(await _environment.Volumes.PrepareAsync(context, _stop.Token).ConfigureAwait(false), null);
            }
            catch (VolumeException failure)
            {
                return new PodMessages.VolumesPrepared(null, failure.Message);
            }
        });
    }

    private NetworkMode OwnNetwork() => new NetworkMode.Own(
        _environment.Options.PodNetwork.Name,
        _context.PodAddresses.FirstOrDefault(a => !a.Contains(':', StringComparison.Ordinal)),
        _context.PodAddresses.FirstOrDefault(a => a.Contains(':', StringComparison.Ordinal)));

    private void StartSandbox(int attempt)
    {
        if (attempt > 0 && _situation.Sandbox!.Failures == 0) Event(null, "Normal", "SandboxChanged", "Pod sandbox changed, it will be killed and re-created.");
        var dead = _situation.Sandbox!.Id;
        _situation = _situation with { Sandbox = _situation.Sandbox with { Busy = Busy.Starting, Id = null } };
        var spec = ContainerSpecFactory.Sandbox(_context, attempt, Sandbox.Image, _pod.Spec.HostNetwork == true ? new NetworkMode.Host() : OwnNetwork());
        Run("start the sandbox", ContainerLabels.SandboxName, async () =>
        {
            string? created = null;
            try
            {
                // The dead one still has the pod's addresses until it is removed.
                if (dead is not null) await _environment.Runtime.RemoveAsync(dead, _stop.Token).ConfigureAwait(false);
                created = await _environment.CreateAsync(spec, _starting.Token).ConfigureAwait(false);
                await _environment.Runtime.StartAsync(created, _starting.Token).ConfigureAwait(false);
                return new PodMessages.SandboxStarted(created, attempt, null);
            }
            catch (ContainerStartException failure)
            {
                if (created is not null) await _environment.Runtime.RemoveAsync(created, _stop.Token).ConfigureAwait(false);
                return new PodMessages.SandboxStarted(null, attempt, failure.Message);
            }
        });
    }

    private void RemoveSandbox(string id)
    {
        _situation = _situation with { Sandbox = _situation.Sandbox! with { Busy = Busy.Stopping } };
        Run("remove the sandbox", ContainerLabels.SandboxName, async () =>
        {
            await _environment.Runtime.RemoveAsync(id, _stop.Token).ConfigureAwait(false);
            return new PodMessages.SandboxRemoved(id);
        });
    }

    private void StartContainer(PodAction.StartContainer start)
    {
        Change(start.Name, c => c with { Busy = Busy.Starting, BackOff = start.BackOff, RetryAt = null });
        var situation = _situation[start.Name];
        var (context, spec, volumes) = (_context, SpecOf(start.Name), _volumes!);
        var sandbox = _situation.Sandbox?.Id;
        var place = new ContainerPlace(
            _pod.Spec.HostNetwork == true ? new NetworkMode.Host() : sandbox is not null ? new NetworkMode.Joined(sandbox) : OwnNetwork(), sandbox);
        Run("start", start.Name, async () =>
        {
            await _sources.WhenKnownAsync(context.Pod, _starting.Token).ConfigureAwait(false);
            return new PodMessages.Started(start.Name,
                await _starter.StartAsync(context, spec, situation.Kind, start.Attempt, place, volumes, _starting.Token).ConfigureAwait(false));
        });
    }

    private void StopContainer(PodAction.StopContainer stop)
    {
        var situation = _situation[stop.Name];
        if (situation.Busy != Busy.Stopping) Event(PathOf(situation), "Normal", stop.Order.Reason, stop.Order.Message);
        StopProbes(stop.Id);
        var going = _situation.Going;
        var grace = Grace(situation);
        Change(stop.Name, c => c with { Busy = Busy.Stopping, Forced = !stop.Graceful });
        var (context, spec) = (_context, SpecOf(stop.Name));
        Run("stop", stop.Name, async () =>
        {
            if (stop.Graceful)
                return new PodMessages.Stopped(stop.Name, stop.Id,
                    await _stopper.StopAsync(context, spec, situation.Kind, stop.Id, grace, going, _stop.Token).ConfigureAwait(false));
            if (going)
            {
                await _environment.Runtime.RemoveAsync(stop.Id, _stop.Token).ConfigureAwait(false);
                return new PodMessages.Stopped(stop.Name, stop.Id, null);
            }
            await _environment.Runtime.StopAsync(stop.Id, TimeSpan.Zero, _stop.Token).ConfigureAwait(false);
            return new PodMessages.Stopped(stop.Name, stop.Id, await _environment.Runtime.InspectAsync(stop.Id, _stop.Token).ConfigureAwait(false));
        });
    }

    private TimeSpan Grace(ContainerSituation container)
    {
        const long defaultSeconds = 30;
        if (_situation.KillBy is { } killBy) return Positive(killBy - Now);
        var seconds = _pod.Spec.TerminationGracePeriodSeconds ?? defaultSeconds;
        if (container.Kill is { ByProbe: true }) seconds = ProbeGrace(container) ?? seconds;
        return Durations.OfSeconds(seconds);
    }

    private long? ProbeGrace(ContainerSituation container)
    {
        var spec = SpecOf(container.Name);
        var probe = container.Started ? spec.LivenessProbe : spec.StartupProbe ?? spec.LivenessProbe;
        return probe?.TerminationGracePeriodSeconds;
    }

    private void RemoveInBackground(string id)
    {
        if (!_removed.Add(id)) return;
        var runtime = _environment.Runtime;
        var log = _log;
        Task.Run(() => runtime.RemoveAsync(id, CancellationToken.None)).ContinueWith(
            removal => log.Warning(removal.Exception, "container {0} could not be removed; it will be when the agent starts again", id),
            CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    private void CleanUp()
    {
        _cleanedUp = true;
        var ids = new List<string>();
        foreach (var container in _situation.Containers)
        {
            if (container.Current is { } current) ids.Add(current.Id);
            if (container.Last is { } last) ids.Add(last.Id);
        }
        if (_situation.Sandbox?.Id is { } sandbox) ids.Add(sandbox);
        ids.RemoveAll(_removed.Contains);
        var uid = _pod.Metadata.Uid;
        var listed = _startGivenUp;
        Run("clean up", null, async () =>
        {
            if (listed)
                ids = [.. ids.Union((await _environment.Runtime.ListPodAsync(uid, _stop.Token).ConfigureAwait(false)).Select(c => c.Id))];
            await Task.WhenAll(ids.Select(id => _environment.Runtime.RemoveAsync(id, _stop.Token))).ConfigureAwait(false);
            RemoveVolumes(uid);
            return new PodMessages.CleanedUp();
        });
    }

    /// <summary>What is not the agent's to delete stays, and holds the pod's end back no longer than it takes to say so.</summary>
    private void RemoveVolumes(string uid)
    {
        try
        {
            _environment.Volumes.Remove(uid);
        }
        catch (VolumeLeftException left)
        {
            Event(null, "Warning", FailedUnmount, left.Message);
            _log.Warning("the volumes of pod {0}/{1}: {2}", _pod.Metadata.NamespaceProperty, _pod.Metadata.Name, left.Message);
        }
        catch (IOException failure)
        {
            Event(null, "Warning", FailedUnmount, failure.Message);
            throw;
        }
    }

    /// <summary>The end of an instance, with the message it left.</summary>
    private void ReadEnd(ContainerSituation container, int exitCode, DateTimeOffset finishedAt)
    {
        var id = container.Current!.Id;
        var spec = SpecOf(container.Name);
        var reason = Adoption.Reason(exitCode, _outOfMemory.Remove(id));
        var left = TerminationMessages.Left(_environment.Volumes.Directories, _pod.Metadata.Uid, container.Name, container.Current.Attempt);
        if (left is not null || !TerminationMessages.WantsLog(spec, exitCode))
        {
            OnEnded(container.Name, id, new(exitCode, reason, left, finishedAt));
            return;
        }
        Run("read the log for the termination message", container.Name, async () => new PodMessages.Ended(container.Name, id, new(
            exitCode, reason, await TerminationMessages.FromLogAsync(_environment.Runtime, id, _stop.Token).ConfigureAwait(false), finishedAt)));
    }

    private void OnOperationFailed(PodMessages.OperationFailed failure)
    {
        var wait = EngineRetry;
        if (failure.Cause is OperationCanceledException)
        {
            _startGivenUp = true;
            _log.Debug("{0} was given up: the pod is being deleted", failure.What);
        }
        else if (failure.Cause is RuntimeUnavailableException)
        {
            // The engine may have done it all the same. When it answers again, a resync says what there is; until then it is left in peace.
            _startGivenUp = true;
            wait = RestartBackOff.Doubled(EngineRetry, ++_engineFailures, LongestEngineRetry);
            _log.Warning("could not {0} of pod {1}/{2}: {3} It is tried again in {4}", failure.What, _pod.Metadata.NamespaceProperty, _pod.Metadata.Name, failure.Cause.Message, wait);
        }
        else
        {
            wait = RestartBackOff.Doubled(EngineRetry, ++_unexpected, LongestEngineRetry);
            _log.Error(failure.Cause, "could not {0} of pod {1}/{2}. It is tried again in {3}", failure.What, _pod.Metadata.NamespaceProperty, _pod.Metadata.Name, wait);
        }
        var retry = Now.After(wait);
        if (_cleanedUp)
        {
            _cleanedUp = false;
            Timers.StartSingleTimer(WakeTimer, new PodMessages.Wake(), wait);
            return;
        }
        if (failure.Container == ContainerLabels.SandboxName)
            _situation = _situation with { Sandbox = _situation.Sandbox! with { Busy = Busy.No, RetryAt = retry } };
        else if (failure.Container is { } name)
            Change(name, c => c with
            {
                Busy = Busy.No,
                Forced = false,
                RetryAt = retry,
                Problem = c.Running ? c.Problem : new("CreateContainerError", failure.Cause.Message),
            });
        else if (_situation.Volumes == VolumesSituation.Preparing)
            OnVolumes(new(null, failure.Cause.Message));
        Evaluate();
    }
}

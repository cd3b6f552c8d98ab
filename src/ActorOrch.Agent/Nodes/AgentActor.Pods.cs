using ActorOrch.Agent.Pods;
using ActorOrch.Agent.Pods.Isolation;
using ActorOrch.Agent.Pods.Statuses;
using ActorOrch.Agent.Runtimes;
using ActorOrch.Contracts.Nodes;
using ActorOrch.Registry.Files;
using ActorOrch.Registry.Timing;
using ActorOrch.Resources.Objects;
using Akka.Actor;
using Akka.Event;
using k8s.Models;

namespace ActorOrch.Agent.Nodes;

/// <summary>The pods of the node: which there are to be, and which there are.</summary>
internal sealed partial class AgentActor
{
    private void OnAssigned(AssignedPods assigned)
    {
        if (_environment is null)
        {
            _assignedEarly = assigned;
            return;
        }
        if (!Confirm(assigned)) return;
        var pods = assigned.PodsJson.Select(json => (Pod: Model.Parse<V1Pod>(json), Json: json)).ToList();
        var wanted = pods.Select(p => p.Pod.Metadata.Uid).ToHashSet();
        foreach (var uid in _workers.Keys) if (!wanted.Contains(uid)) _room.Release(uid);
        // Those that are here have been taken, whoever comes before them in the list.
        foreach (var (pod, json) in pods.OrderByDescending(p => _adoptable.ContainsKey(p.Pod.Metadata.Uid) || _workers.ContainsKey(p.Pod.Metadata.Uid)))
            Update(pod, json);
        foreach (var (uid, worker) in _workers) if (!wanted.Contains(uid)) worker.Ref.Tell(new PodMessages.Gone());
        foreach (var (uid, containers) in _adoptable)
        {
            // Nobody's any more: its pod was deleted while no agent ran.
            foreach (var container in containers) RemoveOrphan(uid, container.Id);
            _addresses.Release(uid);
        }
        _adoptable.Clear();
        RemoveOrphanedDirectories(wanted);
    }

    /// <summary>Whether the picture comes from the store that this node belongs to; see <see cref="StoreConfirmation"/>.</summary>
    private bool Confirm(AssignedPods assigned)
    {
        if (_confirmedStore == assigned.StoreId && _storeProblem is null) return true;
        var before = _storeProblem;
        try
        {
            var kept = _confirmedStore ?? SmallFile.ReadText(StoreFile)?.TrimEnd('\n');
            _storeProblem = StoreConfirmation.Refusal(assigned, kept, [.. _adoptable.Values.SelectMany(c => c)]);
            if (_storeProblem is null && assigned.StoreId.Length > 0 && kept is null) SmallFile.Write(StoreFile, assigned.StoreId + "\n");
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException)
        {
            _storeProblem = $"whether this node belongs to the store {assigned.StoreId} cannot be told: {unusable.Message}";
        }
        if (_storeProblem is null)
        {
            _confirmedStore = assigned.StoreId;
            _environment = _environment! with { StoreId = assigned.StoreId };
        }
        if (_storeProblem == before) return _storeProblem is null;
        if (_storeProblem is { } problem)
        {
            _log.Error("{0}: {1}", _options.NodeName, problem);
            _events.RecordNode(_options.NodeName, "Warning", "StoreMismatch", problem);
        }
        Describe(_info!);
        SayHello();
        return _storeProblem is null;
    }

    private void OnChanged(PodsChanged changed)
    {
        if (_environment is null)
        {
            // Too early to act on: the whole picture is asked for once the engine answers.
            _assignedEarly = null;
            return;
        }
        // Of a store that this node does not belong to, or of one that it does not know yet: the whole picture comes first.
        if (_confirmedStore is null || _storeProblem is not null) return;
        // A pod whose object was removed holds no resources, as the scheduler sees it, too.
        foreach (var uid in changed.Removed) _room.Release(uid);
        foreach (var json in changed.Changed) Update(Model.Parse<V1Pod>(json), json);
        foreach (var uid in changed.Removed)
        {
            _outbox.Forget(uid);
            _room.Release(uid);
            if (_workers.TryGetValue(uid, out var worker)) worker.Ref.Tell(new PodMessages.Gone());
        }
    }

    /// <summary>Tells the pod's worker, making one where there is none.</summary>
    private void Update(V1Pod pod, byte[] json)
    {
        var uid = pod.Metadata.Uid;
        if (_workers.TryGetValue(uid, out var known))
        {
            _workers[uid] = known with { Pod = pod };
            if (PodPhases.IsLast(pod.Status?.Phase)) _room.Release(uid);
            _index.Set(pod);
            known.Ref.Tell(new PodMessages.Updated(pod));
            return;
        }
        _sources.Set(pod);
        _adoptable.Remove(uid, out var found);
        StartWorker(pod, found ?? [], Admit(pod, json, runs: found is { Count: > 0 }));
    }

    private void StartWorker(V1Pod pod, IReadOnlyList<ContainerState> found, Rejection? refusal = null)
    {
        var addresses = AddressesOf(pod);
        var environment = _environment!;
        var worker = Context.ActorOf(Props.Create(() => new PodWorker(environment, pod, addresses, found, refusal)), UniqueName(pod));
        Context.Watch(worker);
        _workers[pod.Metadata.Uid] = new(worker, pod);
        _index.Set(pod);
    }

    private void OnWorkerFailed(IActorRef worker)
    {
        var uid = _workers.FirstOrDefault(w => w.Value.Ref.Equals(worker)).Key;
        if (uid is null) return;
        var failures = _workerFailures[uid] = _workerFailures.GetValueOrDefault(uid) + 1;
        _failedWorkers.Add(uid);
        // The first time at once; one that cannot live must not take the machine from the others.
        if (failures == 1) OnReplaceWorker(uid);
        else ReplaceLater(uid, null);
    }

    private void OnReplaceWorker(string uid) => _runtime.ListPodAsync(uid, _stop.Token).PipeTo(
        Self, Self, containers => new AgentMessages.PodListed(uid, containers), failure => new AgentMessages.PodNotListed(uid, failure));

    private void ReplaceLater(string uid, Exception? cause)
    {
        if (!_failedWorkers.Contains(uid)) return;
        if (cause is not null) _workerFailures[uid]++;
        var wait = RetryDelay.After(_workerFailures[uid], Random.Shared);
        if (cause is not null) _log.Warning("the containers of pod {0}, whose worker failed, cannot be listed: {1} It is tried again in {2}", uid, cause.Message, wait);
        Timers.StartSingleTimer($"worker-{uid}", new AgentMessages.ReplaceWorker(uid), wait);
    }

    private void OnPodListed(AgentMessages.PodListed listed)
    {
        if (!_failedWorkers.Remove(listed.Uid) || !_workers.TryGetValue(listed.Uid, out var failed)) return;
        StartWorker(failed.Pod, listed.Containers);
        // What its pod was told meanwhile, its removal for one, nobody heard: the whole picture says it again.
        SayHello();
    }

    private string UniqueName(V1Pod pod)
    {
        var name = PodWorker.NameOf(pod);
        var unique = name;
        // A worker that is just stopping still holds its name.
        for (var i = 1; !Context.Child(unique).IsNobody(); i++) unique = $"{name}-{i}";
        return unique;
    }

    private IReadOnlyList<string> AddressesOf(V1Pod pod)
    {
        if (pod.Spec.HostNetwork == true) return _options.HostAddresses;
        var (address4, address6) = _addresses.Of(pod.Metadata.Uid);
        return [.. new[] { address4, address6 }.OfType<string>()];
    }

    private void OnWorkerDone(string uid)
    {
        if (!_workers.Remove(uid, out var worker)) return;
        Context.Unwatch(worker.Ref);
        Context.Stop(worker.Ref);
        _failedWorkers.Remove(uid);
        _workerFailures.Remove(uid);
        _addresses.Release(uid);
        _room.Release(uid);
        _sources.Remove(uid);
        _index.Remove(uid);
    }

    private void RemoveOrphan(string uid, string containerId)
    {
        var (log, runtime, volumes) = (_log, _runtime, _volumes);
        Task.Run(async () =>
        {
            await runtime.RemoveAsync(containerId, CancellationToken.None).ConfigureAwait(false);
            volumes.Remove(uid);
        }).ContinueWith(
            removal => log.Warning(removal.Exception, "container {0} of a pod that is gone could not be removed", containerId),
            CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    private void RemoveOrphanedDirectories(HashSet<string> wanted)
    {
        if (!Directory.Exists(_volumes.Directories.All)) return;
        foreach (var directory in Directory.EnumerateDirectories(_volumes.Directories.All))
        {
            var uid = Path.GetFileName(directory);
            if (wanted.Contains(uid) || _workers.ContainsKey(uid)) continue;
            try
            {
                _volumes.Remove(uid);
            }
            catch (IOException failure)
            {
                // Its containers may still be on their way out; the next start of the agent looks again.
                _log.Warning("the volumes of pod {0} could not be removed: {1}", uid, failure.Message);
            }
        }
    }
}

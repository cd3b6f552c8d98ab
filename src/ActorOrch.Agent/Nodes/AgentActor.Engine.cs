using ActorOrch.Agent.Files;
using ActorOrch.Agent.Pods;
using ActorOrch.Agent.Runtimes;
using ActorOrch.Registry;
using Akka.Actor;
using Akka.Event;

namespace ActorOrch.Agent.Nodes;

/// <summary>The agent and its engine: found, lost, found again.</summary>
internal sealed partial class AgentActor
{
    /// <summary>Listens first and lists afterwards, so that nothing that happens in between is missed.</summary>
    private void Connect()
    {
        var self = Self;
        ConnectAsync(self).PipeTo(self, self, up => up, failure => new AgentMessages.EngineDown(failure));
    }

    private async Task<AgentMessages.EngineUp> ConnectAsync(IActorRef self)
    {
        var info = await _runtime.InfoAsync(_stop.Token).ConfigureAwait(false);
        await _runtime.PrepareAsync(_options.PodNetwork, _stop.Token).ConfigureAwait(false);
        Unawaited.Observe("listening to the engine", ListenAsync(self, _time.GetUtcNow()));
        var others = await _runtime.AddressesOfOthersAsync(_stop.Token).ConfigureAwait(false);
        return new(info, await _runtime.ListAsync(_stop.Token).ConfigureAwait(false), others);
    }

    private async Task ListenAsync(IActorRef self, DateTimeOffset since)
    {
        try
        {
            await foreach (var happened in _runtime.EventsAsync(since, _stop.Token).ConfigureAwait(false)) self.Tell(new AgentMessages.EngineEvent(happened));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The agent stops.
        }
        catch (Exception failure)
        {
            self.Tell(new AgentMessages.EngineDown(failure));
        }
    }

    private void OnEngineUp(AgentMessages.EngineUp up)
    {
        _engineUp = true;
        var first = _info is null;
        _info = up.Info;
        _volumes.CanMount = up.Info.SharesMounts && Mounting.Permitted;
        _environment ??= new(
            _options, _runtime, _registry, _drain, _events, _time, _volumes, _probes, _prober,
            up.Info.Cpus - _options.ReservedCpuMillis / 1000m, up.Info.MemoryBytes - _options.ReservedMemoryBytes);
        _environment.Isolation = up.Info.Isolation;
        Describe(up.Info);
        var byPod = up.Containers.GroupBy(c => c.Labels.GetValueOrDefault(ContainerLabels.PodUid, "")).ToDictionary(g => g.Key, g => g.ToList());
        if (first)
        {
            _addresses.Exclude(up.AddressesOfOthers);
            foreach (var (uid, containers) in byPod)
            {
                _adoptable[uid] = containers;
                var addressed = containers.FirstOrDefault(c => c.Labels.ContainsKey(ContainerLabels.Address4) || c.Labels.ContainsKey(ContainerLabels.Address6));
                if (addressed is not null)
                    _addresses.Adopt(uid, addressed.Labels.GetValueOrDefault(ContainerLabels.Address4), addressed.Labels.GetValueOrDefault(ContainerLabels.Address6));
            }
            _events.RecordNode(_options.NodeName, "Normal", "Starting", "Starting kubelet.");
            Timers.StartPeriodicTimer(nameof(AgentMessages.Beat), new AgentMessages.Beat(), _options.HeartbeatInterval);
        }
        foreach (var (uid, worker) in _workers)
            worker.Ref.Tell(new PodMessages.Resync(byPod.GetValueOrDefault(uid) ?? []));
        SayHello();
        if (_assignedEarly is { } assigned)
        {
            _assignedEarly = null;
            OnAssigned(assigned);
        }
    }

    private void OnEngineDown(Exception cause)
    {
        if (_stop.IsCancellationRequested) return;
        _log.Error("the container engine does not answer: {0}", cause.Message);
        var was = _engineUp;
        _engineUp = false;
        if (was && _info is { } info)
        {
            Describe(info);
            SayHello();
        }
        Timers.StartSingleTimer(nameof(AgentMessages.Connect), new AgentMessages.Connect(), EngineRetry);
    }

    private void OnEngineEvent(ContainerEvent happened)
    {
        if (happened.Labels.TryGetValue(ContainerLabels.PodUid, out var uid) && _workers.TryGetValue(uid, out var worker))
            worker.Ref.Tell(new PodMessages.Engine(happened));
    }
}

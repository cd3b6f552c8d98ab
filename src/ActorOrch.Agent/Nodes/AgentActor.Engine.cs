using ActorOrch.Agent.Files;
using ActorOrch.Agent.Pods;
using ActorOrch.Agent.Runtimes;
using Akka.Actor;
using Akka.Event;

namespace ActorOrch.Agent.Nodes;

/// <summary>The agent and its engine: found, lost, found again.</summary>
internal sealed partial class AgentActor
{
    private readonly EngineRetries _retries;
    private EngineConnection? _connection;
    private bool _checking;

    private void Connect()
    {
        var before = _connection;
        var connection = _connection = new((before?.Number ?? 0) + 1, _runtime, Self, _stop.Token);
        connection.OpenAsync(_options.PodNetwork, before, _time).PipeTo(
            Self, Self, up => up, failure => new AgentMessages.EngineDown(connection.Number, failure));
    }

    /// <summary>No event tells that an engine has stopped to answer.</summary>
    private void OnCheckEngine()
    {
        if (!_engineUp || _checking || _connection is null) return;
        _checking = true;
        _connection.CheckAsync().PipeTo(Self, Self, () => new AgentMessages.EngineChecked(), _ => new AgentMessages.EngineChecked());
    }

    private void OnEngineUp(AgentMessages.EngineUp up)
    {
        // Its listener may have lost it again by now.
        if (up.Connection != _connection?.Number) return;
        _retries.Up();
        _engineUp = true;
        var first = _info is null;
        _info = up.Info;
        _volumes.CanMount = up.Info.SharesMounts && Mounting.Permitted;
        if (up.Info.SharesMachine && !_volumes.CanMount)
            _log.Warning("The engine sees no mounts of this process: Secrets and tokens are kept on the disk, volumes in memory and parts of volumes (subPath) are refused");
        _environment ??= new(
            _options, _runtime, _registry, _drain, _events, _time, _volumes, _probes, _prober,
            up.Info.Cpus - _options.ReservedCpuMillis / 1000m, up.Info.MemoryBytes - _options.ReservedMemoryBytes, MachineFacts.Read(_options.DataDirectory).DiskBytes);
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
            Timers.StartPeriodicTimer(nameof(AgentMessages.CheckEngine), new AgentMessages.CheckEngine(), _options.EngineCheckInterval);
        }
        else _log.Warning("the container engine answers again");
        foreach (var (uid, worker) in _workers)
        {
            if (_failedWorkers.Contains(uid)) continue;
            worker.Ref.Tell(new PodMessages.Resync(byPod.GetValueOrDefault(uid) ?? []));
        }
        SayHello();
        if (_assignedEarly is { } assigned)
        {
            _assignedEarly = null;
            OnAssigned(assigned);
        }
    }

    private void OnEngineDown(AgentMessages.EngineDown down)
    {
        if (_stop.IsCancellationRequested || down.Connection != _connection?.Number || Timers.IsTimerActive(nameof(AgentMessages.Connect))) return;
        var wait = _retries.Down();
        _log.Error("the container engine does not answer: {0} It is tried again in {1}", down.Cause.Message, wait);
        var was = _engineUp;
        _engineUp = false;
        if (was && _info is { } info)
        {
            Describe(info);
            SayHello();
        }
        Timers.StartSingleTimer(nameof(AgentMessages.Connect), new AgentMessages.Connect(), wait);
    }

    private void OnEngineEvent(ContainerEvent happened)
    {
        if (happened.Labels.TryGetValue(ContainerLabels.PodUid, out var uid) && _workers.TryGetValue(uid, out var worker))
            worker.Ref.Tell(new PodMessages.Engine(happened));
    }
}

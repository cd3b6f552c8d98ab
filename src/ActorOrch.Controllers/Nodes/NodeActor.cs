using System.Text.Json.Nodes;
using ActorOrch.Contracts.Nodes;
using ActorOrch.Controllers.Nodes.Assignments;
using ActorOrch.Controllers.Nodes.Health;
using ActorOrch.Controllers.Nodes.Registration;
using ActorOrch.Controllers.Nodes.Statuses;
using ActorOrch.Reconciling;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Persistence.Actors;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;

namespace ActorOrch.Controllers.Nodes;

/// <summary>
/// A node in the control plane: registers it, tells its agent which pods it has, stores what the agent reports of them, and
/// watches over its health. What happened to the node is journaled; what is so now is in its Node object.
/// </summary>
public sealed class NodeActor : RecordedActor, IWithTimers
{
    private const string Component = "node-controller";
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(500);

    private readonly string _name;
    private readonly ReconcilerServices _services;
    private readonly NodeSettings _settings;
    private readonly HeartbeatMonitor _monitor;
    private readonly NodeWriter _nodeWriter;
    private readonly PodStatusWriter _statusWriter;
    private readonly AssignedPodsView _assigned;
    private readonly EvictionLog _evictions = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Dictionary<string, PodStatusReport> _reports = [];
    private NodeHealth _health = NodeHealth.Unknown;
    private IActorRef? _agent;
    private string _incarnation = "";
    private JsonObject? _news;
    private StoredObject? _node;
    private long _nodesSeen;
    private long _podsSeen;
    private bool _writingNode;
    private bool _nodeWanted;
    private bool _storing;
    private bool _catchingUp;
    private bool _assigning;
    private bool _simulated;
    private bool _knownBefore;
    private DateTimeOffset _leaseRenewed;

    public NodeActor(string name, ReconcilerServices services, NodeSettings settings, HeartbeatMonitor monitor)
    {
        _name = name;
        _services = services;
        _settings = settings;
        _monitor = monitor;
        _nodeWriter = new(services.Api, services.Time);
        _statusWriter = new(services.Api, services.Time);
        _assigned = new(name);
        PersistenceId = $"node-{name}";
    }

    public override string PersistenceId { get; }

    public ITimerScheduler Timers { get; set; } = null!;

    private ICollection Pods => _services.Registry[BuiltIn.Pods];

    protected override void OnReplay(object message)
    {
        switch (message)
        {
            case INodeEvent happened:
                _health = _health.After(happened);
                break;
            case SnapshotOffer { Snapshot: NodeHealth health }:
                _health = health;
                break;
            case RecoveryCompleted:
                _knownBefore = _health.Incarnation.Length > 0;
                // Whoever has just started knows nothing of the agent: it gets a full grace period.
                if (!_health.Removed) _monitor.Watch(_name, Self);
                break;
        }
    }

    protected override void OnMessage(object message)
    {
        switch (message)
        {
            case Wake wake:
                OnWake(wake);
                break;
            case AgentHello hello:
                OnHello(hello);
                break;
            case AgentHeartbeat heartbeat:
                OnHeartbeat(heartbeat);
                break;
            case PodStatuses statuses:
                foreach (var report in statuses.Reports) _reports[report.Uid] = report;
                StoreReports();
                break;
            case StatusesStored stored:
                OnStored(stored.Written);
                break;
            case StatusesNotStored failed:
                _storing = false;
                _log.Warning(failed.Cause, "Statuses of pods on {0} could not be stored; the agent sends them again", _name);
                break;
            case HeartbeatMissing:
                OnMissing();
                break;
            case DisruptionChanged:
                WriteNode();
                break;
            case NodeIsWritten written:
                OnWritten(written);
                break;
            case NodeNotWritten failed:
                _writingNode = false;
                _news ??= failed.News;
                _log.Warning(failed.Cause, "The node {0} could not be written; trying again in {1}", _name, RetryAfter);
                Timers.StartSingleTimer("write", WriteNow.Instance, RetryAfter);
                break;
            case WriteNow:
                WriteNode();
                break;
            case PodsSeen:
                _catchingUp = false;
                TellChanges();
                break;
            case AssignmentsRead:
                _assigning = false;
                _agent?.Tell(_assigned.All(Bound(), _settings.StoreId, _knownBefore));
                break;
            case ReadFailed failed:
                OnReadFailed(failed);
                break;
            case ReadAgain:
                Assign();
                break;
            case Terminated gone when gone.ActorRef.Equals(_agent):
                // A hint only: the heartbeats decide.
                _log.Debug("The agent of {0} stopped, or is out of reach", _name);
                break;
            case SaveSnapshotSuccess saved:
                if (saved.Metadata.SequenceNr > _settings.KeepEvents) DeleteMessages(saved.Metadata.SequenceNr - _settings.KeepEvents);
                DeleteSnapshots(new SnapshotSelectionCriteria(saved.Metadata.SequenceNr - 1));
                break;
            case SaveSnapshotFailure failure:
                _log.Warning(failure.Cause, "The snapshot of {0} could not be saved", PersistenceId);
                break;
            case DeleteMessagesFailure failure:
                _log.Warning(failure.Cause, "Old events of {0} could not be deleted", PersistenceId);
                break;
            case Terminated or DeleteMessagesSuccess or DeleteSnapshotsSuccess or DeleteSnapshotsFailure:
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    protected override void PostStop()
    {
        _monitor.Forget(_name, Self);
        _stopping.Cancel();
        _stopping.Dispose();
        base.PostStop();
    }

    private void OnWake(Wake wake)
    {
        if (wake.Collection == BuiltIn.Pods.Collection)
        {
            _podsSeen = Math.Max(_podsSeen, wake.Revision);
            TellChanges();
            return;
        }
        _nodesSeen = Math.Max(_nodesSeen, wake.Revision);
        WriteNode();
    }

    private void OnHello(AgentHello hello)
    {
        if (_agent is { } before && !before.Equals(hello.Agent)) Context.Unwatch(before);
        _agent = Context.Watch(hello.Agent);
        _news = JsonNode.Parse(hello.NodeJson)?.AsObject();
        _simulated = Conditions.Text(_news?["status"]?["nodeInfo"] as JsonObject, "containerRuntimeVersion")?.StartsWith("simulated", StringComparison.Ordinal) == true;
        _monitor.Watch(_name, Self);
        var isNew = _health.Incarnation != hello.Incarnation || _health.Removed;
        _incarnation = hello.Incarnation;
        var now = _services.Time.GetUtcNow();
        if (isNew) Note(new NodeRegistered(now, hello.Incarnation));
        else if (_health.Lost) Note(new NodeRecovered(now));
        WriteNode();
        Assign();
    }

    private void OnHeartbeat(AgentHeartbeat heartbeat)
    {
        // Someone deleted the node while its agent ran on: as with a kubelet, only a new start brings it back.
        if (_health.Removed && heartbeat.Incarnation == _health.Incarnation) return;
        if (heartbeat.Incarnation != _incarnation)
        {
            Sender.Tell(new HelloWanted(_name));
            return;
        }
        _monitor.Beat(_name);
        // Its conditions are unknown now: it says anew how it is.
        if (_health.Lost) _agent?.Tell(new HelloWanted(_name), Self);
        RenewLease();
    }

    private void OnMissing()
    {
        if (_health.Removed) return;
        if (!_health.Lost)
        {
            _log.Warning("Nothing was heard of {0} for {1}", _name, _settings.HeartbeatGrace);
            Note(new HeartbeatLost(_services.Time.GetUtcNow()));
        }
        WriteNode();
    }

    private void WriteNode()
    {
        _nodeWanted = true;
        if (_writingNode) return;
        _nodeWanted = false;
        _writingNode = true;
        var news = _news;
        _news = null;
        _nodeWriter.WriteAsync(_name, new(news, _health.Lost, _monitor.MayEvict), _nodesSeen, _stopping.Token).PipeTo(
            Self, success: written => new NodeIsWritten(written, news is not null), failure: cause => new NodeNotWritten(cause, news));
    }

    private void OnWritten(NodeIsWritten done)
    {
        _writingNode = false;
        var written = done.Written;
        _node = written.Node;
        if (_node is { } node)
        {
            _nodesSeen = Math.Max(_nodesSeen, node.Revision);
            Tell(node, written);
            if (_health.Removed) Return();
        }
        // It was there, and someone deleted it.
        else if (!done.HadNews && _health is { Removed: false, Incarnation.Length: > 0 } && _news is null)
        {
            _log.Info("The node {0} was deleted", _name);
            _monitor.Forget(_name, Self);
            Note(new NodeRemoved(_services.Time.GetUtcNow()));
        }
        if (_nodeWanted) WriteNode();
    }

    /// <summary>A node that someone deleted and made again: its agent, if it runs, speaks for it as before.</summary>
    private void Return()
    {
        Note(new NodeRegistered(_services.Time.GetUtcNow(), _incarnation));
        _monitor.Watch(_name, Self);
        _agent?.Tell(new HelloWanted(_name), Self);
    }

    private void Tell(StoredObject node, NodeWritten written)
    {
        var now = _services.Time.GetUtcNow();
        foreach (var taint in written.Taints)
            Note(taint.Added ? new TaintApplied(now, taint.Key, taint.Effect) : new TaintRemoved(now, taint.Key, taint.Effect));
        if (written.Created)
        {
            _log.Info("The node {0} registered", _name);
            _services.Events.Record(node, Component, EventType.Normal, "RegisteredNode", $"Node {_name} event: Registered Node {_name} in Controller");
        }
        if (!written.BecameNotReady) return;
        _services.Events.Record(node, Component, EventType.Normal, "NodeNotReady", $"Node {_name} status is now: NodeNotReady");
        var cancel = _stopping.Token;
        NotReadyPods.MarkAsync(Pods, _name, _services, cancel).PipeTo(Self, failure: cause => new StatusesNotStored(cause));
    }

    private void Assign()
    {
        if (_agent is null || _assigning) return;
        _assigning = true;
        // The agent stops what is not among its pods: a mirror that is behind must not speak.
        Pods.ReadConsistentAsync(_stopping.Token).AsTask().PipeTo(Self, success: _ => AssignmentsRead.Instance, failure: cause => new ReadFailed(cause));
    }

    private void OnReadFailed(ReadFailed failed)
    {
        _assigning = false;
        _catchingUp = false;
        _log.Warning(failed.Cause, "The pods of {0} cannot be read; trying again in {1}", _name, RetryAfter);
        Timers.StartSingleTimer("read", ReadAgain.Instance, RetryAfter);
    }

    private void TellChanges()
    {
        if (_catchingUp) return;
        if (Pods.Latest.Revision < _podsSeen)
        {
            _catchingUp = true;
            Pods.ReadAtLeastAsync(_podsSeen, _stopping.Token).AsTask().PipeTo(Self, success: _ => PodsSeen.Instance, failure: cause => new ReadFailed(cause));
            return;
        }
        var bound = Bound();
        if (!_assigning && _agent is not null && _assigned.Changes(bound) is { } changes) _agent.Tell(changes);
        if (_evictions.New(bound) is { Count: > 0 } evicted) Note(new PodsEvicted(_services.Time.GetUtcNow(), evicted));
    }

    private IReadOnlyList<StoredObject> Bound() => Pods.Lookup(Indexes.NodeName, _name);

    private void StoreReports()
    {
        if (_storing || _reports.Count == 0) return;
        _storing = true;
        PodStatusReport[] batch = [.. _reports.Values];
        _reports.Clear();
        _statusWriter.StoreAsync(batch, _stopping.Token).PipeTo(
            Self, success: written => new StatusesStored(written), failure: cause => new StatusesNotStored(cause));
    }

    private void OnStored(StatusesWritten written)
    {
        _storing = false;
        foreach (var (uid, before, after) in written.Versions) _assigned.Stored(uid, before, after);
        foreach (var refused in written.TooLarge) _log.Warning("A pod's status cannot be stored: {0}", refused);
        if (written.Stored.Count > 0) _agent?.Tell(new PodStatusesStored(_name, written.Stored));
        StoreReports();
    }

    private void RenewLease()
    {
        if (_settings.LeaseInterval == TimeSpan.Zero || (_simulated && !_settings.LeasesOfSimulated) || _node is not { } node) return;
        var now = _services.Time.GetUtcNow();
        if (now - _leaseRenewed < _settings.LeaseInterval) return;
        _leaseRenewed = now;
        NodeLease.RenewAsync(_services.Api, node, now, _stopping.Token).ContinueWith(
            renewal => _log.Debug("The lease of {0} was not renewed: {1}", _name, renewal.Exception?.GetBaseException().Message),
            TaskContinuationOptions.OnlyOnFaulted);
    }

    private void Note(INodeEvent happened)
    {
        // The state moves at once: what is decided next builds on it, and the journal keeps the order.
        _health = _health.After(happened);
        RecordAsync(happened, durable =>
        {
            _log.Debug("NodeActor {0}: {1}", _name, durable);
            if (LastSequenceNr % _settings.SnapshotEvery == 0) RecordSnapshot(_health);
        });
    }

    private sealed record NodeIsWritten(NodeWritten Written, bool HadNews) : INoSerializationVerificationNeeded;

    private sealed record NodeNotWritten(Exception Cause, JsonObject? News) : INoSerializationVerificationNeeded;

    private sealed record StatusesStored(StatusesWritten Written) : INoSerializationVerificationNeeded;

    private sealed record StatusesNotStored(Exception Cause) : INoSerializationVerificationNeeded;

    private sealed record ReadFailed(Exception Cause) : INoSerializationVerificationNeeded;

    private sealed class WriteNow : INoSerializationVerificationNeeded
    {
        internal static readonly WriteNow Instance = new();
    }

    private sealed class PodsSeen : INoSerializationVerificationNeeded
    {
        internal static readonly PodsSeen Instance = new();
    }

    private sealed class AssignmentsRead : INoSerializationVerificationNeeded
    {
        internal static readonly AssignmentsRead Instance = new();
    }

    private sealed class ReadAgain : INoSerializationVerificationNeeded
    {
        internal static readonly ReadAgain Instance = new();
    }
}

using ActorOrch.Agent.Pods;
using ActorOrch.Agent.Probes;
using ActorOrch.Agent.Runtimes;
using ActorOrch.Agent.Volumes;
using ActorOrch.Contracts.Nodes;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Following;
using ActorOrch.Registry.Watching;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Timing;
using Akka.Actor;
using Akka.Event;
using k8s;
using k8s.Models;

namespace ActorOrch.Agent.Nodes;

/// <summary>
/// The machine's side of a node: keeps the engine's event stream, the node's registration and one <see cref="PodWorker"/> a pod, and carries
/// statuses to the NodeActor until they are stored.
/// </summary>
internal sealed partial class AgentActor : ReceiveActor, IWithTimers
{
    private readonly AgentOptions _options;
    private readonly IContainerRuntime _runtime;
    private readonly IRegistry _registry;
    private readonly IActorRef _nodeRegion;
    private readonly IEndpointDrain _drain;
    private readonly IPodEvents _events;
    private readonly TimeProvider _time;
    private readonly PodIndex _index;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly string _incarnation = Guid.NewGuid().ToString("N");
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<string, Worker> _workers = [];
    private readonly Dictionary<string, int> _workerFailures = [];
    private readonly PodSources _sources = new();
    private readonly PodAddresses _addresses;
    private readonly StatusOutbox _outbox;
    private readonly ProbeScheduler _probes;
    private readonly Prober _prober;
    private readonly VolumeManager _volumes;
    private readonly List<Follower> _followers = [];
    private readonly Dictionary<string, List<ContainerState>> _adoptable = [];

    /// <summary>Pods whose workers have failed, until the next ones have started.</summary>
    private readonly HashSet<string> _failedWorkers = [];

    private PodEnvironment? _environment;
    private RuntimeInfo? _info;
    private bool _engineUp;
    private byte[] _nodeJson = [];
    private AssignedPods? _assignedEarly;

    /// <summary>The store whose pods these are; null until its first picture has come, and been found to be its.</summary>
    private string? _confirmedStore;

    /// <summary>Why the last picture was not acted on.</summary>
    private string? _storeProblem;

    private sealed record Worker(IActorRef Ref, V1Pod Pod);

    public AgentActor(
        AgentOptions options, IContainerRuntime runtime, IRegistry registry, IActorRef nodeRegion, IEndpointDrain drain, IPodEvents events, TimeProvider time,
        PodIndex index)
    {
        (_options, _runtime, _registry, _nodeRegion, _drain, _events, _time, _index) = (options, runtime, registry, nodeRegion, drain, events, time, index);
        _addresses = new(options.PodNetwork);
        _facts = new(registry, options.NodeName);
        _outbox = new(time);
        _retries = new(time);
        _probes = new(time);
        _prober = new(runtime);
        _volumes = new(new(options.DataDirectory), registry, options.Tokens, time);

        Receive<AgentMessages.Connect>(_ => Connect());
        Receive<AgentMessages.EngineUp>(OnEngineUp);
        Receive<AgentMessages.EngineDown>(OnEngineDown);
        Receive<AgentMessages.EngineEvent>(m => OnEngineEvent(m.Event));
        Receive<AgentMessages.CheckEngine>(_ => OnCheckEngine());
        Receive<AgentMessages.EngineChecked>(_ => _checking = false);
        Receive<AgentMessages.Beat>(_ => OnBeat());
        Receive<AgentMessages.Flush>(_ => Flush());
        Receive<HelloWanted>(_ => SayHello());
        Receive<AssignedPods>(OnAssigned);
        Receive<PodsChanged>(OnChanged);
        Receive<PodStatusesStored>(m => _outbox.Stored(m.Stored));
        Receive<PodReported>(OnReported);
        Receive<WorkerDone>(m => OnWorkerDone(m.Uid));
        Receive<Terminated>(m => OnWorkerFailed(m.ActorRef));
        Receive<AgentMessages.ReplaceWorker>(m => OnReplaceWorker(m.Uid));
        Receive<AgentMessages.PodListed>(OnPodListed);
        Receive<AgentMessages.PodNotListed>(m => ReplaceLater(m.Uid, m.Cause));
        Receive<FollowerNews>(m => m.Take());
    }

    private string StoreFile => Path.Combine(_options.DataDirectory, "store-id");

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        foreach (var type in (ResourceType[])[BuiltIn.ConfigMaps, BuiltIn.Secrets])
            _followers.Add(Follower.Start(_registry[type], Self, new(_ => OnSourcesLost(), changes => OnSourcesChanged(type.Collection, changes))));
        Connect();
    }

    protected override void PostStop()
    {
        _stop.Cancel();
        _connection?.Dispose();
        foreach (var follower in _followers) follower.Dispose();
        _probes.Dispose();
        _prober.Dispose();
        _stop.Dispose();
    }

    /// <summary>A worker that fails is replaced by one that starts from what runs; see <see cref="OnWorkerFailed"/>.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(cause =>
    {
        _log.Error(cause, "a pod worker failed and is replaced");
        return Directive.Stop;
    });

    private void SayHello()
    {
        if (_info is not null) _nodeRegion.Tell(new AgentHello(_options.NodeName, _nodeJson, _incarnation, Self));
    }

    private void OnBeat()
    {
        // With the engine down the machine is still there: its Ready condition says what is wrong with it.
        _nodeRegion.Tell(new AgentHeartbeat(_options.NodeName, _incarnation));
        if (_outbox.Count > 0) Flush();
    }

    private void OnReported(PodReported reported)
    {
        _outbox.Put(reported);
        if (reported.Ended) _room.Release(reported.Uid);
        _index.Report(reported.Uid, reported.StatusJson);
        if (!Timers.IsTimerActive(nameof(AgentMessages.Flush))) Timers.StartSingleTimer(nameof(AgentMessages.Flush), new AgentMessages.Flush(), _options.StatusDelay);
    }

    private void Flush()
    {
        var due = _outbox.TakeDue(_time.GetUtcNow().After(-_options.StatusResendAfter));
        if (due.Count > 0) _nodeRegion.Tell(new PodStatuses(_options.NodeName, due));
    }

    // Any of them may have changed.
    private void OnSourcesLost()
    {
        foreach (var worker in _workers.Values) worker.Ref.Tell(new PodMessages.SourcesChanged());
    }

    private void OnSourcesChanged(string collection, IReadOnlyList<Change> changes)
    {
        var users = new HashSet<string>();
        foreach (var change in changes) users.UnionWith(_sources.Users(collection, change.Key));
        foreach (var uid in users) if (_workers.TryGetValue(uid, out var worker)) worker.Ref.Tell(new PodMessages.SourcesChanged());
    }

    private void Describe(RuntimeInfo info)
    {
        var node = NodeDescription.Write(_options, info, MachineFacts.Read(_options.DataDirectory), _time.GetUtcNow());
        node.Status.Conditions = NodeDescription.Conditions(_engineUp, _time.GetUtcNow(), _storeProblem);
        _nodeJson = System.Text.Encoding.UTF8.GetBytes(KubernetesJson.Serialize(node));
    }
}

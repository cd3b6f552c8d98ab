using System.Text;
using ActorOrch.Agent.Nodes.Admission;
using ActorOrch.Agent.Pods;
using ActorOrch.Agent.Pods.Isolation;
using ActorOrch.Agent.Pods.Statuses;
using ActorOrch.Agent.Runtimes;
using ActorOrch.Agent.Runtimes.Simulated;
using ActorOrch.Agent.Streams;
using ActorOrch.Contracts.Nodes;
using ActorOrch.Registry.Collections;
using ActorOrch.Resources.Objects;
using ActorOrch.Resources.Timing;
using Akka.Actor;
using k8s;
using k8s.Models;

namespace ActorOrch.Agent.Nodes;

/// <summary>
/// The agents of many simulated nodes in one actor: pods run as soon as they are bound and are removed as soon as they are deleted, so that a control
/// plane can be tried with thousands of nodes in one process. <see cref="SimulatedBehaviour"/> says otherwise where a pod wants it.
/// </summary>
internal sealed class SimulatedNodes : ReceiveActor, IWithTimers
{
    private readonly IReadOnlyList<AgentOptions> _nodes;
    private readonly RuntimeInfo _machine;
    private readonly IActorRef _nodeRegion;
    private readonly SimulatedPodStreams _streams;
    private readonly TimeProvider _time;
    private readonly string _incarnation = Guid.NewGuid().ToString("N");
    private readonly Dictionary<string, SimulatedNode> _byName = [];
    private readonly HashSet<string> _unsent = [];

    private sealed record Beat;

    private sealed record Flush;

    private sealed record Turn(string NodeName, string Uid, bool Ended);

    private sealed class SimulatedNode(AgentOptions options, IRegistry registry, TimeProvider time)
    {
        public AgentOptions Options { get; } = options;
        public PodAddresses Addresses { get; } = new(options.PodNetwork);
        public StatusOutbox Outbox { get; } = new(time);
        public NodeRoom Room { get; } = new();
        public NodeFacts Facts { get; } = new(registry, options.NodeName);
        public byte[] OwnJson { get; set; } = [];
        public Dictionary<string, SimulatedPod> Pods { get; } = [];
    }

    private sealed record SimulatedPod(V1Pod Pod, PodSituation Situation, V1PodStatus? Status);

    public SimulatedNodes(IReadOnlyList<AgentOptions> nodes, RuntimeInfo machine, IRegistry registry, IActorRef nodeRegion, SimulatedPodStreams streams, TimeProvider time)
    {
        (_nodes, _machine, _nodeRegion, _streams, _time) = (nodes, machine, nodeRegion, streams, time);
        foreach (var node in nodes) _byName[node.NodeName] = new(node, registry, time);
        Receive<Beat>(_ => OnBeat());
        Receive<Flush>(_ => OnFlush());
        Receive<Turn>(OnTurn);
        Receive<HelloWanted>(m => SayHello(m.NodeName));
        Receive<AssignedPods>(OnAssigned);
        Receive<PodsChanged>(OnChanged);
        Receive<PodStatusesStored>(m => _byName[m.NodeName].Outbox.Stored(m.Stored));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        foreach (var node in _nodes) SayHello(node.NodeName);
        if (_nodes.Count > 0) Timers.StartPeriodicTimer(nameof(Beat), new Beat(), _nodes[0].HeartbeatInterval);
    }

    private void SayHello(string nodeName)
    {
        var known = _byName[nodeName];
        var options = known.Options;
        const long diskBytes = 100L << 30;
        var node = NodeDescription.Write(options, _machine, new(nodeName, _incarnation, diskBytes), _time.GetUtcNow());
        known.OwnJson = Encoding.UTF8.GetBytes(KubernetesJson.Serialize(node));
        _nodeRegion.Tell(new AgentHello(nodeName, known.OwnJson, _incarnation, Self));
    }

    private void OnBeat()
    {
        foreach (var node in _nodes)
        {
            _nodeRegion.Tell(new AgentHeartbeat(node.NodeName, _incarnation));
            Send(node.NodeName);
        }
    }

    private void OnFlush()
    {
        foreach (var name in _unsent) Send(name);
        _unsent.Clear();
    }

    private void Send(string nodeName)
    {
        var node = _byName[nodeName];
        if (node.Outbox.Count == 0) return;
        var due = node.Outbox.TakeDue(_time.GetUtcNow().After(-node.Options.StatusResendAfter));
        if (due.Count > 0) _nodeRegion.Tell(new PodStatuses(nodeName, due));
    }

    private void OnAssigned(AssignedPods assigned)
    {
        var node = _byName[assigned.NodeName];
        var pods = assigned.PodsJson.Select(json => (Pod: Model.Parse<V1Pod>(json), Json: json)).ToList();
        var wanted = pods.Select(p => p.Pod.Metadata.Uid).ToHashSet();
        foreach (var uid in node.Pods.Keys.Where(uid => !wanted.Contains(uid)).ToArray()) Forget(node, uid);
        // Those that run have been taken, whoever comes before them in the list.
        foreach (var (pod, json) in pods.OrderByDescending(p => p.Pod.Status?.StartTime is not null)) Update(node, pod, json);
    }

    private void OnChanged(PodsChanged changed)
    {
        var node = _byName[changed.NodeName];
        foreach (var uid in changed.Removed) node.Room.Release(uid);
        foreach (var json in changed.Changed) Update(node, Model.Parse<V1Pod>(json), json);
        foreach (var uid in changed.Removed) Forget(node, uid);
    }

    private void Update(SimulatedNode node, V1Pod pod, byte[] json)
    {
        var uid = pod.Metadata.Uid;
        var behaviour = SimulatedBehaviour.Of(pod.Metadata.Annotations);
        if (!node.Pods.TryGetValue(uid, out var known))
        {
            known = new(pod, Adoption.Situation(pod, []).Situation, pod.Status);
            node.Pods[uid] = known;
            if (Refused(node, pod, json) is { } refusal)
            {
                node.Pods[uid] = known = known with { Situation = known.Situation with { Rejected = refusal.AsStatus() } };
                Show(node, known, ended: true);
                known = node.Pods[uid];
            }
            else if (pod.Metadata.DeletionTimestamp is null) After(behaviour.StartDelay, new(node.Options.NodeName, uid, Ended: false));
        }
        node.Pods[uid] = known = node.Pods[uid] with { Pod = pod };
        if (pod.Metadata.DeletionTimestamp is not null) After(behaviour.StopDelay, new(node.Options.NodeName, uid, Ended: true));
        // Whether it is ready is said by others, too.
        else if (pod.Spec.ReadinessGates is { Count: > 0 } && known.Status?.StartTime is not null) Show(node, known, PodPhases.IsLast(known.Status.Phase));
    }

    /// <summary>Why the node does not take the pod, else null: then it counts from now on.</summary>
    private static Rejection? Refused(SimulatedNode node, V1Pod pod, byte[] json)
    {
        if (PodPhases.IsLast(pod.Status?.Phase)) return null;
        var shape = node.Room.ShapeOf(json);
        var taken = pod.Status?.StartTime is not null || pod.Metadata.DeletionTimestamp is not null;
        if (!taken && node.Room.Refusal(shape, node.Facts.Describe(node.OwnJson), AgentActor.IsScheduled(pod)) is { } refusal) return refusal;
        node.Room.Take(pod.Metadata.Uid, shape);
        return null;
    }

    private void After(TimeSpan delay, Turn turn)
    {
        if (delay > TimeSpan.Zero) Timers.StartSingleTimer(turn, turn, delay);
        else OnTurn(turn);
    }

    private void OnTurn(Turn turn)
    {
        var node = _byName[turn.NodeName];
        if (!node.Pods.TryGetValue(turn.Uid, out var simulated)) return;
        var deleted = simulated.Pod.Metadata.DeletionTimestamp is not null;
        if (!turn.Ended && deleted) return;
        var behaviour = SimulatedBehaviour.Of(simulated.Pod.Metadata.Annotations);
        var situation = simulated.Situation;
        foreach (var container in situation.Containers)
            situation = situation.With(turn.Ended || container.Kind == ContainerKind.Init ? EndOf(container, behaviour.ExitCode) : StartOf(container));
        if (situation.Sandbox is { } sandbox) situation = situation with { Sandbox = sandbox with { Running = !turn.Ended } };
        if (deleted) situation = situation with { Going = true };
        Show(node, simulated with { Situation = situation }, turn.Ended);
        if (!turn.Ended && behaviour.ExitAfter is { } after) After(after, turn with { Ended = true });
    }

    /// <summary>The pod is as its situation says: for its streams, and on its way to the control plane.</summary>
    private void Show(SimulatedNode node, SimulatedPod simulated, bool ended)
    {
        var pod = simulated.Pod;
        var status = PodStatusWriter.Write(
            pod, simulated.Situation, simulated.Status, Addresses(node, pod), node.Options.HostAddresses, _time.GetUtcNow());
        node.Pods[pod.Metadata.Uid] = simulated with { Status = status };
        if (PodPhases.IsLast(status.Phase)) node.Room.Release(pod.Metadata.Uid);
        _streams.Show(pod.Metadata.Uid, status, ended);
        node.Outbox.Put(new(
            pod.Metadata.NamespaceProperty, pod.Metadata.Name, pod.Metadata.Uid,
            Encoding.UTF8.GetBytes(KubernetesJson.Serialize(status)), Terminated: pod.Metadata.DeletionTimestamp is not null));
        _unsent.Add(node.Options.NodeName);
        if (!Timers.IsTimerActive(nameof(Flush))) Timers.StartSingleTimer(nameof(Flush), new Flush(), node.Options.StatusDelay);
    }

    private ContainerSituation StartOf(ContainerSituation container) => container with
    {
        Current = new($"{Guid.NewGuid():N}{Guid.NewGuid():N}", 0, container.SpecHash, "", "", _time.GetUtcNow(), null),
        Started = true,
        ProbedReady = true,
    };

    private ContainerSituation EndOf(ContainerSituation container, int exitCode)
    {
        var now = _time.GetUtcNow();
        if (container.Kind == ContainerKind.Init) exitCode = 0;
        var current = container.Current ?? StartOf(container).Current!;
        return container with { Current = current with { End = current.End ?? new(exitCode, Adoption.Reason(exitCode, oomKilled: false), null, now) } };
    }

    private static IReadOnlyList<string> Addresses(SimulatedNode node, V1Pod pod)
    {
        if (pod.Spec.HostNetwork == true) return node.Options.HostAddresses;
        var (address4, address6) = node.Addresses.Of(pod.Metadata.Uid);
        return [.. new[] { address4, address6 }.OfType<string>()];
    }

    private void Forget(SimulatedNode node, string uid)
    {
        node.Pods.Remove(uid);
        node.Addresses.Release(uid);
        node.Room.Release(uid);
        node.Outbox.Forget(uid);
        _streams.Forget(uid);
    }
}

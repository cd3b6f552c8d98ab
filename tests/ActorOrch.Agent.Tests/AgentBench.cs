using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using ActorOrch.Agent.Runtimes;
using ActorOrch.Agent.Volumes;
using ActorOrch.Contracts.Nodes;
using ActorOrch.Contracts.Streams;
using ActorOrch.Registry.Writes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;
using ActorOrch.Testing;
using Akka.Actor;
using k8s;
using k8s.Models;

namespace ActorOrch.Agent.Tests;

/// <summary>An agent on an engine, with the test in the place of the control plane: it assigns pods and gathers what is reported.</summary>
internal sealed class AgentBench : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, V1PodStatus> _statuses = new();
    private readonly ConcurrentDictionary<string, bool> _terminated = new();
    private readonly ConcurrentBag<(Func<bool> Holds, TaskCompletionSource Done)> _waits = [];
    private readonly TaskCompletionSource<V1Node> _hello = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _data = Path.Combine(Path.GetTempPath(), $"agent-test-{Guid.NewGuid():N}");
    private readonly ActorSystem _system = ActorSystem.Create("agent-test", "akka.loglevel = WARNING\nakka.log-dead-letters = off");
    private readonly IActorRef _region;
    private readonly IContainerRuntime _runtime;
    private readonly Func<Task>? _cleanUp;
    private IActorRef _agent = ActorRefs.Nobody;

    public AgentBench(string nodeName, IContainerRuntime runtime, PodNetworkSpec network, Func<Task>? cleanUp = null, TimeProvider? time = null,
        Func<AgentOptions, AgentOptions>? set = null)
    {
        NodeName = nodeName;
        _runtime = runtime;
        _cleanUp = cleanUp;
        _region = _system.ActorOf(Props.Create(() => new Region(this)), "nodes");
        Options = new()
        {
            NodeName = nodeName,
            DataDirectory = _data,
            HostAddresses = ["127.0.0.1", "::1"],
            PodNetwork = network,
        };
        if (set is not null) Options = set(Options);
        Time = time ?? TimeProvider.System;
        Events.Changed = Check;
    }

    public string NodeName { get; }
    public AgentOptions Options { get; }
    public TimeProvider Time { get; }
    public IContainerRuntime Runtime => _runtime;

    /// <summary>Of the store that the test speaks for.</summary>
    public string StoreId { get; set; } = "5707e";
    public string KeptStoreFile => Path.Combine(_data, "store-id");
    public InMemoryRegistry Registry { get; } = new();
    public RecordedEvents Events { get; } = new();
    public INodeStreams Streams { get; private set; } = null!;
    public Task<V1Node> Hello => _hello.Task;

    /// <summary>The node as it was described last.</summary>
    public V1Node? Node { get; private set; }
    public string PodDirectory(string uid) => Path.Combine(_data, "pods", uid);

    public void Start(string actorName = "agent")
    {
        var handle = AgentHost.Start(_system, Options, _runtime, Registry, _region, new NoDrain(), Events, Time, actorName);
        _agent = handle.Agent;
        Streams = handle.Streams;
    }

    public void Assign(params IReadOnlyList<V1Pod> pods) => _agent.Tell(new AssignedPods(NodeName, [.. pods.Select(Bytes)], StoreId));

    public void Change(params IReadOnlyList<V1Pod> pods) => _agent.Tell(new PodsChanged(NodeName, [.. pods.Select(Bytes)], []));

    public void Remove(params IReadOnlyList<string> uids) => _agent.Tell(new PodsChanged(NodeName, [], uids));

    /// <summary>Kills the agent's actor as a crash of its process would: nothing of what it runs is stopped.</summary>
    public async Task StopAgentAsync() => await _agent.GracefulStop(TimeSpan.FromSeconds(5));

    public V1PodStatus? Status(string uid) => _statuses.GetValueOrDefault(uid);

    public Task WhenAsync(string uid, Func<V1PodStatus, bool> holds) => WhenAsync(() => Status(uid) is { } status && holds(status));

    public Task WhenReadyAsync(params IReadOnlyList<string> uids) => WhenAsync(() => uids.All(u => Status(u) is { } s && IsReady(s)));

    public Task WhenTerminatedAsync(params IReadOnlyList<string> uids) => WhenAsync(() => uids.All(_terminated.ContainsKey));

    public static bool IsReady(V1PodStatus status) => status.Conditions.Any(c => c is { Type: "Ready", Status: "True" });

    /// <summary>Until the text can be read. It has no event of its own, so it is read again at once.</summary>
    public async Task WhenAsync(Func<Task<string>> read, string expected)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var last = await read();
        while (last != expected)
        {
            Assert.False(limit.IsCancellationRequested, $"read \"{last}\", not \"{expected}\"");
            last = await read();
        }
    }

    /// <summary>Until no container of that name is left on the engine.</summary>
    public async Task WhenGoneAsync(string name)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await foreach (var happened in _runtime.EventsAsync(Time.GetUtcNow().AddMinutes(-1), limit.Token))
            if (happened.Kind == ContainerEventKind.Removed && happened.Labels[ContainerLabels.PodName] == name) return;
    }

    public async Task CreateAsync(ResourceType type, JsonObject obj) => await Registry[type].WriteAsync(new Write.Create(ObjectDraft.Encode(obj)));

    public async Task ReplaceAsync(ResourceType type, JsonObject obj)
    {
        var draft = ObjectDraft.Encode(obj);
        await Registry[type].WriteAsync(new Write.Replace(draft, Registry[type].Latest.Get(draft.Key)!.Revision));
    }

    public Task WhenEventAsync(string reason) => WhenAsync(() => Events.All.Any(e => e.Reason == reason));

    public async Task WhenAsync(Func<bool> holds)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waits.Add((holds, done));
        if (holds()) return;
        try
        {
            await done.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"not reached; statuses: {string.Join("\n", _statuses.Values.Select(s => KubernetesJson.Serialize(s)))}\nevents: {string.Join("\n", Events.All)}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _system.Terminate();
        foreach (var container in await _runtime.ListAsync(CancellationToken.None)) await _runtime.RemoveAsync(container.Id, CancellationToken.None);
        foreach (var uid in _statuses.Keys) new VolumeManager(new(_data), Registry, null, Time).Remove(uid);
        await _runtime.DisposeAsync();
        if (_cleanUp is not null) await _cleanUp();
        if (Directory.Exists(_data)) Directory.Delete(_data, recursive: true);
    }

    private static byte[] Bytes(V1Pod pod) => Encoding.UTF8.GetBytes(KubernetesJson.Serialize(pod));

    private void OnReports(IReadOnlyList<PodStatusReport> reports)
    {
        foreach (var report in reports)
        {
            _statuses[report.Uid] = Model.Parse<V1PodStatus>(report.StatusJson);
            if (report.Terminated) _terminated[report.Uid] = true;
        }
        Check();
    }

    private void Check()
    {
        foreach (var (holds, done) in _waits) if (!done.Task.IsCompleted && holds()) done.TrySetResult();
    }

    private sealed class Region : ReceiveActor
    {
        public Region(AgentBench bench)
        {
            Receive<AgentHello>(hello =>
            {
                bench.Node = Model.Parse<V1Node>(hello.NodeJson);
                bench._hello.TrySetResult(bench.Node);
                bench.Check();
            });
            Receive<AgentHeartbeat>(_ => { });
            Receive<PodStatuses>(statuses =>
            {
                bench.OnReports(statuses.Reports);
                Sender.Tell(new PodStatusesStored(statuses.NodeName, [.. statuses.Reports.Select(r => (r.Uid, r.Sequence))]));
            });
        }
    }
}

using System.Text;
using System.Text.Json.Nodes;
using ActorOrch.Contracts.Nodes;
using ActorOrch.Controllers.Nodes;
using ActorOrch.Controllers.Nodes.Health;
using ActorOrch.Controllers.Nodes.Registration;
using ActorOrch.Reconciling;
using ActorOrch.Registry.Api;
using ActorOrch.Registry.Watching;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;
using ActorOrch.Testing;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;

namespace ActorOrch.Controllers.Tests.Nodes;

public class NodeActorTests : TestKit
{
    private readonly InMemoryRegistry _registry = new();
    private readonly ManualTime _time = new();
    private readonly NodeSettings _settings = new();
    private readonly HeartbeatMonitor _monitor;
    private readonly ReconcilerServices _services;
    private readonly TestProbe _agent;

    public NodeActorTests() : base(NodesHost.DefaultConfig)
    {
        var api = new ObjectApi(_registry, [], _time, new Random(1));
        _services = new(api, new NoEvents(), _time, new Random(1), (_, _) => { });
        _monitor = new(_registry, _settings, _time);
        _agent = CreateTestProbe("agent");
    }

    [Fact]
    public async Task A_hello_registers_the_node_and_is_answered_with_its_pods()
    {
        await PutPodAsync("mine", "a");
        await PutPodAsync("others", "b");
        Start("a").Tell(Hello("a"));
        Assert.Contains("\"mine\"", Encoding.UTF8.GetString(Assert.Single((await _agent.ExpectMsgAsync<AssignedPods>()).PodsJson)), StringComparison.Ordinal);
        await WhenAsync(() => Ready("a") == "True");
    }

    [Fact]
    public async Task A_pod_that_is_bound_changed_or_removed_is_told_at_once_and_a_mere_status_is_not()
    {
        Start("a").Tell(Hello("a"));
        await _agent.ExpectMsgAsync<AssignedPods>();
        var pod = await PutPodAsync("p", "a");
        Assert.Single((await _agent.ExpectMsgAsync<PodsChanged>()).Changed);
        var document = pod.ToJson();
        document["status"] = new JsonObject { ["phase"] = "Running" };
        await _registry.PutAsync(BuiltIn.Pods, document.DeepClone().AsObject());
        document["metadata"]!["deletionTimestamp"] = "2030-01-01T00:00:30Z";
        await _registry.PutAsync(BuiltIn.Pods, document);
        Assert.Contains("deletionTimestamp", Encoding.UTF8.GetString(Assert.Single((await _agent.ExpectMsgAsync<PodsChanged>()).Changed)), StringComparison.Ordinal);
        await _registry.RemoveAsync(BuiltIn.Pods, pod.Key);
        Assert.Equal([pod.Uid], (await _agent.ExpectMsgAsync<PodsChanged>()).Removed);
    }

    [Fact]
    public async Task Statuses_are_stored_together_and_acknowledged_and_what_has_ended_is_removed()
    {
        var node = Start("a");
        node.Tell(Hello("a"));
        await _agent.ExpectMsgAsync<AssignedPods>();
        // Before the pods are there: what has been received already is ignored no more.
        _agent.IgnoreMessages<PodsChanged>(_ => true);
        var runs = await PutPodAsync("runs", "a");
        var ends = await PutPodAsync("ends", "a", pod => pod["metadata"]!["deletionTimestamp"] = "2030-01-01T00:00:00Z");
        node.Tell(new PodStatuses("a", [Report(runs, "Running", 3), Report(ends, "Succeeded", 5, terminated: true), new("default", "never", "x", "{}"u8.ToArray(), 1, false)]));
        var stored = (await _agent.ExpectMsgAsync<PodStatusesStored>()).Stored;
        Assert.Equal([(ends.Uid, 5L), (runs.Uid, 3L), ("x", 1L)], stored.OrderBy(s => s.Uid == "x" ? 2 : s.Sequence == 5 ? 0 : 1));
        Assert.Equal("Running", (string?)_registry[BuiltIn.Pods].Latest.Get(runs.Key)!.ToJson()["status"]!["phase"]);
        Assert.Null(_registry[BuiltIn.Pods].Latest.Get(ends.Key));
    }

    [Fact]
    public async Task A_node_of_which_nothing_is_heard_is_lost_and_comes_back_with_its_agent()
    {
        await PutReadyNodesAsync("b", "c");
        var node = Start("a");
        node.Tell(Hello("a"));
        await WhenAsync(() => Ready("a") == "True");
        await PutPodAsync("p", "a", pod => pod["status"] = JsonNode.Parse("""{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]}"""));
        _time.Advance(_settings.HeartbeatGrace + TimeSpan.FromSeconds(1));
        await WhenAsync(() => Ready("a") == "Unknown" && Taints("a").Contains("node.kubernetes.io/unreachable NoExecute"));
        await WhenAsync(() => Condition(_registry[BuiltIn.Pods].Latest.Get(new("default", "p"))!, "Ready") == "False");
        node.Tell(new AgentHeartbeat("a", "i1"), _agent);
        await _agent.FishForMessageAsync(m => m is HelloWanted);
        node.Tell(Hello("a"));
        await WhenAsync(() => Ready("a") == "True" && !Taints("a").Any());
    }

    [Fact]
    public async Task A_process_that_was_stopped_itself_blames_no_node()
    {
        await PutReadyNodesAsync("b", "c");
        Start("a").Tell(Hello("a"));
        await WhenAsync(() => Ready("a") == "True");
        _time.Leap(TimeSpan.FromMinutes(10));
        _time.Advance(_settings.HeartbeatGrace - TimeSpan.FromSeconds(1));
        Assert.Equal("True", Ready("a"));
        Assert.Equal(_time.GetUtcNow() - (_settings.HeartbeatGrace - TimeSpan.FromSeconds(1)), _monitor.FreshSince);
        _time.Advance(TimeSpan.FromSeconds(2));
        await WhenAsync(() => Ready("a") == "Unknown");
    }

    [Fact]
    public async Task When_all_nodes_vanish_no_pod_is_driven_away_until_one_is_back()
    {
        var nodes = ((string[])["a", "b"]).ToDictionary(name => name, name => Start(name));
        foreach (var (name, node) in nodes) node.Tell(Hello(name));
        await WhenAsync(() => nodes.Keys.All(n => Ready(n) == "True"));
        _time.Advance(_settings.HeartbeatGrace + TimeSpan.FromSeconds(1));
        await WhenAsync(() => nodes.Keys.All(n => Ready(n) == "Unknown"));
        Assert.All(nodes.Keys, n => Assert.Equal(["node.kubernetes.io/unreachable NoSchedule"], Taints(n)));
        nodes["b"].Tell(Hello("b"));
        await WhenAsync(() => Ready("b") == "True");
        _time.Advance(TimeSpan.FromSeconds(1));
        await WhenAsync(() => Taints("a").Contains("node.kubernetes.io/unreachable NoExecute"));
    }

    [Fact]
    public async Task A_deleted_node_stays_deleted_until_its_agent_starts_anew()
    {
        var node = Start("a");
        node.Tell(Hello("a"));
        await WhenAsync(() => Ready("a") == "True");
        await _agent.ExpectMsgAsync<AssignedPods>();
        await _registry.RemoveAsync(BuiltIn.Nodes, ObjectKey.ClusterScoped("a"));
        await WhenJournaledAsync("a", e => e is NodeRemoved);
        node.Tell(new AgentHeartbeat("a", "i1"), _agent);
        node.Tell(Hello("a", "i2"));
        await WhenAsync(() => Ready("a") == "True");
        await _agent.ExpectMsgAsync<AssignedPods>();
    }

    [Fact]
    public async Task Its_history_is_in_the_journal()
    {
        await PutReadyNodesAsync("b", "c");
        Start("a").Tell(Hello("a"));
        await WhenAsync(() => Ready("a") == "True");
        _time.Advance(_settings.HeartbeatGrace + TimeSpan.FromSeconds(1));
        await WhenJournaledAsync("a", e => e is TaintApplied { Effect: "NoExecute" });
        var events = await JournalAsync("a");
        Assert.Equal([typeof(NodeRegistered), typeof(HeartbeatLost), typeof(TaintApplied), typeof(TaintApplied)], events.Select(e => e.GetType()));
    }

    private IActorRef Start(string name)
    {
        var node = Sys.ActorOf(Props.Create(() => new NodeActor(name, _services, _settings, _monitor)), "node-" + name);
        // As the feeds do, but for one node: others have actors of their own.
        Feed(BuiltIn.Pods, change => NodesHost.NodeOfPod(change).Where(key => key.Name == name));
        Feed(BuiltIn.Nodes, change => change.Key.Name == name ? [change.Key] : []);
        return node;

        void Feed(ResourceType type, Func<Change, IEnumerable<ObjectKey>> keys) =>
            Sys.ActorOf(WakeFeed.Props(_registry[type], _registry, [new(BuiltIn.Nodes, node, [keys], WakesAll: false)]));
    }

    private AgentHello Hello(string name, string incarnation = "i1") => new(name, Encoding.UTF8.GetBytes($$"""
        {"metadata":{"name":"{{name}}"},"status":{"capacity":{"cpu":"4","pods":"110"},"conditions":[{"type":"Ready","status":"True"}] } }
        """), incarnation, _agent);

    private async Task PutReadyNodesAsync(params string[] names)
    {
        foreach (var name in names)
            await _registry.PutAsync(BuiltIn.Nodes, JsonNode.Parse($$"""{"metadata":{"name":"{{name}}"},"spec":{},"status":{"conditions":[{"type":"Ready","status":"True"}] } }""")!.AsObject());
    }

    private Task<StoredObject> PutPodAsync(string name, string node, Action<JsonObject>? change = null)
    {
        var pod = JsonNode.Parse($$"""{"metadata":{"name":"{{name}}","namespace":"default"},"spec":{"nodeName":"{{node}}"},"status":{"phase":"Pending"} }""")!.AsObject();
        change?.Invoke(pod);
        return _registry.PutAsync(BuiltIn.Pods, pod);
    }

    private static PodStatusReport Report(StoredObject pod, string phase, long sequence, bool terminated = false) =>
        new(pod.Key.Namespace, pod.Key.Name, pod.Uid, Encoding.UTF8.GetBytes($$"""{"phase":"{{phase}}"}"""), sequence, terminated);

    private StoredObject? Node(string name) => _registry[BuiltIn.Nodes].Latest.Get(ObjectKey.ClusterScoped(name));

    private string? Ready(string name) => Node(name) is { } node ? Condition(node, "Ready") : null;

    private static string? Condition(StoredObject obj, string type) => Conditions.StatusOf(obj.ToJson()["status"] as JsonObject, type);

    private IEnumerable<string> Taints(string name) => (Node(name)!.ToJson()["spec"]?["taints"] as JsonArray ?? []).Select(t => $"{t!["key"]} {t["effect"]}");

    private Task WhenAsync(Func<bool> holds) => AwaitConditionAsync(() => Task.FromResult(holds()), TimeSpan.FromSeconds(20));

    private Task WhenJournaledAsync(string name, Func<object, bool> wanted) =>
        AwaitConditionAsync(async () => (await JournalAsync(name)).Any(wanted), TimeSpan.FromSeconds(20));

    private async Task<IReadOnlyList<object>> JournalAsync(string name)
    {
        var reader = CreateTestProbe();
        var actor = Sys.ActorOf(Props.Create(() => new JournalReader($"node-{name}", reader.Ref)));
        var events = await reader.ExpectMsgAsync<object[]>();
        Watch(actor);
        Sys.Stop(actor);
        ExpectTerminated(actor);
        return events;
    }

    private sealed class NoEvents : IEventRecorder
    {
        public void Record(EventSubject subject, EventSource source, EventType type, string reason, string message) { }
    }
}

using System.Text.Json.Nodes;
using ActorOrch.Controllers.Nodes;
using ActorOrch.Controllers.Nodes.Health;
using ActorOrch.Controllers.Nodes.Registration;
using ActorOrch.Controllers.Pods;
using ActorOrch.Reconciling;
using ActorOrch.Registry.Api;
using ActorOrch.Registry.Watching;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;
using ActorOrch.Testing;
using Akka.Actor;
using Akka.TestKit.Xunit2;

namespace ActorOrch.Controllers.Tests.Pods;

public class PodActorTests : TestKit
{
    private static readonly ObjectKey Key = new("default", "p");
    private readonly InMemoryRegistry _registry = new();
    private readonly ManualTime _time = new();
    private readonly NodeSettings _settings = new();
    private readonly ReconcilerServices _services;
    private readonly DateTimeOffset _start;

    public PodActorTests()
    {
        _services = new(new ObjectApi(_registry, [], _time, new Random(1)), new NoEvents(), _time, new Random(1), (_, _) => { });
        _start = _time.GetUtcNow();
    }

    [Fact]
    public async Task A_pod_on_an_unreachable_node_is_evicted_when_its_toleration_has_run_out()
    {
        await PutAsync(BuiltIn.Nodes, """
            {"metadata":{"name":"a"},"spec":{"taints":[{"key":"node.kubernetes.io/unreachable","effect":"NoExecute","timeAdded":"2030-01-01T00:00:00Z"}]},
             "status":{"conditions":[{"type":"Ready","status":"Unknown"}] } }
            """);
        await PutAsync(BuiltIn.Pods, Pod("""[{"key":"node.kubernetes.io/unreachable","operator":"Exists","effect":"NoExecute","tolerationSeconds":5}]"""));
        Start();
        await PassTimeUntilAsync(() => Stored()?.Meta.DeletionTimestamp is not null);
        Assert.True(_time.GetUtcNow() - _start >= _settings.HeartbeatGrace + TimeSpan.FromSeconds(5));
        Assert.Equal("DeletionByTaintManager", (string?)Conditions.Find(Stored()!.ToJson()["status"]!.AsObject(), "DisruptionTarget")!["reason"]);
    }

    [Fact]
    public async Task A_pod_whose_node_is_gone_is_removed_after_a_while()
    {
        await PutAsync(BuiltIn.Pods, Pod("[]"));
        Start();
        await PassTimeUntilAsync(() => Stored() is null);
        Assert.True(_time.GetUtcNow() - _start >= _settings.OrphanGrace);
    }

    [Fact]
    public async Task Ordinary_changes_wake_no_pod_and_a_taint_wakes_those_of_its_node()
    {
        var nodes = _registry[BuiltIn.Nodes];
        var node = await PutAsync(BuiltIn.Nodes, """{"metadata":{"name":"a"},"spec":{},"status":{} }""");
        var pod = await PutAsync(BuiltIn.Pods, Pod("[]"));
        var running = pod.ToJson();
        running["status"]!["phase"] = "Running";
        var changed = await _registry.PutAsync(BuiltIn.Pods, running);
        Assert.Empty(PodWakes.OfPod(new(ChangeKind.Added, pod, null), nodes));
        Assert.Empty(PodWakes.OfPod(new(ChangeKind.Modified, changed, pod), nodes));
        var tainted = node.ToJson();
        tainted["spec"]!["taints"] = JsonNode.Parse("""[{"key":"k","effect":"NoExecute"}]""");
        var after = await _registry.PutAsync(BuiltIn.Nodes, tainted);
        Assert.Equal([Key], PodWakes.OfNode(new(ChangeKind.Modified, after, node), _registry[BuiltIn.Pods]));
        Assert.Equal([Key], PodWakes.OfPod(new(ChangeKind.Added, pod, null), nodes));
    }

    private void Start()
    {
        var monitor = new HeartbeatMonitor(_registry, _settings, _time);
        Sys.ActorOf(Props.Create(() => new PodActor(Key, _services, _settings, monitor)));
    }

    private Task PassTimeUntilAsync(Func<bool> holds) => AwaitConditionAsync(() =>
    {
        if (!holds()) _time.Advance(TimeSpan.FromSeconds(1));
        return Task.FromResult(holds());
    }, TimeSpan.FromSeconds(30), TimeSpan.FromMilliseconds(20));

    private static string Pod(string tolerations) => $$"""
        {"metadata":{"name":"p","namespace":"default","creationTimestamp":"2029-01-01T00:00:00Z"},
         "spec":{"nodeName":"a","terminationGracePeriodSeconds":30,"tolerations":{{tolerations}},"containers":[{"name":"c","image":"i"}] },"status":{"phase":"Pending"} }
        """;

    private Task<StoredObject> PutAsync(ResourceType type, string json) => _registry.PutAsync(type, JsonNode.Parse(json)!.AsObject());

    private StoredObject? Stored() => _registry[BuiltIn.Pods].Latest.Get(Key);

    private sealed class NoEvents : IEventRecorder
    {
        public void Record(EventSubject subject, EventSource source, EventType type, string reason, string message) { }
    }
}

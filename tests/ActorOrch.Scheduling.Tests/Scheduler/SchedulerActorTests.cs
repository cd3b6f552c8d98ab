using System.Collections.Concurrent;
using System.Text.Json;
using ActorOrch.Registry.Writes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;
using ActorOrch.Scheduling.Scheduler;
using ActorOrch.Testing;
using Akka.Actor;
using Akka.TestKit.Xunit2;

namespace ActorOrch.Scheduling.Tests.Scheduler;

public class SchedulerActorTests : TestKit
{
    private readonly InMemoryRegistry _registry = new();
    private readonly RecordedEvents _events = new();

    public SchedulerActorTests() : base(SchedulerHost.DefaultConfig)
    {
    }

    [Fact]
    public async Task A_pod_gets_a_node_a_condition_and_an_event()
    {
        await PutAsync(Samples.Node("a"));
        Start();
        await PutAsync(Samples.Pod("p"));
        await WhenAsync(() => NodeOf("p") == "a");
        Assert.Equal("True", Condition("p")?.GetProperty("status").GetString());
        await WhenAsync(() => _events.All.Contains("Scheduled p a"));
    }

    [Fact]
    public async Task A_pod_that_fits_nowhere_is_told_why_once_and_placed_when_a_node_comes()
    {
        await PutAsync(Samples.Node("a", cpu: "1"));
        var scheduler = Start();
        await PutAsync(Samples.Pod("p", cpu: "2"));
        const string Message = "0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.";
        await WhenAsync(() => Condition("p") is not null);
        Assert.Equal(("False", "Unschedulable", Message), (Text("status"), Text("reason"), Text("message")));
        var answer = await scheduler.Ask<PodDecision>(new WhyPending(new("default", "p")));
        Assert.Equal(Message, answer.Message);
        await PutAsync(Samples.Node("b", cpu: "3"));
        await WhenAsync(() => NodeOf("p") == "b");
        Assert.Single(_events.All, e => e.StartsWith("FailedScheduling", StringComparison.Ordinal));

        string? Text(string name) => Condition("p")?.GetProperty(name).GetString();
    }

    [Fact]
    public async Task Pods_with_gates_of_other_schedulers_or_terminating_are_left_alone()
    {
        await PutAsync(Samples.Node("a"));
        await PutAsync(Samples.Pod("gated", more: ""","schedulingGates":[{"name":"wait"}]"""));
        await PutAsync(Samples.Pod("other", more: "").ToJson(), pod => pod["spec"]!["schedulerName"] = "other");
        await PutAsync(Samples.Pod("going").ToJson(), pod => pod["metadata"]!["deletionTimestamp"] = "2030-01-01T00:00:01Z");
        Start();
        await PutAsync(Samples.Pod("p"));
        await WhenAsync(() => NodeOf("p") == "a");
        Assert.All(["gated", "other", "going"], name => Assert.Equal("", NodeOf(name)));
    }

    [Fact]
    public async Task Someone_elses_write_in_between_is_built_upon()
    {
        await PutAsync(Samples.Node("a"));
        Start();
        var pods = _registry.Of(BuiltIn.Pods);
        var raced = 0;
        pods.Fault = write =>
        {
            if (write is not Write.Replace || Interlocked.Exchange(ref raced, 1) == 1) return null;
            pods.Fault = null;
            var labelled = pods.Latest.Get(write.Key)!.ToJson();
            labelled["metadata"]!["labels"] = new System.Text.Json.Nodes.JsonObject { ["by"] = "user" };
            _registry.PutAsync(BuiltIn.Pods, labelled);
            return null;
        };
        await PutAsync(Samples.Pod("p"));
        await WhenAsync(() => NodeOf("p") == "a");
        Assert.Equal("user", pods.Latest.Get(new("default", "p"))!.Meta.Labels["by"]);
    }

    [Fact]
    public async Task What_was_decided_but_not_bound_is_completed_by_the_successor()
    {
        await PutAsync(Samples.Node("a"));
        await PutAsync(Samples.Node("b"));
        var pods = _registry.Of(BuiltIn.Pods);
        pods.Fault = write => write is Write.Replace ? new(WriteOutcome.Unavailable) : null;
        var first = Start();
        await PutAsync(Samples.Pod("p"));
        var decided = "";
        await WhenAsync(async () => (decided = (await first.Ask<PodDecision>(new WhyPending(new("default", "p")))).Node ?? "").Length > 0);
        Watch(first);
        first.Tell(PoisonPill.Instance);
        ExpectTerminated(first);
        pods.Fault = null;
        // On its own merits the other node would be chosen now.
        await PutAsync(Samples.Pod("heavy", cpu: "3", more: $$""","nodeName":"{{(decided == "a" ? "b" : "a")}}" """));
        Start();
        await WhenAsync(() => NodeOf("p").Length > 0);
        Assert.Equal(decided, NodeOf("p"));
    }

    [Fact]
    public async Task A_thousand_pods_are_bound_and_no_node_is_over_committed()
    {
        for (var i = 0; i < 20; i++) await PutAsync(Samples.Node($"n{i}", cpu: "5"));
        Start();
        for (var i = 0; i < 1_000; i++) await PutAsync(Samples.Pod($"p{i}", cpu: "100m"));
        await WhenAsync(() => _registry[BuiltIn.Pods].Latest.Objects.Keys.All(k => NodeOf(k.Name).Length > 0));
        Assert.All(_registry[BuiltIn.Pods].Latest.Objects.Keys.GroupBy(k => NodeOf(k.Name)), node => Assert.Equal(50, node.Count()));
    }

    [Fact]
    public async Task A_pod_that_must_not_share_a_node_waits_until_the_other_has_gone()
    {
        await PutAsync(Samples.Node("a", labels: Host("a")));
        Start();
        const string Apart = ""","affinity":{"podAntiAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{"topologyKey":"kubernetes.io/hostname","labelSelector":{"matchLabels":{"app":"x"}}}]}}""";
        await PutAsync(Samples.Pod("p", more: Apart).ToJson(), Labelled("x"));
        await WhenAsync(() => NodeOf("p") == "a");
        await PutAsync(Samples.Pod("q", more: Apart).ToJson(), Labelled("x"));
        await WhenAsync(() => Condition("q") is not null);
        Assert.Equal(
            "0/1 nodes are available: 1 node(s) didn't match pod anti-affinity rules. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.",
            Condition("q")?.GetProperty("message").GetString());
        await _registry.RemoveAsync(BuiltIn.Pods, new("default", "p"));
        await WhenAsync(() => NodeOf("q") == "a");
    }

    [Fact]
    public async Task A_pod_waits_for_those_that_it_wants_to_be_with_for_their_labels_and_for_those_of_their_namespace()
    {
        await PutAsync(Samples.Node("a", labels: Host("a")));
        await PutAsync(Samples.Node("b", labels: Host("b")));
        Start();
        await PutAsync(Samples.Pod("late", more: Near("late")));
        await PutAsync(Samples.Pod("relabelled", more: Near("relabelled")));
        await PutAsync(Samples.Pod("elsewhere", more: Near("elsewhere", ""","namespaceSelector":{"matchLabels":{"team":"red"}}""")));
        await WhenAsync(() => Condition("late") is not null && Condition("relabelled") is not null && Condition("elsewhere") is not null);
        await PutAsync(Samples.Pod("friend", more: ""","nodeName":"b" """).ToJson(), Labelled("late"));
        await WhenAsync(() => NodeOf("late") == "b");
        await PutAsync(Samples.Pod("friend", more: ""","nodeName":"b" """).ToJson(), Labelled("relabelled"));
        await WhenAsync(() => NodeOf("relabelled") == "b");
        await PutAsync(Samples.Pod("far", more: ""","nodeName":"a" """).ToJson(), pod =>
        {
            Labelled("elsewhere")(pod);
            pod["metadata"]!["namespace"] = "other";
        });
        Assert.Equal("", NodeOf("elsewhere"));
        await _registry.PutAsync(BuiltIn.Namespaces, System.Text.Json.Nodes.JsonNode.Parse("""{"metadata":{"name":"other","labels":{"team":"red"}}}""")!.AsObject());
        await WhenAsync(() => NodeOf("elsewhere") == "a");

        static string Near(string app, string more = "") => $$$"""
            ,"affinity":{"podAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{"topologyKey":"kubernetes.io/hostname","labelSelector":{"matchLabels":{"app":"{{{app}}}"}}{{{more}}}}]}}
            """;
    }

    [Fact]
    public async Task What_went_while_changes_were_lost_is_neither_placed_nor_given_pods()
    {
        await PutAsync(Samples.Node("a"));
        Start();
        await PutAsync(Samples.Pod("p", cpu: "3"));
        await WhenAsync(() => NodeOf("p") == "a");
        var (nodes, pods) = (_registry.Of(BuiltIn.Nodes), _registry.Of(BuiltIn.Pods));

        nodes.CutOff = true;
        await _registry.RemoveAsync(BuiltIn.Nodes, new("", "a"));
        await PutAsync(Samples.Node("b"));
        nodes.Reload();
        await PutAsync(Samples.Pod("q", cpu: "3"));
        await WhenAsync(() => NodeOf("q") == "b");

        // The room that a pod had is free once it is gone, although nobody was told.
        pods.CutOff = true;
        await _registry.RemoveAsync(BuiltIn.Pods, new("default", "q"));
        pods.Reload();
        await PutAsync(Samples.Pod("r", cpu: "3"));
        await WhenAsync(() => NodeOf("r") == "b");
    }

    private static string Host(string name) => $$"""{"kubernetes.io/hostname":"{{name}}"}""";

    private static Action<System.Text.Json.Nodes.JsonObject> Labelled(string app) =>
        pod => pod["metadata"]!["labels"] = new System.Text.Json.Nodes.JsonObject { ["app"] = app };

    private IActorRef Start() => Sys.ActorOf(SchedulerActor.Props(_registry, _events, new SchedulerSettings { RetryAfter = TimeSpan.FromMilliseconds(20) }, TimeProvider.System));

    private Task WhenAsync(Func<bool> holds) => AwaitConditionAsync(() => Task.FromResult(holds()), TimeSpan.FromSeconds(20));

    private Task WhenAsync(Func<Task<bool>> holds) => AwaitConditionAsync(holds, TimeSpan.FromSeconds(20));

    private Task<StoredObject> PutAsync(StoredObject obj) => _registry.PutAsync(_registry.Catalogue.Current.Find(obj.Resource)!, obj.ToJson());

    private Task<StoredObject> PutAsync(System.Text.Json.Nodes.JsonObject pod, Action<System.Text.Json.Nodes.JsonObject> change)
    {
        change(pod);
        return _registry.PutAsync(BuiltIn.Pods, pod);
    }

    private JsonElement Pod(string name) => JsonDocument.Parse(_registry[BuiltIn.Pods].Latest.Get(new("default", name))!.Json).RootElement;

    private string NodeOf(string name) => Pod(name).GetProperty("spec").TryGetProperty("nodeName", out var node) ? node.GetString()! : "";

    private JsonElement? Condition(string name) => Pod(name).GetProperty("status").TryGetProperty("conditions", out var conditions) ? conditions[0] : null;

    private sealed class RecordedEvents : ISchedulingEvents
    {
        internal ConcurrentQueue<string> All { get; } = [];

        public void Scheduled(StoredObject pod, string node) => All.Enqueue($"Scheduled {pod.Key.Name} {node}");

        public void FailedScheduling(StoredObject pod, string message) => All.Enqueue($"FailedScheduling {pod.Key.Name} {message}");
    }
}

using ActorOrch.Agent.Pods;
using ActorOrch.Agent.Runtimes.Simulated;
using ActorOrch.Resources.Catalog;
using ActorOrch.Testing;
using k8s.Models;

namespace ActorOrch.Agent.Tests.Pods;

public class SourcesWaitTests
{
    [Fact]
    public async Task A_pod_that_comes_before_what_it_refers_to_waits_and_does_not_miss_it()
    {
        await using var bench = new AgentBench("agent-early", new SimulatedRuntime("agent-early", TimeProvider.System), new("agent-early", "10.212.5.0/24", null));
        var here = new TaskCompletionSource();
        bench.Registry.Of(BuiltIn.Secrets).HoldsForPods = here.Task;
        bench.Start();
        await bench.Hello;
        var pod = Referring("early");
        bench.Assign(pod, TestPods.Sleeping("without"));
        await bench.WhenAsync(() => bench.Events.All.Any(e => e.Reason == "Started"));

        // A pod that refers to nothing waits for nothing; this one has not been looked at by now.
        Assert.DoesNotContain(bench.Events.All, e => e.Reason == "FailedMount");
        await bench.Registry.PutAsync(BuiltIn.Secrets, new V1Secret { Metadata = new() { Name = "keys", NamespaceProperty = "default" }, Data = new Dictionary<string, byte[]> { ["a"] = [1] } });
        here.SetResult();
        await bench.WhenReadyAsync(pod.Metadata.Uid);

        Assert.DoesNotContain(bench.Events.All, e => e.Reason == "FailedMount");
    }

    [Fact]
    public async Task What_does_not_come_is_missed_by_its_name_after_a_while_and_taken_when_it_comes()
    {
        var time = new ManualTime();
        var wait = new SourcesWait(Registry(new TaskCompletionSource().Task), time);
        var pod = Referring("late");

        var over = wait.WhenKnownAsync(pod, CancellationToken.None);
        Assert.False(over.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(10));
        await over.WaitAsync(TimeSpan.FromSeconds(10));

        // Not a second time: what was given up comes by its own news.
        Assert.True(wait.WhenKnownAsync(pod, CancellationToken.None).IsCompletedSuccessfully);
    }

    private static InMemoryRegistry Registry(Task holds)
    {
        var registry = new InMemoryRegistry();
        registry.Of(BuiltIn.Secrets).HoldsForPods = holds;
        return registry;
    }

    private static V1Pod Referring(string name)
    {
        var pod = TestPods.Sleeping(name);
        pod.Metadata.ResourceVersion = "5";
        pod.Spec.Volumes = [new() { Name = "v", Secret = new() { SecretName = "keys" } }];
        return pod;
    }
}

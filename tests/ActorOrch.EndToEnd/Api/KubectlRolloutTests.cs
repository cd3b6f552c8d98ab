using ActorOrch.EndToEnd.Harness;

namespace ActorOrch.EndToEnd.Api;

/// <summary>Every <c>kubectl rollout</c>, as an operator types them one after the other.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class KubectlRolloutTests(SimulatedCluster cluster) : IClassFixture<SimulatedCluster>
{
    private const string Name = "deployment/web";
    private readonly Kubectl _kubectl = cluster.Kubectl;

    [Fact]
    public async Task A_deployment_is_rolled_forward_back_paused_resumed_and_restarted()
    {
        await _kubectl.OutputAsync("create", "deployment", "web", "--image=web:1", "--replicas=3");
        Assert.EndsWith("deployment \"web\" successfully rolled out", await StatusAsync());
        await _kubectl.OutputAsync("set", "image", Name, "web=web:2");
        await StatusAsync();
        await _kubectl.OutputAsync("annotate", Name, "kubernetes.io/change-cause=the second");

        Assert.Matches(@"REVISION +CHANGE-CAUSE\n1 +<none>\n2 +the second", await _kubectl.OutputAsync("rollout", "history", Name));
        Assert.Matches(@"with revision #1\n(.*\n)*.*Image:\s+web:1", await _kubectl.OutputAsync("rollout", "history", Name, "--revision=1"));

        Assert.Equal("deployment.apps/web rolled back", await _kubectl.OutputAsync("rollout", "undo", Name));
        await StatusAsync();
        Assert.Equal("web:1", await ImageAsync());
        await _kubectl.OutputAsync("rollout", "undo", Name, "--to-revision=2");
        await StatusAsync();
        Assert.Equal("web:2", await ImageAsync());
        Assert.Contains("unable to find specified revision 77 in history", (await _kubectl.RunAsync("rollout", "undo", Name, "--to-revision=77")).Failed().Errors);

        await _kubectl.OutputAsync("rollout", "pause", Name);
        await _kubectl.OutputAsync("set", "image", Name, "web=web:3");
        Assert.Contains("timed out", (await _kubectl.RunAsync("rollout", "status", Name, "--timeout=1s")).Failed().Errors);
        var untouched = await _kubectl.OutputAsync("get", "pods", "-l", "app=web", "-o", "jsonpath={.items[*].spec.containers[0].image}");
        Assert.Equal("web:2 web:2 web:2", untouched);
        await _kubectl.OutputAsync("rollout", "resume", Name);
        await StatusAsync();
        Assert.Equal("web:3", await ImageAsync());

        var before = await PodsAsync();
        await _kubectl.OutputAsync("rollout", "restart", Name);
        await StatusAsync();
        Assert.Empty(before.Intersect(await PodsAsync()));
    }

    private Task<string> StatusAsync() => _kubectl.OutputAsync("rollout", "status", Name, "--timeout=60s");

    private Task<string> ImageAsync() => _kubectl.OutputAsync("get", Name, "-o", "jsonpath={.spec.template.spec.containers[0].image}");

    private async Task<string[]> PodsAsync() => (await _kubectl.OutputAsync("get", "pods", "-l", "app=web", "-o", "name")).Split('\n');
}

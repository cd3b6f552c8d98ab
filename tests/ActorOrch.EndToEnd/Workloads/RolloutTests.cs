using System.Net;
using ActorOrch.EndToEnd.Harness;

namespace ActorOrch.EndToEnd.Workloads;

[Collection(EndToEndCollection.Name)]
public sealed class RolloutTests(Machine machine) : IAsyncLifetime
{
    private readonly Cluster _cluster = new(machine);

    public Task InitializeAsync() => _cluster.InitializeAsync();

    public Task DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task A_rollout_loses_no_request_and_undo_brings_the_old_version_back()
    {
        var kubectl = _cluster.Kubectl;
        (await kubectl.ApplyAsync(Manifests.Web("web", 3))).Succeeded();
        await kubectl.OutputAsync("rollout", "status", "deployment/web", "--timeout=60s");
        var url = await UrlAsync("web");

        using var stop = new CancellationTokenSource();
        var requests = RequestsAsync(url, stop.Token);
        (await kubectl.ApplyAsync(Manifests.Web("web", 3, "v2"))).Succeeded();
        var status = await kubectl.OutputAsync("rollout", "status", "deployment/web", "--timeout=60s");
        Assert.Contains("successfully rolled out", status);
        await stop.CancelAsync();
        var answers = await requests;

        Assert.Contains(answers, a => a.StartsWith("v1", StringComparison.Ordinal));
        await OnlyAnswersAsync(url, "v2");
        var history = await kubectl.OutputAsync("rollout", "history", "deployment/web");
        Assert.Matches(@"(?m)^1\s", history);
        Assert.Matches(@"(?m)^2\s", history);

        await kubectl.OutputAsync("rollout", "undo", "deployment/web");
        await kubectl.OutputAsync("rollout", "status", "deployment/web", "--timeout=60s");
        await OnlyAnswersAsync(url, "v1");
        Assert.Matches(@"(?m)^3\s", await kubectl.OutputAsync("rollout", "history", "deployment/web"));
    }

    [Fact]
    public async Task Pause_holds_a_rollout_and_resume_lets_it_go_on()
    {
        var kubectl = _cluster.Kubectl;
        (await kubectl.ApplyAsync(Manifests.Web("paused", 2))).Succeeded();
        await kubectl.OutputAsync("rollout", "status", "deployment/paused", "--timeout=60s");
        await kubectl.OutputAsync("rollout", "pause", "deployment/paused");
        await kubectl.OutputAsync("set", "env", "deployment/paused", "COLOUR=blue");
        await Eventually.GetAsync(() => kubectl.OutputAsync("get", "deployment", "paused", "-o", "jsonpath={.metadata.generation} {.status.observedGeneration}"),
            text => text.Split(' ') is [var generation, var observed] && generation == observed, "the pause is observed");
        Assert.Single((await kubectl.OutputAsync("get", "replicasets", "-l", "app=paused", "-o", "name")).Split('\n'));
        await kubectl.OutputAsync("rollout", "resume", "deployment/paused");
        await kubectl.OutputAsync("rollout", "status", "deployment/paused", "--timeout=60s");
        Assert.Equal(2, (await kubectl.OutputAsync("get", "replicasets", "-l", "app=paused", "-o", "name")).Split('\n').Length);
    }

    [Fact]
    public async Task Restart_replaces_every_pod()
    {
        var kubectl = _cluster.Kubectl;
        (await kubectl.ApplyAsync(Manifests.Web("again", 2))).Succeeded();
        await kubectl.OutputAsync("rollout", "status", "deployment/again", "--timeout=60s");
        var before = (await kubectl.OutputAsync("get", "pods", "-l", "app=again", "-o", "name")).Split('\n');
        await kubectl.OutputAsync("rollout", "restart", "deployment/again");
        await kubectl.OutputAsync("rollout", "status", "deployment/again", "--timeout=60s");
        var after = await Eventually.GetAsync(async () => (await kubectl.OutputAsync("get", "pods", "-l", "app=again", "-o", "name")).Split('\n'),
            pods => pods.Length == 2, "the old pods are gone");
        Assert.Empty(before.Intersect(after));
    }

    [Fact]
    public async Task A_rollout_that_gets_nowhere_exceeds_its_deadline_and_leaves_the_old_pods_running()
    {
        var kubectl = _cluster.Kubectl;
        (await kubectl.ApplyAsync(Manifests.Web("stuck", 2))).Succeeded();
        await kubectl.OutputAsync("rollout", "status", "deployment/stuck", "--timeout=60s");
        await kubectl.OutputAsync("patch", "deployment", "stuck", "-p", """{"spec":{"progressDeadlineSeconds":3}}""");
        await kubectl.OutputAsync("set", "image", "deployment/stuck", "httpd=no-such-image:never");
        var status = (await kubectl.RunAsync("rollout", "status", "deployment/stuck", "--timeout=60s")).Failed();
        Assert.Contains("exceeded its progress deadline", status.Output + status.Errors);
        Assert.Equal("2", await kubectl.OutputAsync("get", "deployment", "stuck", "-o", "jsonpath={.status.availableReplicas}"));
        Assert.StartsWith("v1", await FetchAsync(await UrlAsync("stuck")));
    }

    private async Task<Uri> UrlAsync(string service)
    {
        var address = IPAddress.Parse(await _cluster.Kubectl.OutputAsync("get", "service", service, "-o", "jsonpath={.spec.clusterIP}"));
        return new UriBuilder("http", address.ToString(), 80).Uri;
    }

    private static async Task<string> FetchAsync(Uri url)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        return await http.GetStringAsync(url);
    }

    // Pods that were told to go are no longer counted, though for some milliseconds connections may still go to them.
    private static Task OnlyAnswersAsync(Uri url, string version) => Eventually.GetAsync(
        async () =>
        {
            var versions = new SortedSet<string>();
            for (var i = 0; i < 20; i++) versions.Add((await FetchAsync(url)).Split(' ')[0]);
            return string.Join(" and ", versions);
        },
        versions => versions == version, $"{version} alone answers");

    // A connection of its own each time, as curl does it; the first failure fails the test.
    private static async Task<IReadOnlyList<string>> RequestsAsync(Uri url, CancellationToken stop)
    {
        var answers = new List<string>();
        while (!stop.IsCancellationRequested) answers.Add(await FetchAsync(url));
        return answers;
    }
}

using System.Diagnostics;
using System.Net;
using ActorOrch.EndToEnd.Harness;
using ActorOrch.EndToEnd.Workloads;

namespace ActorOrch.EndToEnd.Services;

[Collection(EndToEndCollection.Name)]
public sealed class ServiceTests(Machine machine) : IAsyncLifetime
{
    private readonly Cluster _cluster = new(machine);

    private Kubectl Kubectl => _cluster.Kubectl;

    public Task InitializeAsync() => _cluster.InitializeAsync();

    public Task DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task A_service_spreads_over_its_ready_pods_from_the_host_and_from_pods()
    {
        (await Kubectl.ApplyAsync(Manifests.Web("spread", 3))).Succeeded();
        await Kubectl.OutputAsync("rollout", "status", "deployment/spread", "--timeout=60s");
        var address = await Kubectl.OutputAsync("get", "service", "spread", "-o", "jsonpath={.spec.clusterIP}");
        var answers = new HashSet<string>();
        for (var i = 0; i < 60; i++) answers.Add(await FetchAsync(address, 80));
        Assert.Equal(3, answers.Count);

        (await Kubectl.ApplyAsync(Manifests.Pod("client", $"i=0; while [ $i -lt 60 ]; do wget -q -O - http://{address}/; i=$((i+1)); done", more: "restartPolicy: Never"))).Succeeded();
        await Kubectl.OutputAsync("wait", "--for=jsonpath={.status.phase}=Succeeded", "pod/client", "--timeout=60s");
        Assert.Equal(answers.Order(), (await Kubectl.OutputAsync("logs", "client")).Split('\n').Select(l => l.Trim() + "\n").Distinct().Order());
    }

    [Fact]
    public async Task A_node_port_answers_on_the_machine()
    {
        (await Kubectl.ApplyAsync(Manifests.Web("outside", 1))).Succeeded();
        await Kubectl.OutputAsync("patch", "service", "outside", "-p", """{"spec":{"type":"NodePort"}}""");
        await Kubectl.OutputAsync("rollout", "status", "deployment/outside", "--timeout=60s");
        var port = int.Parse(await Kubectl.OutputAsync("get", "service", "outside", "-o", "jsonpath={.spec.ports[0].nodePort}"));
        var node = await Kubectl.OutputAsync("get", "nodes", "-o", """jsonpath={.items[0].status.addresses[?(@.type=="InternalIP")].address}""");
        Assert.StartsWith("v1", await FetchAsync(node.Split(' ')[0], port));
    }

    [Fact]
    public async Task A_dual_stack_service_answers_on_both_of_its_addresses()
    {
        (await Kubectl.ApplyAsync(Manifests.Web("both", 1).Replace("ports: [{port: 80", "ipFamilyPolicy: RequireDualStack\n  ports: [{port: 80"))).Succeeded();
        await Kubectl.OutputAsync("rollout", "status", "deployment/both", "--timeout=60s");
        var addresses = (await Kubectl.OutputAsync("get", "service", "both", "-o", "jsonpath={.spec.clusterIPs[*]}")).Split(' ');
        Assert.Equal(2, addresses.Length);
        foreach (var address in addresses) Assert.StartsWith("v1", await FetchAsync(address, 80));
        var podAddresses = (await Kubectl.OutputAsync("get", "pods", "-l", "app=both", "-o", "jsonpath={.items[0].status.podIPs[*].ip}")).Split(' ');
        Assert.Equal(2, podAddresses.Length);
    }

    [Fact]
    public async Task A_headless_service_gets_endpoint_slices_and_no_address()
    {
        (await Kubectl.ApplyAsync(Manifests.Web("headless", 2).Replace("ports: [{port: 80", "clusterIP: None\n  ports: [{port: 80"))).Succeeded();
        await Kubectl.OutputAsync("rollout", "status", "deployment/headless", "--timeout=60s");
        Assert.Equal("None", await Kubectl.OutputAsync("get", "service", "headless", "-o", "jsonpath={.spec.clusterIP}"));
        var ready = await Kubectl.OutputAsync("get", "endpointslices", "-l", "kubernetes.io/service-name=headless", "-o", "jsonpath={.items[*].endpoints[*].conditions.ready}");
        Assert.Equal("true true", ready);
    }

    [Fact]
    public async Task A_pod_that_is_no_longer_ready_gets_no_more_connections_within_200_ms()
    {
        var manifest = Manifests.Web("flips", 2).Replace("readinessProbe: {httpGet: {path: /, port: http}, periodSeconds: 1}",
            "readinessProbe: {exec: {command: [test, '!', -e, /tmp/unready]}, periodSeconds: 1, failureThreshold: 1}");
        (await Kubectl.ApplyAsync(manifest)).Succeeded();
        await Kubectl.OutputAsync("rollout", "status", "deployment/flips", "--timeout=60s");
        var address = await Kubectl.OutputAsync("get", "service", "flips", "-o", "jsonpath={.spec.clusterIP}");
        var pod = (await Kubectl.OutputAsync("get", "pods", "-l", "app=flips", "-o", "jsonpath={.items[*].metadata.name}")).Split(' ')[0];

        using var watch = Kubectl.Start(["get", "pod", pod, "-w", "-o", "jsonpath={.status.conditions[?(@.type==\"Ready\")].status}{\"\\n\"}"]);
        await Containers.DockerAsync("exec", (await Containers.OfPodAsync(pod))[0], "touch", "/tmp/unready");
        while (await watch.StandardOutput.NextLineAsync() is { } line && line != "False") { }
        watch.Kill();
        var since = Stopwatch.StartNew();
        var last = TimeSpan.Zero;
        while (since.ElapsedMilliseconds < 1500)
            if ((await FetchAsync(address, 80)).Contains(pod)) last = since.Elapsed;
        Assert.True(last < TimeSpan.FromMilliseconds(200), $"the pod still answered {last.TotalMilliseconds:0} ms after it was not ready");
    }

    private static async Task<string> FetchAsync(string address, int port)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        return await http.GetStringAsync(new UriBuilder("http", IPAddress.Parse(address).ToString(), port).Uri);
    }
}

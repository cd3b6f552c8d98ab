using ActorOrch.EndToEnd.Harness;

namespace ActorOrch.EndToEnd.Api;

/// <summary>What kubectl makes, marks, describes, waits for and deletes, kind by kind.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class KubectlObjectsTests(SimulatedCluster cluster) : IClassFixture<SimulatedCluster>
{
    private readonly Kubectl _kubectl = cluster.Kubectl;

    [Fact]
    public async Task Create_makes_secrets_and_services_of_every_type()
    {
        await _kubectl.OutputAsync("create", "secret", "generic", "password", "--from-literal=p=hunter2");
        await _kubectl.OutputAsync("create", "secret", "docker-registry", "pull", "--docker-server=x", "--docker-username=u", "--docker-password=p");
        await _kubectl.OutputAsync("create", "service", "clusterip", "inner", "--tcp=80:8080");
        await _kubectl.OutputAsync("create", "service", "clusterip", "headless", "--tcp=80:8080", "--clusterip=None");
        await _kubectl.OutputAsync("create", "service", "nodeport", "outer", "--tcp=80:8080", "--node-port=30123");
        await _kubectl.OutputAsync("create", "service", "externalname", "elsewhere", "--external-name=example.com");

        Assert.Equal("aHVudGVyMg==", await _kubectl.OutputAsync("get", "secret", "password", "-o", "jsonpath={.data.p}"));
        Assert.Matches(@"pull +kubernetes\.io/dockerconfigjson +1 ", await _kubectl.OutputAsync("get", "secrets"));
        var services = await _kubectl.OutputAsync("get", "services");
        Assert.Matches(@"inner +ClusterIP +10\.96\.\S+ +<none> +80/TCP", services);
        Assert.Matches(@"headless +ClusterIP +None +<none> +80/TCP", services);
        Assert.Matches(@"outer +NodePort +10\.96\.\S+ +<none> +80:30123/TCP", services);
        Assert.Matches(@"elsewhere +ExternalName +<none> +example\.com +80/TCP|elsewhere +ExternalName +<none> +example\.com +<none>", services);
    }

    [Fact]
    public async Task Labels_and_annotations_are_put_changed_and_taken_away()
    {
        await _kubectl.OutputAsync("create", "configmap", "marked");
        Assert.Equal("configmap/marked labeled", await _kubectl.OutputAsync("label", "configmap", "marked", "tier=one"));
        Assert.Contains("already has a value (one)", (await _kubectl.RunAsync("label", "configmap", "marked", "tier=two")).Failed().Errors);
        await _kubectl.OutputAsync("label", "configmap", "marked", "tier=two", "--overwrite");
        Assert.Matches(@"marked +0 +\S+ +two", await _kubectl.OutputAsync("get", "configmap", "marked", "-L", "tier"));
        Assert.Equal("configmap/marked unlabeled", await _kubectl.OutputAsync("label", "configmap", "marked", "tier-"));
        Assert.Equal("configmap/marked annotated", await _kubectl.OutputAsync("annotate", "configmap", "marked", "note=a b"));
        Assert.Equal("a b", await _kubectl.OutputAsync("get", "configmap", "marked", "-o", "jsonpath={.metadata.annotations.note}"));
    }

    [Fact]
    public async Task Describe_knows_every_kind()
    {
        await _kubectl.OutputAsync("create", "deployment", "known", "--image=known:1");
        await _kubectl.OutputAsync("expose", "deployment", "known", "--port=80");
        await _kubectl.OutputAsync("rollout", "status", "deployment/known", "--timeout=60s");
        await _kubectl.OutputAsync("create", "secret", "generic", "known", "--from-literal=k=v");
        (await _kubectl.ApplyAsync("""
            apiVersion: coordination.k8s.io/v1
            kind: Lease
            metadata: {name: known}
            spec: {holderIdentity: me, leaseDurationSeconds: 15}
            ---
            apiVersion: apps/v1
            kind: ControllerRevision
            metadata: {name: known}
            data: {k: v}
            revision: 1
            """)).Succeeded();
        foreach (var kind in (string[])["deployments", "replicasets", "pods", "services", "endpoints", "endpointslices", "configmaps", "secrets", "serviceaccounts", "events", "leases", "controllerrevisions", "nodes", "namespaces"])
            Assert.Matches(@"(?m)^Name: +\S+", await _kubectl.OutputAsync("describe", kind));
        Assert.Contains("k:  1 bytes", await _kubectl.OutputAsync("describe", "secret", "known"));
        Assert.Matches("Holder Identity: +me", await _kubectl.OutputAsync("describe", "lease", "known"));
    }

    [Fact]
    public async Task Events_tell_who_did_what()
    {
        await _kubectl.OutputAsync("run", "eventful", "--image=eventful:1");
        await _kubectl.OutputAsync("wait", "--for=condition=Ready", "pod/eventful", "--timeout=60s");
        var events = await Eventually.GetAsync(() => _kubectl.OutputAsync("get", "events", "--field-selector", "involvedObject.name=eventful"), e => e.Contains("Scheduled", StringComparison.Ordinal), "an event");
        Assert.Matches(@"Normal +Scheduled +pod/eventful +Successfully assigned default/eventful to \S+-\d", events);
        Assert.Matches(@"Scheduled +Pod/eventful", await _kubectl.OutputAsync("events", "--for", "pod/eventful"));
    }

    [Fact]
    public async Task Logs_of_a_simulated_pod_are_read_and_followed()
    {
        await _kubectl.OutputAsync("run", "talker", "--image=talker:1");
        await _kubectl.OutputAsync("wait", "--for=condition=Ready", "pod/talker", "--timeout=60s");
        Assert.Equal("talker started", await _kubectl.OutputAsync("logs", "talker"));
        Assert.Equal("talker started", await _kubectl.OutputAsync("logs", "talker", "--tail=1", "--since=1h"));
        Assert.Empty(await _kubectl.OutputAsync("logs", "talker", "--tail=0"));
        Assert.Contains("previous terminated container \"talker\" in pod \"talker\" not found", (await _kubectl.RunAsync("logs", "talker", "--previous")).Failed().Errors);
        using var follow = _kubectl.Start(["logs", "-f", "talker"]);
        Assert.Equal("talker started", await follow.StandardOutput.NextLineAsync());
        await _kubectl.OutputAsync("delete", "pod", "talker");
        Assert.Null(await follow.StandardOutput.NextLineAsync());
    }

    [Fact]
    public async Task Wait_ends_with_its_condition_with_deletion_or_with_its_time()
    {
        await _kubectl.OutputAsync("run", "awaited", "--image=awaited:1");
        Assert.Equal("pod/awaited condition met", await _kubectl.OutputAsync("wait", "--for=condition=Ready", "pod/awaited", "--timeout=60s"));
        Assert.Equal("pod/awaited condition met", await _kubectl.OutputAsync("wait", "--for=jsonpath={.status.phase}=Running", "pod/awaited", "--timeout=60s"));
        Assert.Contains("timed out waiting for the condition on pods/awaited", (await _kubectl.RunAsync("wait", "--for=condition=Nope", "pod/awaited", "--timeout=1s")).Failed().Errors);
        using var gone = _kubectl.Start(["wait", "--for=delete", "pod/awaited", "--timeout=60s"]);
        await _kubectl.OutputAsync("delete", "pod", "awaited");
        await gone.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(0, gone.ExitCode);
    }

    [Fact]
    public async Task Delete_takes_names_selectors_files_and_force()
    {
        foreach (var name in (string[])["one", "two", "three"]) await _kubectl.OutputAsync("run", name, $"--image={name}:1", "--labels=batch=gone");
        Assert.Equal("pod \"one\" deleted", await _kubectl.OutputAsync("delete", "pod", "one", "--grace-period=1"));
        Assert.Equal("pod \"two\" force deleted", await _kubectl.OutputAsync("delete", "pod", "two", "--grace-period=0", "--force"));
        Assert.Equal("pod \"three\" deleted", await _kubectl.OutputAsync("delete", "pods", "-l", "batch=gone", "--now"));
        Assert.Empty(await _kubectl.OutputAsync("get", "pods", "-l", "batch=gone", "-o", "name"));
        Assert.Contains("pods \"one\" not found", (await _kubectl.RunAsync("delete", "pod", "one")).Failed().Errors);
        Assert.Empty(await _kubectl.OutputAsync("delete", "pod", "one", "--ignore-not-found"));
        Assert.Contains("this namespace may not be deleted", (await _kubectl.RunAsync("delete", "namespace", "default")).Failed().Errors);
    }
}

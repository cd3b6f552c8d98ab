using ActorOrch.EndToEnd.Harness;
using ActorOrch.EndToEnd.Workloads;

namespace ActorOrch.EndToEnd.Api;

/// <summary>The commands of kubectl that people use every day, against the simulated runtime where no container matters.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class KubectlTests(SimulatedCluster cluster) : IClassFixture<SimulatedCluster>
{
    private readonly OrchestratorProcess _orchestrator = cluster.Orchestrator;
    private readonly Kubectl _kubectl = cluster.Kubectl;

    [Fact]
    public async Task Version_cluster_info_and_api_resources_answer()
    {
        Assert.Contains("Server Version: v1.37", await _kubectl.OutputAsync("version"));
        Assert.Contains("Kubernetes control plane", await _kubectl.OutputAsync("cluster-info"));
        var resources = await _kubectl.OutputAsync("api-resources", "--no-headers");
        foreach (var kind in (string[])["Namespace", "Node", "Pod", "Service", "Endpoints", "EndpointSlice", "ConfigMap", "Secret", "ServiceAccount", "Event", "Deployment", "ReplicaSet", "ControllerRevision", "Lease"])
            Assert.Matches($@"(?m)\s{kind}$", resources);
    }

    [Fact]
    public async Task Get_prints_every_form()
    {
        await _kubectl.OutputAsync("create", "configmap", "forms", "--from-literal=a=1");
        await _kubectl.OutputAsync("label", "configmap", "forms", "tier=gold");
        Assert.Matches(@"NAME +DATA +AGE\nforms +1 +\S+", await _kubectl.OutputAsync("get", "configmap", "forms"));
        Assert.Contains("data:\n  a: \"1\"", await _kubectl.OutputAsync("get", "configmap", "forms", "-o", "yaml"));
        Assert.Contains("\"a\": \"1\"", await _kubectl.OutputAsync("get", "configmap", "forms", "-o", "json"));
        Assert.Equal("configmap/forms", await _kubectl.OutputAsync("get", "configmap", "-l", "tier=gold", "-o", "name"));
        Assert.Equal("1", await _kubectl.OutputAsync("get", "configmap", "forms", "-o", "jsonpath={.data.a}"));
        Assert.Contains("kube-system", await _kubectl.OutputAsync("get", "serviceaccounts", "-A"));
        Assert.Equal("configmap/forms", await _kubectl.OutputAsync("get", "configmap", "--field-selector", "metadata.name=forms", "-o", "name"));
        var nodes = await _kubectl.OutputAsync("get", "nodes", "-o", "wide");
        Assert.Matches(@"NAME +STATUS +ROLES +AGE +VERSION +INTERNAL-IP +EXTERNAL-IP +OS-IMAGE +KERNEL-VERSION +CONTAINER-RUNTIME", nodes);
        Assert.Equal(4, nodes.Split('\n').Length);
    }

    [Fact]
    public async Task Watch_shows_changes_as_they_happen()
    {
        using var watch = _kubectl.Start(["get", "configmaps", "-w", "-o", "name", "--field-selector", "metadata.name=seen"]);
        await _kubectl.OutputAsync("create", "configmap", "seen");
        Assert.Equal("configmap/seen", await watch.StandardOutput.NextLineAsync());
        await _kubectl.OutputAsync("annotate", "configmap", "seen", "note=changed");
        Assert.Equal("configmap/seen", await watch.StandardOutput.NextLineAsync());
        watch.Kill();
    }

    [Fact]
    public async Task Create_run_expose_and_scale_make_workloads_that_become_ready()
    {
        await _kubectl.OutputAsync("create", "namespace", "made");
        await _kubectl.OutputAsync("create", "deployment", "shop", "--image=shop:1", "--replicas=2", "--port=8080", "-n", "made");
        await _kubectl.OutputAsync("expose", "deployment", "shop", "--port=80", "--target-port=8080", "-n", "made");
        await _kubectl.OutputAsync("run", "single", "--image=single:1", "-n", "made");
        await _kubectl.OutputAsync("rollout", "status", "deployment/shop", "-n", "made", "--timeout=60s");
        await _kubectl.OutputAsync("wait", "--for=condition=Ready", "pod/single", "-n", "made", "--timeout=60s");
        await _kubectl.OutputAsync("scale", "deployment", "shop", "--replicas=5", "-n", "made");
        await _kubectl.OutputAsync("rollout", "status", "deployment/shop", "-n", "made", "--timeout=60s");
        Assert.Matches(@"shop +5/5 +5 +5", await _kubectl.OutputAsync("get", "deployment", "shop", "-n", "made"));
        var endpoints = await Eventually.GetAsync(() => _kubectl.OutputAsync("get", "endpointslices", "-n", "made", "-o", "jsonpath={.items[*].endpoints[*].targetRef.name}"),
            names => names.Split(' ').Length == 5, "five endpoints");
        Assert.All(endpoints.Split(' '), name => Assert.StartsWith("shop-", name));
        await _kubectl.OutputAsync("set", "image", "deployment/shop", "shop=shop:2", "-n", "made");
        await _kubectl.OutputAsync("rollout", "status", "deployment/shop", "-n", "made", "--timeout=60s");
        await _kubectl.OutputAsync("delete", "namespace", "made", "--timeout=60s");
        Assert.Empty(await _kubectl.OutputAsync("get", "pods", "-n", "made", "-o", "name"));
    }

    [Fact]
    public async Task Describe_tells_the_story_of_a_pod_a_node_a_deployment_and_a_service()
    {
        await _kubectl.OutputAsync("create", "deployment", "told", "--image=told:1");
        await _kubectl.OutputAsync("expose", "deployment", "told", "--port=80");
        await _kubectl.OutputAsync("rollout", "status", "deployment/told", "--timeout=60s");
        var pod = await _kubectl.OutputAsync("describe", "pod", "-l", "app=told");
        Assert.Matches(@"Controlled By: +ReplicaSet/told-", pod);
        Assert.Matches(@"Successfully assigned default/told-\S+ to ", pod);
        Assert.Contains("ScalingReplicaSet", await _kubectl.OutputAsync("describe", "deployment", "told"));
        Assert.Matches(@"Endpoints: +\d+\.", await _kubectl.OutputAsync("describe", "service", "told"));
        var node = (await _kubectl.OutputAsync("get", "nodes", "-o", "jsonpath={.items[*].metadata.name}")).Split(' ')[0];
        Assert.Matches(@"Allocatable:\n +cpu:", await _kubectl.OutputAsync("describe", "node", node));
    }

    [Fact]
    public async Task Apply_takes_files_directories_and_kustomizations_and_reports_what_it_did()
    {
        var directory = Directory.CreateTempSubdirectory("actororch-e2e-").FullName;
        await File.WriteAllTextAsync(Path.Combine(directory, "one.yaml"), "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: one}\ndata: {k: v}\n");
        await File.WriteAllTextAsync(Path.Combine(directory, "two.yaml"), Manifests.Web("two", 1));
        Assert.Equal("configmap/one created", await _kubectl.OutputAsync("apply", "-f", Path.Combine(directory, "one.yaml")));
        Assert.Equal("configmap/one unchanged\ndeployment.apps/two created\nservice/two created", await _kubectl.OutputAsync("apply", "-f", directory));
        await File.WriteAllTextAsync(Path.Combine(directory, "one.yaml"), "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: one}\ndata: {other: w}\n");
        Assert.Equal("configmap/one configured", await _kubectl.OutputAsync("apply", "-f", Path.Combine(directory, "one.yaml")));
        Assert.Equal("""{"other":"w"}""", await _kubectl.OutputAsync("get", "configmap", "one", "-o", "jsonpath={.data}"));
        await File.WriteAllTextAsync(Path.Combine(directory, "kustomization.yaml"), "namePrefix: k-\nresources: [one.yaml]\n");
        Assert.Equal("configmap/k-one created", await _kubectl.OutputAsync("apply", "-k", directory));
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Patch_works_in_all_three_forms_and_edit_through_an_editor()
    {
        (await _kubectl.ApplyAsync(Manifests.Web("patched", 1))).Succeeded();
        await _kubectl.OutputAsync("patch", "deployment", "patched", "--type=json", "-p", """[{"op":"replace","path":"/spec/replicas","value":2}]""");
        await _kubectl.OutputAsync("patch", "deployment", "patched", "--type=merge", "-p", """{"metadata":{"annotations":{"a":"b"}}}""");
        await _kubectl.OutputAsync("patch", "deployment", "patched", "-p", """{"spec":{"template":{"spec":{"containers":[{"name":"httpd","env":[{"name":"X","value":"1"}]}]}}}}""");
        var seen = await _kubectl.OutputAsync("get", "deployment", "patched", "-o", "jsonpath={.spec.replicas} {.metadata.annotations.a} {.spec.template.spec.containers[0].env[0].name} {.spec.template.spec.containers[0].image}");
        Assert.Equal($"2 b X {Machine.Image}", seen);

        var edited = await _kubectl.RunWithEnvironmentAsync(new() { ["KUBE_EDITOR"] = "sed -i s/replicas:.2/replicas:\\ 4/" }, "edit", "deployment", "patched");
        edited.Succeeded();
        Assert.Equal("4", await _kubectl.OutputAsync("get", "deployment", "patched", "-o", "jsonpath={.spec.replicas}"));
    }

    [Fact]
    public async Task Drain_moves_pods_and_uncordon_lets_them_back()
    {
        await _kubectl.OutputAsync("create", "deployment", "mobile", "--image=mobile:1", "--replicas=6");
        await _kubectl.OutputAsync("rollout", "status", "deployment/mobile", "--timeout=60s");
        var node = (await _kubectl.OutputAsync("get", "pods", "-l", "app=mobile", "-o", "jsonpath={.items[0].spec.nodeName}")).Trim();
        await _kubectl.OutputAsync("drain", node, "--ignore-daemonsets", "--force", "--timeout=60s");
        Assert.Contains("SchedulingDisabled", await _kubectl.OutputAsync("get", "node", node));
        await Eventually.GetAsync(() => _kubectl.OutputAsync("get", "deployment", "mobile", "-o", "jsonpath={.status.availableReplicas}"), n => n == "6", "six available again");
        Assert.Empty(await _kubectl.OutputAsync("get", "pods", "--field-selector", $"spec.nodeName={node}", "-o", "name"));
        await _kubectl.OutputAsync("uncordon", node);
        Assert.DoesNotContain("SchedulingDisabled", await _kubectl.OutputAsync("get", "node", node));
    }

    [Fact]
    public async Task Delete_cascades_in_the_background_in_the_foreground_or_not_at_all()
    {
        foreach (var (name, cascade) in (ValueTuple<string, string>[])[("bg", "background"), ("fg", "foreground"), ("or", "orphan")])
        {
            await _kubectl.OutputAsync("create", "deployment", name, $"--image={name}:1");
            await _kubectl.OutputAsync("rollout", "status", $"deployment/{name}", "--timeout=60s");
            await _kubectl.OutputAsync("delete", "deployment", name, $"--cascade={cascade}", "--timeout=60s");
        }
        await Eventually.GetAsync(() => _kubectl.OutputAsync("get", "pods,replicasets", "-l", "app in (bg,fg)", "-o", "name"), names => names.Length == 0, "nothing left of bg and fg");
        var orphan = await _kubectl.OutputAsync("get", "replicaset", "-l", "app=or", "-o", "jsonpath={.items[0].status.readyReplicas} {.items[0].metadata.ownerReferences}");
        Assert.Equal("1", orphan.Trim());
    }

    [Fact]
    public async Task Strangers_are_refused()
    {
        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator };
        using var anonymous = new HttpClient(handler);
        var answer = await anonymous.GetAsync($"https://127.0.0.1:{_orchestrator.Port}/api/v1/namespaces");
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains("\"reason\":\"Unauthorized\"", await answer.Content.ReadAsStringAsync());
    }
}

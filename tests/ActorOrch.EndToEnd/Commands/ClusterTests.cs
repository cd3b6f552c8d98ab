using System.Text;
using ActorOrch.EndToEnd.Harness;
using ActorOrch.Testing;

namespace ActorOrch.EndToEnd.Commands;

/// <summary>Several processes that make a cluster with what they and <c>actororch pki</c> make by themselves.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class ClusterTests(Machine machine) : IDisposable
{
    private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("actororch-e2e-");
    private readonly int _port = FreePorts.Next();

    private string Keys => Path.Combine(_files.FullName, "keys");

    public void Dispose() => _files.Delete(recursive: true);

    private string Config(string name, string settings)
    {
        var file = Path.Combine(_files.FullName, $"{name}.hocon");
        File.WriteAllText(file, $"akka.cluster.seed-nodes = [\"akka.tcp://actororch@127.0.0.1:{_port}\"]\n{settings}");
        return file;
    }

    [Fact]
    public async Task A_worker_joins_with_the_keys_that_were_made_for_it_and_runs_pods()
    {
        await using var seed = await OrchestratorProcess.UpAsync("simulated", "--config", Config("seed", $"akka.remote.dot-netty.tcp.port = {_port}\nakka.cluster.roles = [control-plane]"));
        var config = Config("worker", $"akka.cluster.roles = [worker]\nactororch.node.name = w\nactororch.cluster.tls.directory = \"{Keys}\"");

        var (exitCode, _, errors) = await OneRun.OfAsync("up", "--data-dir", Path.Combine(_files.FullName, "data"), "--runtime", "simulated", "--config", config);
        Assert.Equal(1, exitCode);
        Assert.Contains("actororch pki node w --role worker --host 127.0.0.1", errors, StringComparison.Ordinal);

        (exitCode, _, errors) = await OneRun.OfAsync("pki", "node", "w", "--role", "worker", "--host", "127.0.0.1", "--data-dir", seed.DataDirectory, "--out", Keys);
        Assert.True(exitCode == 0, errors);
        await using var worker = await OrchestratorProcess.UpAsync("simulated", "--config", config);
        var kubectl = new Kubectl(machine.Kubectl, seed.Kubeconfig);
        await kubectl.OutputAsync("create", "deployment", "web", "--image=web:1", "--replicas=2");
        await kubectl.OutputAsync("rollout", "status", "deployment/web", "--timeout=60s");
        Assert.Equal("w w", await kubectl.OutputAsync("get", "pods", "-o", "jsonpath={.items[*].spec.nodeName}"));
        await Eventually.GetAsync(() => kubectl.OutputAsync("get", "events", "-o", "jsonpath={.items[*].reason}"), reasons => reasons.Contains("Started", StringComparison.Ordinal), "the worker's events");

        Assert.Equal([$"tcp *:{seed.Port}", $"tcp 127.0.0.1:{_port}"], (await Listeners.OfAsync(seed.ProcessId)).Where(l => l.Protocol != "unix").Select(l => $"{l}").Order());
        Assert.Single(await Listeners.OfAsync(worker.ProcessId), l => l.Protocol != "unix");
        Assert.Equal(0, await worker.StopAsync());
        Assert.DoesNotContain("Refused", seed.Output + worker.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_has_the_Secrets_of_its_pods_as_long_as_they_refer_to_them_and_no_trace_of_others()
    {
        await using var seed = await OrchestratorProcess.UpAsync("simulated", "--config", Config("seed", $"akka.remote.dot-netty.tcp.port = {_port}\nakka.cluster.roles = [control-plane]"));
        var config = Config("worker", $"akka.cluster.roles = [worker]\nactororch.node.name = w\nactororch.cluster.tls.directory = \"{Keys}\"");
        var (exitCode, _, errors) = await OneRun.OfAsync("pki", "node", "w", "--role", "worker", "--host", "127.0.0.1", "--data-dir", seed.DataDirectory, "--out", Keys);
        Assert.True(exitCode == 0, errors);
        var kubectl = new Kubectl(machine.Kubectl, seed.Kubeconfig);
        await kubectl.OutputAsync("create", "secret", "generic", "foreign", "--from-literal=text=canary-of-others");
        await using var worker = await OrchestratorProcess.UpAsync("simulated", "--config", config);

        // The pod comes before what it refers to, waits for it by name, and starts when it is there.
        var manifest = Path.Combine(_files.FullName, "pod.yaml");
        await File.WriteAllTextAsync(manifest, """
            { "apiVersion": "v1", "kind": "Pod", "metadata": { "name": "p" }, "spec": { "containers": [ { "name": "c", "image": "i",
              "envFrom": [ { "configMapRef": { "name": "settings" } } ], "volumeMounts": [ { "name": "v", "mountPath": "/v" } ] } ],
              "volumes": [ { "name": "v", "secret": { "secretName": "own" } } ] } }
            """);
        await kubectl.OutputAsync("create", "-f", manifest);
        await Eventually.GetAsync(() => kubectl.OutputAsync("get", "events", "-o", "jsonpath={.items[*].message}"), m => m.Contains("secret \"own\" not found", StringComparison.Ordinal), "the Secret is missed by its name");
        await kubectl.OutputAsync("create", "secret", "generic", "own", "--from-literal=text=canary-of-its-own");
        await Eventually.GetAsync(() => kubectl.OutputAsync("get", "pod", "p", "-o", "jsonpath={.status.containerStatuses[0].state.waiting.message}"), m => m.Contains("configmap \"settings\" not found", StringComparison.Ordinal), "the ConfigMap is missed by its name");
        await kubectl.OutputAsync("create", "configmap", "settings", "--from-literal=A=1");
        await kubectl.OutputAsync("wait", "--for=condition=Ready", "pod/p", "--timeout=30s");

        var file = Assert.Single(Directory.GetFiles(Path.Combine(worker.DataDirectory, "nodes/w/pods"), "text", SearchOption.AllDirectories), f => !f.Contains("/..", StringComparison.Ordinal));
        Assert.Equal("canary-of-its-own", await File.ReadAllTextAsync(file));
        await kubectl.OutputAsync("patch", "secret", "own", "-p", """{"stringData":{"text":"changed"}}""");
        await Eventually.GetAsync(() => File.ReadAllTextAsync(file), text => text == "changed", "the file follows its Secret");
        await kubectl.OutputAsync("patch", "secret", "foreign", "-p", """{"stringData":{"more":"canary-of-others"}}""");
        Assert.False(ProcessMemory.Holds(worker.ProcessId, Base64("canary-of-others")));
        Assert.True(ProcessMemory.Holds(worker.ProcessId, Base64("changed")));
        Assert.DoesNotContain("Refused", seed.Output + worker.Output, StringComparison.Ordinal);

        // As the objects have it.
        static byte[] Base64(string text) => Encoding.ASCII.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    public async Task Two_processes_on_PostgreSQL_share_the_keys_that_the_first_made()
    {
        await using var postgres = await PostgreSqlServer.StartNewAsync();
        var shared = $"""
            actororch.store.provider = postgresql
            actororch.store.postgresql.connection-string = "{await postgres.CreateDatabaseAsync()}"
            actororch.cluster.tls.directory = "{Keys}"
            actororch.secrets.key-file = "{Path.Combine(_files.FullName, "secrets.key")}"
            """;
        await using var one = await OrchestratorProcess.UpAsync("simulated", "--config", Config("one", $"{shared}\nakka.remote.dot-netty.tcp.port = {_port}\nactororch.node.name = one"));
        await using var two = await OrchestratorProcess.UpAsync("simulated", "--config", Config("two", $"{shared}\nactororch.node.name = two"));
        var kubectl = new Kubectl(machine.Kubectl, two.Kubeconfig);
        await kubectl.OutputAsync("create", "deployment", "web", "--image=web:1", "--replicas=4");
        await kubectl.OutputAsync("rollout", "status", "deployment/web", "--timeout=60s");
        Assert.Equal("one two", await kubectl.OutputAsync("get", "nodes", "-o", "jsonpath={.items[*].metadata.name}"));

        Assert.Equal(0, await one.StopAsync());
        await kubectl.OutputAsync("create", "configmap", "after");
        Assert.DoesNotContain("Refused", one.Output + two.Output, StringComparison.Ordinal);
    }
}

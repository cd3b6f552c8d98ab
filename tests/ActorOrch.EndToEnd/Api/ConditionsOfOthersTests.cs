using ActorOrch.Controllers;
using ActorOrch.EndToEnd.Harness;
using ActorOrch.Testing;

namespace ActorOrch.EndToEnd.Api;

/// <summary>Whoever writes a status decides some types of its conditions; what others have put beside them stays, whatever happens to the object.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class ConditionsOfOthersTests(SimulatedCluster cluster) : IClassFixture<SimulatedCluster>
{
    private const string Mine = """{"status":{"conditions":[{"type":"example.com/Mine","status":"True","reason":"Said","message":"by another"}]}}""";

    /// <summary>Who is written by us, by its controller's name, with an object of it and what makes its status change.</summary>
    private static readonly Dictionary<string, (string Object, string Change, string Changed)> Written = new()
    {
        ["deployment"] = ("deployment/w", "scale deployment/w --replicas=3", "deployment/w {.status.readyReplicas}=3"),
        ["replicaset"] = ("replicaset/s", "scale replicaset/s --replicas=3", "replicaset/s {.status.readyReplicas}=3"),
        ["replicationcontroller"] = ("replicationcontroller/r", "scale replicationcontroller/r --replicas=3", "replicationcontroller/r {.status.readyReplicas}=3"),
        ["pod"] = ("pod/p", "patch pod/p --subresource=status -p {\"status\":{\"conditions\":[{\"type\":\"example.com/gate\",\"status\":\"True\"}]}}", "pod/p {.status.conditions[?(@.type==\"Ready\")].status}=True"),
        ["node"] = ("node/NODE", "cordon NODE", "node/NODE {.spec.unschedulable}=true"),
        ["namespace"] = ("namespace/ns", "delete namespace ns --wait=false", "namespace/ns {.status.conditions[?(@.type==\"NamespaceContentRemaining\")].status}=True"),
    };

    private readonly Kubectl _kubectl = cluster.Kubectl;

    /// <summary>Pods and nodes have actors of their own; a definition's status is the API's, and its controller leaves it alone.</summary>
    [Fact]
    public void Each_kind_that_a_controller_writes_is_tried() =>
        Assert.Equal(
            ControllersHost.BuiltInReconcilers(new InMemoryRegistry(), "").Select(d => d.TypeName).Except(["customresourcedefinition"]).Concat(["node", "pod"]).Order(StringComparer.Ordinal),
            Written.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public async Task Conditions_of_others_survive_every_change()
    {
        (await _kubectl.ApplyAsync("""
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: w}
            spec: {selector: {matchLabels: {a: w}}, template: {metadata: {labels: {a: w}}, spec: {containers: [{name: c, image: i}]}}}
            ---
            apiVersion: apps/v1
            kind: ReplicaSet
            metadata: {name: s}
            spec: {selector: {matchLabels: {a: s}}, template: {metadata: {labels: {a: s}}, spec: {containers: [{name: c, image: i}]}}}
            ---
            apiVersion: v1
            kind: ReplicationController
            metadata: {name: r}
            spec: {selector: {a: r}, template: {metadata: {labels: {a: r}}, spec: {containers: [{name: c, image: i}]}}}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: p}
            spec: {readinessGates: [{conditionType: example.com/gate}], containers: [{name: c, image: i}]}
            ---
            apiVersion: v1
            kind: Namespace
            metadata: {name: ns}
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: kept, namespace: ns, finalizers: [example.com/kept]}
            """)).Succeeded();
        var node = (await _kubectl.OutputAsync("get", "nodes", "-o", "name")).Split('\n')[0].Replace("node/", "", StringComparison.Ordinal);
        foreach (var (kind, (obj, change, changed)) in Written)
        {
            var name = obj.Replace("NODE", node, StringComparison.Ordinal);
            await UntilAsync($"{name} {{.metadata.name}}={name.Split('/')[1]}");
            await _kubectl.OutputAsync("patch", name, "--subresource=status", "-p", Mine);

            await _kubectl.OutputAsync(change.Replace("NODE", node, StringComparison.Ordinal).Split(' '));
            await UntilAsync(changed.Replace("NODE", node, StringComparison.Ordinal));

            var kept = await _kubectl.OutputAsync("get", name, "-o", "jsonpath={.status.conditions[?(@.type==\"example.com/Mine\")].message}");
            Assert.True(kept == "by another", $"{kind}: \"{kept}\"");
        }
        await _kubectl.OutputAsync("patch", "configmap", "kept", "-n", "ns", "--type=merge", "-p", """{"metadata":{"finalizers":null}}""");
    }

    private Task UntilAsync(string what)
    {
        var (name, path) = (what.Split(' ')[0], what[(what.IndexOf(' ', StringComparison.Ordinal) + 1)..what.LastIndexOf('=')]);
        return Eventually.GetAsync(() => _kubectl.OutputAsync("get", name, "-o", $"jsonpath={path}"), value => value == what[(what.LastIndexOf('=') + 1)..], what, withinSeconds: 30);
    }
}

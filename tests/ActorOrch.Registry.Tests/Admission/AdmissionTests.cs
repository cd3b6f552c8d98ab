using System.Text.Json.Nodes;
using ActorOrch.Registry.Admission;
using ActorOrch.Registry.Api;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;
using ActorOrch.Testing;

namespace ActorOrch.Registry.Tests.Admission;

public sealed class AdmissionTests
{
    private readonly InMemoryRegistry _registry = new();

    [Fact]
    public async Task Nothing_is_created_in_a_namespace_that_is_not_there_or_is_going()
    {
        var absent = await Assert.ThrowsAsync<ApiException>(() => AdmitAsync(new NamespaceLifecycle(), "gone", new()));
        Assert.Equal((404, "namespaces \"gone\" not found"), (absent.Code, absent.Message));
        await _registry.PutAsync(BuiltIn.Namespaces, Parse("""{"metadata":{"name":"going","deletionTimestamp":"2026-01-01T00:00:00Z"}}"""));
        var terminating = await Assert.ThrowsAsync<ApiException>(() => AdmitAsync(new NamespaceLifecycle(), "going", new()));
        Assert.Equal(403, terminating.Code);
        Assert.Equal("pods \"p\" is forbidden: unable to create new content in namespace going because it is being terminated", terminating.Message);
        Assert.Equal("NamespaceTerminating", Assert.Single(terminating.Causes).Reason);
    }

    [Fact]
    public async Task A_pod_waits_for_the_account_of_a_new_namespace_and_is_refused_when_it_never_comes()
    {
        var pod = Parse("""{"spec":{}}""");
        var admitted = AdmitAsync(new ServiceAccountAdmission(TimeSpan.FromSeconds(30)), "new", pod);
        Assert.False(admitted.IsCompleted);
        await _registry.PutAsync(BuiltIn.ServiceAccounts, Parse("""{"metadata":{"name":"default","namespace":"new"},"imagePullSecrets":[{"name":"pull"}]}"""));
        await admitted;
        Assert.Equal("""{"serviceAccountName":"default","serviceAccount":"default","imagePullSecrets":[{"name":"pull"}]}""", pod["spec"]!.ToJsonString());

        var refused = await Assert.ThrowsAsync<ApiException>(() => AdmitAsync(new ServiceAccountAdmission(TimeSpan.Zero), "other", Parse("""{"spec":{}}""")));
        Assert.Equal("pods \"p\" is forbidden: error looking up service account other/default: serviceaccount \"default\" not found", refused.Message);
    }

    [Fact]
    public async Task Tolerations_of_absent_nodes_are_added_once()
    {
        var pod = Parse("""{"spec":{"tolerations":[{"key":"node.kubernetes.io/not-ready","operator":"Exists","tolerationSeconds":60}]}}""");
        await AdmitAsync(new DefaultTolerationSeconds(5), "default", pod);
        var tolerations = Field.Root(pod)["spec"]["tolerations"].Items.ToList();
        Assert.Equal(["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"], tolerations.Select(t => t["key"].Text));
        Assert.Equal([60L, 5L], tolerations.Select(t => t["tolerationSeconds"].Integer));
    }

    [Theory]
    [InlineData("", 2)]
    [InlineData("status", 0)]
    public async Task An_update_that_leaves_them_out_gets_them_again(string subresource, int count)
    {
        var pod = Parse("""{"spec":{"tolerations":[]}}""");
        await AdmitAsync(new DefaultTolerationSeconds(5), "default", pod, Operation.Update, subresource);
        Assert.Equal(count, Field.Root(pod)["spec"]["tolerations"].Items.Count());
    }

    [Theory]
    [InlineData("""{"spec":{"runtimeClassName":"gvisor"}}""", "pods \"p\" is forbidden: pod rejected: RuntimeClass \"gvisor\" not found")]
    [InlineData("""{"spec":{"overhead":{"cpu":"1"}}}""", "pods \"p\" is forbidden: pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead")]
    [InlineData("""{"spec":{"runtimeClassName":"","overhead":{}}}""", null)]
    public async Task A_pod_that_wants_a_runtime_that_is_not_there_is_refused(string pod, string? message)
    {
        var admitted = AdmitAsync(new RuntimeClassAdmission(), "default", Parse(pod));
        if (message is null) await admitted;
        else Assert.Equal((403, message), await Assert.ThrowsAsync<ApiException>(() => admitted) is var refused ? (refused.Code, refused.Message) : default);
    }

    [Fact]
    public async Task A_priority_class_becomes_a_number_and_an_unknown_one_is_refused()
    {
        var pod = Parse("""{"spec":{"priorityClassName":"system-node-critical"}}""");
        await AdmitAsync(new PriorityAdmission(), "default", pod);
        Assert.Equal(2_000_001_000, Field.Root(pod)["spec"]["priority"].Integer);
        var refused = await Assert.ThrowsAsync<ApiException>(() => AdmitAsync(new PriorityAdmission(), "default", Parse("""{"spec":{"priorityClassName":"high"}}""")));
        Assert.Equal("pods \"p\" is forbidden: no PriorityClass with name high was found", refused.Message);
    }

    private async Task AdmitAsync(IMutatingAdmission step, string @namespace, JsonObject pod, Operation operation = Operation.Create, string subresource = "")
    {
        var asked = new AdmissionRequest
        {
            RequestedType = BuiltIn.Pods,
            Key = new(@namespace, "p"),
            Operation = operation,
            Kind = BuiltIn.Pods.Document,
            Object = pod,
            Options = new() { Subresource = subresource },
            Registry = _registry,
        };
        if (!step.Handles(asked.Target)) return;
        var before = pod.DeepClone();
        Assert.Equal(await step.MutateAsync(asked, CancellationToken.None), !JsonNode.DeepEquals(before, pod));
    }

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}

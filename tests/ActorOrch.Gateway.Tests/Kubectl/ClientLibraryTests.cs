using ActorOrch.Gateway.Pki;
using ActorOrch.Gateway.Tests.Fixtures;
using k8s;
using k8s.Models;

namespace ActorOrch.Gateway.Tests.Kubectl;

/// <summary>The official client library with the written kubeconfig.</summary>
public sealed class ClientLibraryTests : GatewayTest
{
    [Fact]
    public async Task Objects_are_created_listed_patched_and_deleted()
    {
        using var client = Connect();

        await client.CoreV1.CreateNamespacedConfigMapAsync(new() { Metadata = new() { Name = "a" }, Data = new Dictionary<string, string> { ["k"] = "v" } }, "default");
        await client.CoreV1.PatchNamespacedConfigMapAsync(new V1Patch("""{"data":{"x":"y"}}""", V1Patch.PatchType.StrategicMergePatch), "a", "default");

        var listed = await client.CoreV1.ListNamespacedConfigMapAsync("default");
        Assert.Equal(["k", "x"], listed.Items.Single().Data.Keys.Order());
        Assert.Equal("Success", (await client.CoreV1.DeleteNamespacedConfigMapAsync("a", "default")).Status);
    }

    [Fact]
    public async Task A_failure_carries_its_status()
    {
        using var client = Connect();

        var failure = await Assert.ThrowsAsync<k8s.Autorest.HttpOperationException>(() => client.CoreV1.ReadNamespacedPodAsync("none", "default"));

        Assert.Contains("pods \\\"none\\\" not found", failure.Response.Content, StringComparison.Ordinal);
    }

    private Kubernetes Connect()
    {
        var path = KubeconfigWriter.Write(Gateway.Scratch.Path, Gateway.Server.Address, Gateway.Pki);
        return new(KubernetesClientConfiguration.BuildConfigFromConfigFile(path));
    }
}

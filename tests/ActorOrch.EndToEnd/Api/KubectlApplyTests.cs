using ActorOrch.EndToEnd.Harness;

namespace ActorOrch.EndToEnd.Api;

/// <summary>Server-side apply and who owns what, with the real kubectl.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class KubectlApplyTests(SimulatedCluster cluster) : IClassFixture<SimulatedCluster>
{
    private readonly Kubectl _kubectl = cluster.Kubectl;

    [Fact]
    public async Task Server_side_apply_creates_and_leaves_what_has_not_changed()
    {
        Assert.Contains("configmap/created serverside-applied", (await ApplyAsync(ConfigMap("created", "1"))).Succeeded().Output);
        var version = await _kubectl.OutputAsync("get", "configmap", "created", "-o", "jsonpath={.metadata.resourceVersion}");
        (await ApplyAsync(ConfigMap("created", "1"))).Succeeded();

        Assert.Equal(version, await _kubectl.OutputAsync("get", "configmap", "created", "-o", "jsonpath={.metadata.resourceVersion}"));
        Assert.DoesNotContain("managedFields", await _kubectl.OutputAsync("get", "configmap", "created", "-o", "yaml"));
        var shown = await _kubectl.OutputAsync("get", "configmap", "created", "-o", "yaml", "--show-managed-fields");
        Assert.Contains("manager: kubectl", shown);
        Assert.Contains("operation: Apply", shown);
        Assert.Contains("f:k: {}", shown);
    }

    [Fact]
    public async Task A_conflict_is_shown_and_can_be_forced()
    {
        (await ApplyAsync(ConfigMap("contested", "1"), "--field-manager=first")).Succeeded();

        var refused = (await ApplyAsync(ConfigMap("contested", "2"), "--field-manager=second")).Failed();
        Assert.Contains("Apply failed with 1 conflict: conflict with \"first\": .data.k", refused.Errors);
        (await ApplyAsync(ConfigMap("contested", "2"), "--field-manager=second", "--force-conflicts")).Succeeded();

        Assert.Equal("2", await _kubectl.OutputAsync("get", "configmap", "contested", "-o", "jsonpath={.data.k}"));
        Assert.Equal("second", await _kubectl.OutputAsync("get", "configmap", "contested", "-o", "jsonpath={.metadata.managedFields[*].manager}"));
    }

    [Fact]
    public async Task What_was_applied_on_kubectls_side_is_handed_over()
    {
        (await _kubectl.ApplyAsync(ConfigMap("handed", "1"))).Succeeded();
        Assert.Equal("kubectl-client-side-apply", await _kubectl.OutputAsync("get", "configmap", "handed", "-o", "jsonpath={.metadata.managedFields[*].manager}"));

        (await ApplyAsync(ConfigMap("handed", "2"))).Succeeded();

        Assert.Equal("2", await _kubectl.OutputAsync("get", "configmap", "handed", "-o", "jsonpath={.data.k}"));
        // The annotation, which kubectl keeps for its own side, has an owner of its own.
        Assert.Equal("kubectl Apply;kubectl-last-applied Apply;",
            await _kubectl.OutputAsync("get", "configmap", "handed", "-o", "jsonpath={range .metadata.managedFields[*]}{.manager} {.operation};{end}"));
        Assert.Contains("\"k\": \"2\"", await _kubectl.OutputAsync("apply", "view-last-applied", "configmap", "handed", "-o", "json"));
        (await _kubectl.ApplyAsync(ConfigMap("handed", "3"))).Succeeded();
        Assert.Equal("3", await _kubectl.OutputAsync("get", "configmap", "handed", "-o", "jsonpath={.data.k}"));
    }

    [Fact]
    public async Task Scale_owns_the_replicas_and_a_status_is_applied_by_itself()
    {
        await _kubectl.OutputAsync("create", "deployment", "scaled", "--image=scaled:1");
        await _kubectl.OutputAsync("scale", "deployment", "scaled", "--replicas=3");

        var who = await _kubectl.OutputAsync("get", "deployment", "scaled", "-o", "jsonpath={range .metadata.managedFields[*]}{.manager} {.operation} {.subresource};{end}");
        Assert.Contains("kubectl-create Update ;", who);
        Assert.Contains("kubectl Update scale;", who);

        (await ApplyAsync("""
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: scaled}
            status: {conditions: [{type: Mine, status: "True", reason: R, message: m}]}
            """, "--subresource=status", "--field-manager=mine")).Succeeded();
        Assert.Equal("True", await _kubectl.OutputAsync("get", "deployment", "scaled", "-o", "jsonpath={.status.conditions[?(@.type=='Mine')].status}"));
    }

    private static string ConfigMap(string name, string value) => $$"""
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: {{name}}}
        data: {k: "{{value}}"}
        """;

    private Task<KubectlResult> ApplyAsync(string manifest, params string[] more) => _kubectl.ApplyAsync(manifest, ["--server-side", .. more]);
}

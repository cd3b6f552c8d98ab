using System.Diagnostics;
using ActorOrch.Gateway.Pki;
using ActorOrch.Gateway.Tests.Fixtures;

namespace ActorOrch.Gateway.Tests.Kubectl;

/// <summary>A few commands of the real <c>kubectl</c> with the written kubeconfig.</summary>
public sealed class KubectlTests : GatewayTest
{
    private const string Manifest = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: default}
        spec:
          replicas: 2
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec: {containers: [{name: c, image: i}]}
        """;

    [Theory]
    [InlineData("actororch")]
    [InlineData("actororch-token")]
    public async Task Both_contexts_work(string context) =>
        Assert.Contains("v1.37.0+actororch", (await RunAsync($"version --context {context}")).Output, StringComparison.Ordinal);

    [Fact]
    public async Task A_manifest_is_applied_shown_scaled_and_deleted()
    {
        var file = Path.Combine(Gateway.Scratch.Path, "web.yaml");
        await File.WriteAllTextAsync(file, Manifest);

        Assert.Equal("deployment.apps/web created", (await RunAsync($"apply -f {file}")).Output.Trim());
        Assert.Equal("deployment.apps/web unchanged", (await RunAsync($"apply -f {file}")).Output.Trim());
        Assert.StartsWith("NAME   READY   UP-TO-DATE   AVAILABLE   AGE", (await RunAsync("get deployments")).Output, StringComparison.Ordinal);
        Assert.Equal("deployment.apps/web scaled", (await RunAsync("scale deployment web --replicas 5")).Output.Trim());
        Assert.Equal("5", (await RunAsync("get deploy web -o jsonpath={.spec.replicas}")).Output);
        Assert.Equal("deployment.apps/web labeled", (await RunAsync("label deploy web tier=front")).Output.Trim());
        Assert.Equal("deployment.apps \"web\" deleted", (await RunAsync("delete deploy web")).Output.Trim());
    }

    [Fact]
    public async Task Errors_are_printed_word_for_word()
    {
        Assert.Equal("Error from server (NotFound): configmaps \"none\" not found", (await RunAsync("get configmap none")).Error.Trim());
        Assert.Contains("the server doesn't have a resource type \"gadgets\"", (await RunAsync("get gadgets")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resources_are_discovered() =>
        Assert.Matches(@"(?m)^deployments +deploy +apps/v1 +true +Deployment$", (await RunAsync("api-resources")).Output);

    [Fact]
    public async Task Fields_are_explained() =>
        Assert.Contains("FIELD: replicas <integer>", (await RunAsync("explain deployment.spec.replicas")).Output, StringComparison.Ordinal);

    [Theory]
    [InlineData("--as bob get secrets -A", "Error from server (Forbidden): secrets is forbidden: User \"bob\" cannot list resource \"secrets\" in API group \"\" at the cluster scope")]
    [InlineData("--as bob --as-group developers --as-uid 1-2 create namespace x",
        "Error from server (Forbidden): namespaces is forbidden: User \"bob\" cannot create resource \"namespaces\" in API group \"\" at the cluster scope")]
    [InlineData("--as system:serviceaccount:default:default delete pod x",
        "Error from server (Forbidden): pods \"x\" is forbidden: User \"system:serviceaccount:default:default\" cannot delete resource \"pods\" in API group \"\" in the namespace \"default\"")]
    [InlineData("--as bob exec x -- id",
        "Error from server (Forbidden): pods \"x\" is forbidden: User \"bob\" cannot get resource \"pods\" in API group \"\" in the namespace \"default\"")]
    [InlineData("--as bob --as-group system:masters get secrets -A", "No resources found")]
    public async Task One_may_act_for_another(string arguments, string message) =>
        Assert.Equal(message, (await RunAsync(arguments)).Error.Trim());

    [Fact]
    public async Task One_is_told_who_one_is_and_what_one_may()
    {
        Assert.Matches(@"(?m)^Username +kubernetes-admin$", (await RunAsync("auth whoami")).Output);
        Assert.Matches(@"(?m)^Username +bob$", (await RunAsync("auth whoami --as bob")).Output);
        Assert.Equal("yes", (await RunAsync("auth can-i create deployments.apps")).Output.Trim());
        Assert.Equal("no", (await RunAsync("auth can-i delete pods --as bob")).Output.Trim());
        Assert.Equal("yes", (await RunAsync("auth can-i get /apis --as bob")).Output.Trim());
        Assert.Matches(@"(?m)^\*\.\* +\[\] +\[\] +\[\*\]$", (await RunAsync("auth can-i --list")).Output);
        Assert.Matches(@"(?m)^selfsubjectreviews\.authentication\.k8s\.io +\[\] +\[\] +\[create\]$", (await RunAsync("auth can-i --list --as bob")).Output);
    }

    [Fact]
    public async Task An_autoscaler_is_made_shown_explained_and_changed_in_each_version()
    {
        var file = Path.Combine(Gateway.Scratch.Path, "web.yaml");
        await File.WriteAllTextAsync(file, Manifest);
        await RunAsync($"apply -f {file}");

        Assert.Equal("horizontalpodautoscaler.autoscaling/web autoscaled", (await RunAsync("autoscale deployment web --min 1 --max 3 --cpu-percent 50")).Output.Trim());
        Assert.Matches(@"(?m)^web +Deployment/web +cpu: <unknown>/50% +1 +3 +0 +\S+$", (await RunAsync("get hpa")).Output);
        Assert.Equal(("50", ""), await RunAsync("get horizontalpodautoscalers.v1.autoscaling web -o jsonpath={.spec.targetCPUUtilizationPercentage}"));
        Assert.Contains("FIELD: behavior <HorizontalPodAutoscalerBehavior>", (await RunAsync("explain hpa.spec.behavior")).Output, StringComparison.Ordinal);
        Assert.Contains("FIELD: targetCPUUtilizationPercentage <integer>",
            (await RunAsync("explain hpa.spec.targetCPUUtilizationPercentage --api-version autoscaling/v1")).Output, StringComparison.Ordinal);
        Assert.Equal("horizontalpodautoscaler.autoscaling/web patched",
            (await RunAsync("""patch horizontalpodautoscalers.v1.autoscaling web -p {\"spec\":{\"targetCPUUtilizationPercentage\":60}}""")).Output.Trim());
        Assert.Equal("60", (await RunAsync("get hpa web -o jsonpath={.spec.metrics[0].resource.target.averageUtilization}")).Output);
        Assert.Contains("resource cpu on pods", (await RunAsync("describe hpa web")).Output, StringComparison.Ordinal);
        Assert.Equal("horizontalpodautoscaler.autoscaling \"web\" deleted", (await RunAsync("delete horizontalpodautoscalers.v1.autoscaling web")).Output.Trim());
    }

    private async Task<(string Output, string Error)> RunAsync(string arguments)
    {
        var kubeconfig = KubeconfigWriter.Write(Gateway.Scratch.Path, Gateway.Server.Address, Gateway.Pki);
        var start = new ProcessStartInfo("kubectl", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["KUBECONFIG"] = kubeconfig;
        start.Environment["HOME"] = Gateway.Scratch.Path;
        using var kubectl = Process.Start(start)!;
        var output = kubectl.StandardOutput.ReadToEndAsync();
        var error = kubectl.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await kubectl.WaitForExitAsync(patience.Token);
        return (await output, await error);
    }
}

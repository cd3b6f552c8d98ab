using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog;

namespace ActorOrch.Resources.Tests.Kinds.Workloads;

public class WorkloadTests
{
    private const string Template = """{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"c","image":"i"}]}}""";
    private const string Selector = """{"matchLabels":{"app":"web"}}""";

    [Fact]
    public void A_deployment_gets_upstreams_defaults()
    {
        var deployment = Documents.Created(BuiltIn.Deployments, $$$"""{"spec":{"selector":{{{Selector}}},"template":{{{Template}}}},"status":{"replicas":9}}""");
        var spec = deployment["spec"]!;

        Assert.Equal(1, (int?)spec["replicas"]);
        Assert.Equal("""{"type":"RollingUpdate","rollingUpdate":{"maxUnavailable":"25%","maxSurge":"25%"}}""", spec["strategy"]!.ToJsonString());
        Assert.Equal(10, (int?)spec["revisionHistoryLimit"]);
        Assert.Equal(600, (int?)spec["progressDeadlineSeconds"]);
        Assert.Equal("Always", (string?)spec["template"]!["spec"]!["restartPolicy"]);
        Assert.Null(deployment["status"]);
        Assert.Empty(Documents.ErrorsOfCreate(BuiltIn.Deployments, deployment));
    }

    [Theory]
    [InlineData("""{"template":TEMPLATE}""", "spec.selector: Required value")]
    [InlineData("""{"template":TEMPLATE}""", "spec.template.metadata.labels: Invalid value: map[string]string{\"app\":\"web\"}: `selector` does not match template `labels`")]
    [InlineData("""{"selector":{},"template":TEMPLATE}""", "spec.selector: Invalid value: v1.LabelSelector{MatchLabels:map[string]string(nil), MatchExpressions:[]v1.LabelSelectorRequirement(nil)}: empty selector is invalid for deployment")]
    [InlineData("""{"selector":{"matchLabels":{"app":"db"}},"template":TEMPLATE}""", "spec.template.metadata.labels: Invalid value: map[string]string{\"app\":\"web\"}: `selector` does not match template `labels`")]
    [InlineData("""{"replicas":-1,"selector":SELECTOR,"template":TEMPLATE}""", "spec.replicas: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData("""{"minReadySeconds":600,"selector":SELECTOR,"template":TEMPLATE}""", "spec.progressDeadlineSeconds: Invalid value: 600: must be greater than minReadySeconds")]
    [InlineData("""{"strategy":{"rollingUpdate":{"maxSurge":0,"maxUnavailable":0}},"selector":SELECTOR,"template":TEMPLATE}""", "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: intstr.IntOrString{Type:0, IntVal:0, StrVal:\"\"}: may not be 0 when `maxSurge` is 0")]
    [InlineData("""{"strategy":{"rollingUpdate":{"maxSurge":"some"}},"selector":SELECTOR,"template":TEMPLATE}""", "spec.strategy.rollingUpdate.maxSurge: Invalid value: intstr.IntOrString{Type:1, IntVal:0, StrVal:\"some\"}: a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')")]
    [InlineData("""{"strategy":{"type":"Recreate","rollingUpdate":{"maxSurge":1}},"selector":SELECTOR,"template":TEMPLATE}""", "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'")]
    [InlineData("""{"strategy":{"type":"BlueGreen"},"selector":SELECTOR,"template":TEMPLATE}""", "spec.strategy.type: Unsupported value: \"BlueGreen\": supported values: \"Recreate\", \"RollingUpdate\"")]
    [InlineData("""{"selector":SELECTOR,"template":{"metadata":{"labels":{"app":"web"}},"spec":{"restartPolicy":"Never","containers":[{"name":"c","image":"i"}]}}}""", "spec.template.spec.restartPolicy: Unsupported value: \"Never\": supported values: \"Always\"")]
    [InlineData("""{"selector":SELECTOR,"template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[]}}}""", "spec.template.spec.containers: Required value")]
    [InlineData("""{"selector":{"matchExpressions":[{"key":"app","operator":"Near"}]},"template":TEMPLATE}""", "spec.selector.matchExpressions[0].operator: Invalid value: \"Near\": not a valid selector operator")]
    public void A_deployment_is_refused_with_upstreams_words(string spec, string expected) =>
        Assert.Contains(expected, Documents.ErrorsOfCreate(BuiltIn.Deployments, $$$"""{"spec":{{{Fill(spec)}}}}"""));

    [Theory]
    [InlineData("Deployment")]
    [InlineData("ReplicaSet")]
    public void What_is_missing_altogether_is_named_and_what_has_a_default_is_not(string kind) => Assert.Equal(
        ["spec.selector: Required value",
            "spec.template.metadata.labels: Invalid value: map[string]string(nil): `selector` does not match template `labels`",
            "spec.template.spec.containers: Required value"],
        Documents.ErrorsOfCreate(BuiltIn.All.Single(t => t.Kind == kind), "{}"));

    [Theory]
    [InlineData("Deployment")]
    [InlineData("ReplicaSet")]
    public void The_selector_stays(string kind)
    {
        var type = BuiltIn.All.Single(t => t.Kind == kind);
        var old = Documents.Created(type, Fill("""{"spec":{"selector":SELECTOR,"template":TEMPLATE}}"""));

        var errors = Documents.ErrorsOfUpdate(type, old, d =>
        {
            d["spec"]!["selector"]!["matchLabels"]!["tier"] = "front";
            d["spec"]!["template"]!["metadata"]!["labels"]!["tier"] = "front";
        });

        Assert.Equal(["spec.selector: Invalid value: v1.LabelSelector{MatchLabels:map[string]string{\"app\":\"web\", \"tier\":\"front\"}, MatchExpressions:[]v1.LabelSelectorRequirement(nil)}: field is immutable"], errors);
    }

    [Fact]
    public void The_generation_follows_the_spec_alone()
    {
        var old = Documents.Created(BuiltIn.Deployments, Fill("""{"spec":{"selector":SELECTOR,"template":TEMPLATE}}"""));
        var scaled = Documents.Updated(BuiltIn.Deployments, old, d => d["spec"]!["replicas"] = 3);
        var labelled = Documents.Updated(BuiltIn.Deployments, old, d => d["metadata"]!["labels"] = new JsonObject { ["a"] = "b" });

        Assert.True(BuiltIn.Deployments.Rules.HasGeneration);
        Assert.True(BuiltIn.Deployments.Rules.ChangesGeneration(scaled, old));
        Assert.False(BuiltIn.Deployments.Rules.ChangesGeneration(labelled, old));
        Assert.False(BuiltIn.Pods.Rules.HasGeneration);
    }

    [Fact]
    public void A_replication_controller_takes_its_selector_and_labels_from_its_template()
    {
        var controller = Documents.Created(BuiltIn.ReplicationControllers, Fill("""{"spec":{"template":TEMPLATE}}"""));

        Assert.Equal("""{"app":"web"}""", controller["spec"]!["selector"]!.ToJsonString());
        Assert.Equal("""{"app":"web"}""", controller["metadata"]!["labels"]!.ToJsonString());
        Assert.Equal(1, (int?)controller["spec"]!["replicas"]);
        Assert.Equal("Always", (string?)controller["spec"]!["template"]!["spec"]!["restartPolicy"]);
        Assert.Empty(Documents.ErrorsOfCreate(BuiltIn.ReplicationControllers, controller));
    }

    [Theory]
    [InlineData("""{}""", "spec.selector: Required value")]
    [InlineData("""{}""", "spec.template: Required value")]
    [InlineData("""{"selector":{"app":"db"},"template":TEMPLATE}""", "spec.template.metadata.labels: Invalid value: map[string]string{\"app\":\"web\"}: `selector` does not match template `labels`")]
    [InlineData("""{"replicas":-1,"template":TEMPLATE}""", "spec.replicas: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData("""{"template":{"metadata":{"labels":{"app":"web"}},"spec":{"activeDeadlineSeconds":5,"containers":[{"name":"c","image":"i"}]}}}""", "spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in ReplicationController is not Supported")]
    public void A_replication_controller_is_refused_with_upstreams_words(string spec, string expected) =>
        Assert.Contains(expected, Documents.ErrorsOfCreate(BuiltIn.ReplicationControllers, $$$"""{"spec":{{{Fill(spec)}}}}"""));

    [Fact]
    public void A_pod_template_is_defaulted_and_checked_as_a_workloads_is()
    {
        var template = Documents.Created(BuiltIn.PodTemplates, Fill("""{"template":TEMPLATE}"""));

        Assert.Equal("Always", (string?)template["template"]!["spec"]!["restartPolicy"]);
        Assert.Empty(Documents.ErrorsOfCreate(BuiltIn.PodTemplates, template));
        Assert.Contains("template.spec.containers: Required value", Documents.ErrorsOfCreate(BuiltIn.PodTemplates, "{}"));
        Assert.True(BuiltIn.PodTemplates.Rules.ChangesGeneration(
            Documents.Updated(BuiltIn.PodTemplates, template, t => t["template"]!["metadata"]!["labels"]!["a"] = "b"), template));
    }

    private static string Fill(string spec) => spec.Replace("SELECTOR", Selector).Replace("TEMPLATE", Template);
}

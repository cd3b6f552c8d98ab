using System.Text.Json.Nodes;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Kinds.Pods;

namespace ActorOrch.Resources.Kinds.Deployments;

/// <summary><c>apps/v1 Deployment</c>.</summary>
internal sealed class DeploymentRules : KindRules
{
    public override DeletionStage DeletionStage => DeletionStage.Workload;

    private const string Quarter = "25%";
    private const long HistoryLimit = 10;
    private const long ProgressDeadlineSeconds = 600;

    public override bool HasGeneration => true;

    // Unlike those of other kinds, its labels are no business of a status writer.
    public override void PrepareForStatusUpdate(JsonObject obj, JsonObject old)
    {
        base.PrepareForStatusUpdate(obj, old);
        CopyFrom(old["metadata"]!.AsObject(), obj["metadata"]!.AsObject(), "labels");
    }

    public override void Default(JsonObject obj)
    {
        var spec = obj.Child("spec");
        spec.Default("replicas", 1);
        var strategy = spec.Child("strategy");
        strategy.Default("type", "RollingUpdate");
        if (strategy.Text("type") == "RollingUpdate")
        {
            var rolling = strategy.Child("rollingUpdate");
            rolling.Default("maxUnavailable", Quarter);
            rolling.Default("maxSurge", Quarter);
        }
        spec.Default("revisionHistoryLimit", HistoryLimit);
        spec.Default("progressDeadlineSeconds", ProgressDeadlineSeconds);
        PodTemplate.Default(spec);
    }

    public override void Validate(Field obj, FieldErrors errors) => DeploymentValidation.Validate(obj["spec"], errors);

    public override void ValidateUpdate(Field obj, Field old, FieldErrors errors) =>
        Immutable.Check(obj["spec"]["selector"], old["spec"]["selector"], errors);

    public override void ValidateStatusUpdate(Field obj, Field old, FieldErrors errors) => DeploymentValidation.ValidateStatus(obj["status"], errors);

    public override IEnumerable<string> Warnings(JsonObject obj) => PodTemplate.Warnings(obj);
}

using System.Text.Json.Nodes;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Kinds.Pods;
using ActorOrch.Resources.Kinds.ReplicaSets;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Resources.Kinds.ReplicationControllers;

/// <summary><c>core/v1 ReplicationController</c>: what came before ReplicaSets. Its selector is a map, taken from the template where it is left out.</summary>
internal sealed class ReplicationControllerRules : KindRules
{
    public override DeletionStage DeletionStage => DeletionStage.Workload;

    private static readonly Dictionary<string, Func<StoredObject, string>> Selectors = new()
    {
        ["status.replicas"] = JsonText.ReaderOr("0", "status", "replicas"),
    };

    public override IReadOnlyDictionary<string, Func<StoredObject, string>> FieldSelectors => Selectors;

    public override bool HasGeneration => true;

    /// <summary>It is older than the deletion of what is owned, and clients of its time count on that.</summary>
    public override bool OrphansByDefault => true;

    public override void PrepareForCreate(JsonObject obj) => obj["status"] = new JsonObject { ["replicas"] = JsonEditing.Number(0) };

    public override void Default(JsonObject obj)
    {
        var spec = obj.Child("spec");
        spec.Default("replicas", 1);
        if (spec.Find("template") is not { } template) return;
        PodTemplate.Default(spec);
        if (template.Find("metadata")?.Find("labels") is not { Count: > 0 } labels) return;
        if (spec.Find("selector") is not { Count: > 0 }) spec["selector"] = labels.DeepClone();
        if (obj.Child("metadata").Find("labels") is not { Count: > 0 }) obj.Child("metadata")["labels"] = labels.DeepClone();
    }

    public override void Validate(Field obj, FieldErrors errors)
    {
        var spec = obj["spec"];
        Checks.NonNegative(spec["minReadySeconds"], errors);
        if (spec["selector"].Node is not JsonObject { Count: > 0 }) errors.Required(spec["selector"]);
        Checks.NonNegative(spec["replicas"], errors);
        PodTemplate.ValidateForMap(spec["selector"], spec["template"], errors);
    }

    public override void ValidateStatusUpdate(Field obj, Field old, FieldErrors errors) => ReplicaSetValidation.ValidateStatus(obj["status"], errors);

    public override IEnumerable<string> Warnings(JsonObject obj) => PodTemplate.Warnings(obj);
}

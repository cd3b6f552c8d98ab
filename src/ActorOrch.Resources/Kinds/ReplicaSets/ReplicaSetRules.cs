using System.Text.Json.Nodes;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Kinds.Pods;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Resources.Kinds.ReplicaSets;

/// <summary><c>apps/v1 ReplicaSet</c>.</summary>
internal sealed class ReplicaSetRules : KindRules
{
    public override DeletionStage DeletionStage => DeletionStage.Workload;

    private static readonly Dictionary<string, Func<StoredObject, string>> Selectors = new()
    {
        ["status.replicas"] = JsonText.ReaderOr("0", "status", "replicas"),
    };

    public override IReadOnlyDictionary<string, Func<StoredObject, string>> FieldSelectors => Selectors;

    public override bool HasGeneration => true;

    public override void PrepareForCreate(JsonObject obj) => obj["status"] = new JsonObject { ["replicas"] = JsonEditing.Number(0) };

    public override void Default(JsonObject obj)
    {
        var spec = obj.Child("spec");
        spec.Default("replicas", 1);
        PodTemplate.Default(spec);
    }

    public override void Validate(Field obj, FieldErrors errors) => ReplicaSetValidation.Validate(obj["spec"], errors);

    public override void ValidateUpdate(Field obj, Field old, FieldErrors errors) =>
        Immutable.Check(obj["spec"]["selector"], old["spec"]["selector"], errors);

    public override void ValidateStatusUpdate(Field obj, Field old, FieldErrors errors) => ReplicaSetValidation.ValidateStatus(obj["status"], errors);

    public override IEnumerable<string> Warnings(JsonObject obj) => PodTemplate.Warnings(obj);
}

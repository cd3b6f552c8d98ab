using System.Text.Json.Nodes;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Kinds.Pods;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Resources.Kinds.Nodes;

/// <summary><c>core/v1 Node</c>.</summary>
internal sealed class NodeRules : KindRules
{
    private static readonly Dictionary<string, Func<StoredObject, string>> Selectors = new()
    {
        ["spec.unschedulable"] = JsonText.ReaderOr("false", "spec", "unschedulable"),
    };

    public override IReadOnlyDictionary<string, Func<StoredObject, string>> FieldSelectors => Selectors;

    // A node registers itself with its status.
    public override void PrepareForCreate(JsonObject obj) { }

    public override void Default(JsonObject obj)
    {
        obj.Child("spec");
        var status = obj.Child("status");
        if (status.Find("capacity") is not { } capacity) return;
        ResourceDefaults.Canonicalize(capacity);
        if (status.Find("allocatable") is { Count: > 0 } allocatable) ResourceDefaults.Canonicalize(allocatable);
        else status["allocatable"] = capacity.DeepClone();
    }

    public override void Validate(Field obj, FieldErrors errors) => NodeValidation.Validate(obj, errors);

    public override void ValidateUpdate(Field obj, Field old, FieldErrors errors) => NodeValidation.ValidateUpdate(obj, old, errors);

    public override void ValidateStatusUpdate(Field obj, Field old, FieldErrors errors) => NodeValidation.ValidateUpdate(obj, old, errors);
}

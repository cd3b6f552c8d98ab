using System.Text.Json.Nodes;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.FieldOwnership;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Resources.Kinds.Namespaces;

/// <summary><c>core/v1 Namespace</c>: it is removed only after the finalizers of its spec, which the <c>finalize</c> subresource removes.</summary>
internal sealed class NamespaceRules : KindRules
{
    private const string NameLabel = "kubernetes.io/metadata.name";
    private const string Finalizer = "kubernetes";

    private static readonly Dictionary<string, Func<StoredObject, string>> Selectors = new()
    {
        ["name"] = obj => obj.Key.Name,
        ["status.phase"] = JsonText.ReaderOr("Active", "status", "phase"),
    };

    public override IReadOnlyDictionary<string, Func<StoredObject, string>> FieldSelectors => Selectors;

    public override FieldSet SystemFields { get; } = FieldSet.OfFields("spec", "status");

    public override IEnumerable<string> CheckName(string name, bool prefix) => Names.Dns1123Label(name, prefix);

    public override void PrepareForCreate(JsonObject obj)
    {
        obj["status"] = new JsonObject { ["phase"] = "Active" };
        var spec = obj.Child("spec");
        if (spec["finalizers"] is not JsonArray finalizers) spec["finalizers"] = finalizers = [];
        if (!finalizers.Any(f => f?.GetValue<string>() == Finalizer)) finalizers.Add(Finalizer);
    }

    public override void PrepareForUpdate(JsonObject obj, JsonObject old)
    {
        base.PrepareForUpdate(obj, old);
        CopyFrom(old, obj, "spec");
    }

    public override bool HoldsFinalizers(JsonObject obj) => base.HoldsFinalizers(obj) || obj["spec"]?["finalizers"] is JsonArray { Count: > 0 };

    public override void OnDeletionStarted(JsonObject obj) => obj.Child("status")["phase"] = "Terminating";

    public override void Default(JsonObject obj)
    {
        if (obj.Find("metadata") is { } metadata && metadata.Text("name") is { Length: > 0 } name)
            metadata.Child("labels")[NameLabel] = name;
        obj.Child("spec");
        obj.Child("status").Default("phase", "Active");
    }

    public override void Validate(Field obj, FieldErrors errors)
    {
        // Upstream names the list, not the element.
        var finalizers = obj["spec"]["finalizers"];
        foreach (var finalizer in finalizers.Items) ObjectMetaValidation.CheckFinalizer(finalizer with { Path = finalizers.Path }, errors);
    }

    public override void ValidateStatusUpdate(Field obj, Field old, FieldErrors errors)
    {
        // Upstream's path has the Go field's name.
        var phase = obj["status"]["phase"] with { Path = "status.Phase" };
        var isGoing = obj["metadata"]["deletionTimestamp"].Exists;
        if (!isGoing && phase.Text != "Active") errors.Invalid(phase, "may only be 'Active' if `deletionTimestamp` is empty");
        if (isGoing && phase.Text != "Terminating") errors.Invalid(phase, "may only be 'Terminating' if `deletionTimestamp` is not empty");
    }
}

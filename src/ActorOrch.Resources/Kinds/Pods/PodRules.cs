using System.Text.Json.Nodes;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Resources.Kinds.Pods;

/// <summary><c>core/v1 Pod</c>.</summary>
internal sealed class PodRules : KindRules
{
    public override DeletionStage DeletionStage => DeletionStage.Pod;

    private static readonly Dictionary<string, Func<StoredObject, string>> Selectors = new()
    {
        ["spec.nodeName"] = JsonText.Reader("spec", "nodeName"),
        ["spec.restartPolicy"] = JsonText.Reader("spec", "restartPolicy"),
        ["spec.schedulerName"] = JsonText.Reader("spec", "schedulerName"),
        ["spec.serviceAccountName"] = JsonText.Reader("spec", "serviceAccountName"),
        ["spec.hostNetwork"] = JsonText.ReaderOr("false", "spec", "hostNetwork"),
        ["status.phase"] = JsonText.Reader("status", "phase"),
        ["status.podIP"] = JsonText.Reader("status", "podIP"),
        ["status.nominatedNodeName"] = JsonText.Reader("status", "nominatedNodeName"),
    };

    public override IReadOnlyDictionary<string, Func<StoredObject, string>> FieldSelectors => Selectors;

    public override IReadOnlyList<IndexedField> IndexedFields { get; } = [new("spec.nodeName", "spec.nodeName", HasEmpty: true)];

    public override bool ReturnsDeleted => true;

    public override void PrepareForCreate(JsonObject obj)
    {
        AffinityLabelKeys.Merge(obj);
        obj["status"] = new JsonObject
        {
            ["phase"] = "Pending",
            ["qosClass"] = obj.Find("spec") is { } spec ? QosClass.Of(spec) : QosClass.BestEffort,
        };
    }

    // The class a pod was admitted with stays, whatever a writer of its status leaves out.
    public override void PrepareForStatusUpdate(JsonObject obj, JsonObject old)
    {
        base.PrepareForStatusUpdate(obj, old);
        if (old.Find("status")?["qosClass"] is { } qosClass) obj.Child("status")["qosClass"] = qosClass.DeepClone();
    }

    public override void Default(JsonObject obj)
    {
        var spec = obj.Child("spec");
        PodSpecDefaults.Apply(spec);
        PodSpecDefaults.ApplyToPod(spec);
    }

    public override void Validate(Field obj, FieldErrors errors) => PodValidation.Validate(obj, errors);

    public override void ValidateCreate(Field obj, FieldErrors errors) => PodValidation.ValidateCreate(obj, errors);

    public override void ValidateUpdate(Field obj, Field old, FieldErrors errors) => PodValidation.ValidateUpdate(obj, old, errors);

    public override void ValidateStatusUpdate(Field obj, Field old, FieldErrors errors) => PodValidation.ValidateStatusUpdate(obj, old, errors);

    public override IEnumerable<string> Warnings(JsonObject obj) => PodWarnings.OfPod(Field.Root(obj));

    /// <summary>What is asked for, else what the spec says; a pod that no node runs is removed at once.</summary>
    public override long? GracePeriodSeconds(StoredObject obj, long? requested)
    {
        var period = requested
            ?? (long.TryParse(JsonText.At(obj.Json, "spec", "terminationGracePeriodSeconds"), out var seconds) ? seconds : 0);
        if (JsonText.At(obj.Json, "spec", "nodeName").Length == 0) return 0;
        if (JsonText.At(obj.Json, "status", "phase") is "Failed" or "Succeeded") return 0;
        return period < 0 ? 1 : period;
    }
}

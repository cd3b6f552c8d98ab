using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Resources.Kinds.Events;

/// <summary><c>events.k8s.io/v1 Event</c>: its writers have to say more than those of <c>v1</c>, and change no more than its series.</summary>
internal sealed class EventV1Rules : KindRules
{
    private static readonly Dictionary<string, Func<StoredObject, string>> Selectors = new()
    {
        ["regarding.kind"] = JsonText.Reader("involvedObject", "kind"),
        ["regarding.namespace"] = JsonText.Reader("involvedObject", "namespace"),
        ["regarding.name"] = JsonText.Reader("involvedObject", "name"),
        ["regarding.uid"] = JsonText.Reader("involvedObject", "uid"),
        ["regarding.apiVersion"] = JsonText.Reader("involvedObject", "apiVersion"),
        ["regarding.resourceVersion"] = JsonText.Reader("involvedObject", "resourceVersion"),
        ["regarding.fieldPath"] = JsonText.Reader("involvedObject", "fieldPath"),
        ["reason"] = JsonText.Reader("reason"),
        ["reportingController"] = JsonText.Reader("reportingComponent"),
        ["type"] = JsonText.Reader("type"),
    };

    public override IReadOnlyDictionary<string, Func<StoredObject, string>> FieldSelectors => Selectors;

    public override IReadOnlyList<IndexedField> IndexedFields { get; } = [new("regarding.uid", "involvedObject.uid")];

    public override bool AllowCreateOnUpdate => true;

    public override void Validate(Field obj, FieldErrors errors) => EventValidation.Validate(obj, errors);

    public override void ValidateCreate(Field obj, FieldErrors errors) => EventV1Validation.ValidateCreate(obj, errors);

    public override void ValidateUpdate(Field obj, Field old, FieldErrors errors) => EventV1Validation.ValidateUpdate(obj, old, errors);
}

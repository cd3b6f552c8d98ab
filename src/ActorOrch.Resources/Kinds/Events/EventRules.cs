using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Resources.Kinds.Events;

/// <summary><c>core/v1 Event</c>.</summary>
internal sealed class EventRules : KindRules
{
    private static readonly Dictionary<string, Func<StoredObject, string>> Selectors = new()
    {
        ["involvedObject.kind"] = JsonText.Reader("involvedObject", "kind"),
        ["involvedObject.namespace"] = JsonText.Reader("involvedObject", "namespace"),
        ["involvedObject.name"] = JsonText.Reader("involvedObject", "name"),
        ["involvedObject.uid"] = JsonText.Reader("involvedObject", "uid"),
        ["involvedObject.apiVersion"] = JsonText.Reader("involvedObject", "apiVersion"),
        ["involvedObject.resourceVersion"] = JsonText.Reader("involvedObject", "resourceVersion"),
        ["involvedObject.fieldPath"] = JsonText.Reader("involvedObject", "fieldPath"),
        ["reason"] = JsonText.Reader("reason"),
        ["reportingComponent"] = JsonText.Reader("reportingComponent"),
        ["source"] = obj => JsonText.At(obj.Json, "source", "component") is { Length: > 0 } component
            ? component
            : JsonText.At(obj.Json, "reportingComponent"),
        ["type"] = JsonText.Reader("type"),
    };

    public override IReadOnlyDictionary<string, Func<StoredObject, string>> FieldSelectors => Selectors;

    public override IReadOnlyList<IndexedField> IndexedFields { get; } = [new("involvedObject.uid", "involvedObject.uid")];

    public override bool AllowCreateOnUpdate => true;

    public override void Validate(Field obj, FieldErrors errors) => EventValidation.Validate(obj, errors);
}

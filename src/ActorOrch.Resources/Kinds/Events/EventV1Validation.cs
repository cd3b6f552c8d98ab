using System.Text.Json.Nodes;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Kinds.Events;

/// <summary>
/// What <c>events.k8s.io/v1</c> asks of an event beyond <see cref="EventValidation"/>. As upstream's, errors name the fields that are stored.
/// </summary>
internal static class EventV1Validation
{
    private static readonly string[] Unset = ["firstTimestamp", "lastTimestamp", "count", "source"];

    private static readonly string[] Fixed =
    [
        "involvedObject", "reason", "message", "source", "firstTimestamp", "lastTimestamp", "count", "type", "eventTime", "action", "related",
        "reportingComponent", "reportingInstance",
    ];

    public static void ValidateCreate(Field obj, FieldErrors errors)
    {
        ValidateSeries(obj["series"], errors);
        if (!obj["eventTime"].Exists) errors.Required(obj["eventTime"]);
        if (obj["type"].Text is not ("Normal" or "Warning")) errors.Invalid(obj["type"], "", $"has invalid value: {obj["type"].Text}");
        foreach (var name in Unset)
            if (IsSet(obj[name])) errors.Invalid(obj[name], "", "needs to be unset");
    }

    public static void ValidateUpdate(Field obj, Field old, FieldErrors errors)
    {
        if (!JsonNode.DeepEquals(obj["series"].Node, old["series"].Node)) ValidateSeries(obj["series"], errors);
        foreach (var name in Fixed)
            if (IsSet(obj[name]) || IsSet(old[name])) Immutable.Check(obj[name], old[name], errors);
    }

    private static void ValidateSeries(Field series, FieldErrors errors)
    {
        if (!series.Exists) return;
        if ((series["count"].Integer ?? 0) < 2) errors.Invalid(series["count"], "", "should be at least 2");
        if (!series["lastObservedTime"].Exists) errors.Required(series["lastObservedTime"]);
    }

    // An empty text, a zero and an object of nothing else say what an absent field says.
    private static bool IsSet(Field field) => field.Node switch
    {
        null => false,
        JsonObject map => map.Any(e => IsSet(field[e.Key])),
        _ => field.Integer is { } number ? number != 0 : field.Flag is { } flag ? flag : field.Node is JsonArray { Count: > 0 } || field.Text.Length > 0,
    };
}

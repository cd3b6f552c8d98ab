using System.Text;
using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Decoding;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Kinds.HorizontalPodAutoscalers;

/// <summary>
/// What the annotations of an <c>autoscaling/v1</c> document say. Throws 422 for one that says nothing that could be stored: it would be lost
/// without a word.
/// </summary>
internal sealed class AutoscalerV1Annotations
{
    private const string AList = "a list of objects in JSON";
    private const string AnObject = "an object in JSON";

    private readonly JsonObject _document;
    private readonly JsonArray? _storedMetrics;
    private readonly JsonArray? _storedCurrentMetrics;

    public AutoscalerV1Annotations(JsonObject document)
    {
        _document = document;
        Metrics = Checked(AutoscalerAnnotations.Metrics, "spec", "metrics", Each(List(AutoscalerAnnotations.Metrics), MetricShapes.NestedSpec));
        CurrentMetrics = Checked(AutoscalerAnnotations.CurrentMetrics, "status", "currentMetrics", Each(List(AutoscalerAnnotations.CurrentMetrics), MetricShapes.NestedStatus));
        Conditions = Checked(AutoscalerAnnotations.Conditions, "status", "conditions", List(AutoscalerAnnotations.Conditions));
        var behavior = Read<JsonObject>(AutoscalerAnnotations.Behavior, AnObject);
        Behavior = behavior is { Count: > 0 } ? Checked(AutoscalerAnnotations.Behavior, "spec", "behavior", (JsonObject)GoNames.Lowered(behavior)) : null;
        var stored = Read<JsonObject>(AutoscalerAnnotations.Stored, AnObject);
        _storedMetrics = Checked(AutoscalerAnnotations.Stored, "spec", "metrics", stored?["metrics"]) as JsonArray;
        _storedCurrentMetrics = Checked(AutoscalerAnnotations.Stored, "status", "currentMetrics", stored?["currentMetrics"]) as JsonArray;
    }

    /// <summary>Those that v1 has no field for, as v2 has them.</summary>
    public JsonArray? Metrics { get; }

    /// <summary>As v2 has them.</summary>
    public JsonArray? CurrentMetrics { get; }

    public JsonArray? Conditions { get; }

    public JsonObject? Behavior { get; }

    /// <summary>The metrics as they were stored; null where the document no longer says the same of them.</summary>
    public JsonArray? StoredMetrics(JsonNode? cpu) =>
        JsonNode.DeepEquals(AutoscalerV1Conversion.Others(_storedMetrics), Each(Metrics ?? [], MetricShapes.FlatSpec))
        && JsonNode.DeepEquals(AutoscalerV1Conversion.CpuTargetOf(_storedMetrics), cpu)
            ? _storedMetrics
            : null;

    /// <inheritdoc cref="StoredMetrics"/>
    public JsonArray? StoredCurrentMetrics() =>
        JsonNode.DeepEquals(Each(_storedCurrentMetrics, MetricShapes.FlatStatus), Each(CurrentMetrics, MetricShapes.FlatStatus)) ? _storedCurrentMetrics : null;

    private static JsonArray? Each(JsonArray? list, Func<JsonObject, JsonObject> convert) => list is null ? null : AutoscalerV1Conversion.Each(list, convert);

    private JsonArray? List(string name)
    {
        var list = Read<JsonArray>(name, AList);
        return list is null || list.All(item => item is JsonObject) ? list : throw Refuse(name, $"must be {AList}");
    }

    private T? Read<T>(string name, string expected) where T : JsonNode
    {
        if (AutoscalerAnnotations.Read(_document, name) is not { } text) return null;
        try
        {
            var node = JsonTree.Parse(Encoding.UTF8.GetBytes(text), new StrictErrorList());
            return node is null ? null : node as T ?? throw Refuse(name, $"must be {expected}");
        }
        catch (DecodingException malformed)
        {
            throw Refuse(name, $"must be {expected}: {malformed.Message}");
        }
    }

    /// <summary>The value in the form that decoding gives.</summary>
    private T? Checked<T>(string annotation, string side, string field, T? value) where T : JsonNode
    {
        if (value is null) return null;
        var part = new JsonObject { [field] = value.DeepClone() };
        try
        {
            SchemaCheck.Normalize(new JsonObject { [side] = part }, BuiltIn.HorizontalPodAutoscalers);
        }
        catch (ApiException wrong)
        {
            throw Refuse(annotation, wrong.Causes is [{ } cause, ..] ? cause.Message : wrong.Message);
        }
        return part.Remove(field, out var normal) ? normal as T : null;
    }

    private ApiException Refuse(string name, string detail)
    {
        var errors = new FieldErrors();
        errors.Invalid(Field.Root(_document)["metadata"]["annotations"].Key(name), detail);
        return ApiException.Invalid(BuiltIn.HorizontalPodAutoscalersV1, Field.Root(_document)["metadata"]["name"].Text, errors.All);
    }
}

using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using ActorOrch.Resources.Catalog;
using k8s.Models;

namespace ActorOrch.Resources.Schemas;

/// <summary>
/// What a document of a kind may hold, with all that decoding, defaults, patches and ownership need to know of its fields: derived from the
/// KubernetesClient model classes, or from OpenAPI v3 (<see cref="StructuralSchema"/>). The fields of an object are read only when they are looked
/// at, so that kinds nobody uses cost nothing.
/// </summary>
public sealed class Schema
{
    private static readonly ConcurrentDictionary<Type, Schema> Objects = new();

    private static readonly Schema String = new(SchemaKind.String, "string");

    private static readonly FrozenDictionary<Type, Schema> Scalars = new Dictionary<Type, Schema>
    {
        [typeof(string)] = String,
        [typeof(bool)] = new(SchemaKind.Boolean, "bool"),
        [typeof(int)] = new(SchemaKind.Int32, "int32"),
        [typeof(long)] = new(SchemaKind.Int64, "int64"),
        [typeof(double)] = new(SchemaKind.Double, "float64"),
        [typeof(byte[])] = new(SchemaKind.Bytes, "[]uint8"),
        [typeof(DateTime)] = new(SchemaKind.Time, "v1.Time"),
        [typeof(ResourceQuantity)] = new(SchemaKind.Quantity, "resource.Quantity"),
        [typeof(IntOrString)] = new(SchemaKind.IntOrString, "intstr.IntOrString"),
        [typeof(object)] = new(SchemaKind.Any, "runtime.RawExtension"),
    }.ToFrozenDictionary();

    private static readonly Schema Micro = new(SchemaKind.MicroTime, "v1.MicroTime");

    private static readonly FrozenSet<(Type, string)> MicroTimes = FrozenSet.Create<(Type, string)>(
        (typeof(V1LeaseSpec), "acquireTime"), (typeof(V1LeaseSpec), "renewTime"),
        (typeof(Corev1Event), "eventTime"), (typeof(Corev1EventSeries), "lastObservedTime"),
        (typeof(Eventsv1Event), "eventTime"), (typeof(Eventsv1EventSeries), "lastObservedTime"));

    /// <summary>An object of a kind without a model: its metadata is checked, all else is kept as it is.</summary>
    private static readonly Schema Custom = new("Unstructured", "unstructured.Unstructured", null, () => new Dictionary<string, SchemaField>
    {
        ["apiVersion"] = new("apiVersion", String, PatchRule.None),
        ["kind"] = new("kind", String, PatchRule.None),
        ["metadata"] = new("metadata", Of(typeof(V1ObjectMeta)), PatchRule.None),
    }.ToFrozenDictionary())
    { Open = true };

    private readonly Lazy<FrozenDictionary<string, SchemaField>>? _fields;

    private Schema(SchemaKind kind, string goType, Schema? element = null)
    {
        Kind = kind;
        GoType = goType;
        Element = element;
    }

    /// <summary>A part of a schema in OpenAPI v3.</summary>
    internal Schema(SchemaKind kind, string name, JsonElement source, Schema? element = null, Func<FrozenDictionary<string, SchemaField>>? fields = null)
    {
        Kind = kind;
        Name = name;
        GoType = kind.ToString().ToLowerInvariant();
        Source = source;
        Element = element;
        if (fields is not null) _fields = new(fields);
    }

    private Schema(string name, string goType, Type? model, Func<FrozenDictionary<string, SchemaField>> fields)
    {
        Kind = SchemaKind.Object;
        Name = name;
        GoType = goType;
        Model = model;
        _fields = new(fields);
    }

    public SchemaKind Kind { get; }

    /// <summary>The type as errors name it: <c>int32</c>, <c>v1.PodSpec</c>, <c>[]v1.Container</c>, <c>map[string]string</c>.</summary>
    public string GoType { get; }

    /// <summary>Of an object: its type's name alone, <c>PodSpec</c>.</summary>
    public string Name { get; } = "";

    /// <summary>Of an object: the model class.</summary>
    public Type? Model { get; }

    /// <summary>Of an object: whether it is owned as a whole (<c>x-kubernetes-map-type: atomic</c>).</summary>
    public bool IsAtomic { get => field || (Model is { } model && OwnershipRules.IsAtomic(model)); internal init; }

    /// <summary>Whether fields that the schema does not name are kept.</summary>
    public bool Open { get; internal init; }

    /// <summary>Of a schema from OpenAPI v3: what it is read from; null for one from a model.</summary>
    public JsonElement? Source { get; }

    /// <summary>Of a schema from OpenAPI v3: whether it is of objects with an apiVersion, a kind and metadata, be they the root or not.</summary>
    public bool IsResource { get; internal init; }

    /// <summary>Of a schema from OpenAPI v3: whether null is a value.</summary>
    public bool IsNullable { get; internal init; }

    /// <summary>Of a schema from OpenAPI v3: how patches and apply treat a value of it, wherever it stands.</summary>
    public PatchRule Rule { get; internal init; } = PatchRule.None;

    /// <summary>Of a schema from OpenAPI v3: whether it says what the value is where none is given.</summary>
    public bool HasDefault => Source is { ValueKind: JsonValueKind.Object } source && source.TryGetProperty("default", out _);

    /// <summary>Of a schema from OpenAPI v3: whether it, or any below it, has a default.</summary>
    internal bool HasDefaults => _hasDefaults ??= Source is not null && (HasDefault || Element?.HasDefaults == true || Fields.Values.Any(f => f.Type.HasDefaults));

    private bool? _hasDefaults;

    /// <summary>A new copy of the default; null where it is null or there is none.</summary>
    public JsonNode? NewDefault() =>
        Source is { ValueKind: JsonValueKind.Object } source && source.TryGetProperty("default", out var value) ? JsonNode.Parse(value.GetRawText()) : null;

    /// <summary>Of a list or map: what it holds.</summary>
    public Schema? Element { get; }

    /// <summary>Of an object: its fields by name, in no particular order. Empty for all else.</summary>
    public FrozenDictionary<string, SchemaField> Fields => _fields?.Value ?? FrozenDictionary<string, SchemaField>.Empty;

    /// <summary>The schema of a served kind.</summary>
    public static Schema Of(ResourceType type) => type.Schema ?? (type.Model is { } model ? Of(model) : Custom);

    /// <summary>The schema of a model class.</summary>
    public static Schema Of(Type model) => Objects.GetOrAdd(model, static type =>
    {
        var name = GoName.Of(type);
        return new(name.Name, name.ToString(), type, () => ReadFields(type));
    });

    public bool TryGetField(string name, [NotNullWhen(true)] out SchemaField? field) => Fields.TryGetValue(name, out field);

    public override string ToString() => GoType;

    private static FrozenDictionary<string, SchemaField> ReadFields(Type model)
    {
        var fields = new Dictionary<string, SchemaField>(StringComparer.Ordinal);
        foreach (var property in model.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetCustomAttribute<JsonPropertyNameAttribute>() is not { } json) continue;
            var type = MicroTimes.Contains((model, json.Name)) ? Micro : OfValue(property.PropertyType);
            fields[json.Name] = new(json.Name, type, PatchRules.Of(model, json.Name))
            {
                AlwaysThere = OwnershipRules.IsAlwaysThere(model, json.Name),
                KeyDefault = OwnershipRules.KeyDefault(model, json.Name),
            };
        }
        return fields.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static Schema OfValue(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (Scalars.TryGetValue(type, out var scalar)) return scalar;
        if (!type.IsGenericType) return Of(type);
        var element = OfValue(type.GetGenericArguments()[^1]);
        return type.GetGenericTypeDefinition() == typeof(IDictionary<,>)
            ? new(SchemaKind.Map, $"map[string]{element.GoType}", element)
            : new(SchemaKind.List, $"[]{element.GoType}", element);
    }
}

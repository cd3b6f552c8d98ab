using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Schemas;

namespace ActorOrch.Resources.Tests.Kinds;

/// <summary>A place of a kind that holds a list or a map: the names on the way to it; the first element of each list on the way is meant.</summary>
internal sealed record LongField(ResourceType Type, IReadOnlyList<string> Path, Schema Schema)
{
    public override string ToString() => $"{Type.Kind}: {string.Join('.', Path)}";
}

/// <summary>Documents of every kind in which one list or map is long, made from the schemas.</summary>
internal static class LongDocuments
{
    // One kind stands for all that have a pod template.
    private static readonly HashSet<string> Templated = ["ReplicaSet", "ReplicationController", "PodTemplate"];

    /// <summary>Every list and map of every kind, as deep as models nest without repeating themselves.</summary>
    public static IEnumerable<LongField> Fields() => BuiltIn.All.SelectMany(type => Below(type, Schema.Of(type), [], []));

    /// <summary>A document in which the field has <paramref name="count"/> elements.</summary>
    /// <param name="alike">Whether all are the same; else each has names of its own.</param>
    public static JsonObject Make(LongField field, int count, bool alike)
    {
        var root = new JsonObject { ["apiVersion"] = field.Type.ApiVersion, ["kind"] = field.Type.Kind };
        var schema = Schema.Of(field.Type);
        Put(root, schema, field.Path, 0, count, alike);
        if (root["metadata"] is not JsonObject metadata) root["metadata"] = metadata = [];
        metadata["name"] = "long";
        if (field.Type.Namespaced) metadata["namespace"] = "default";
        return root;
    }

    private static IEnumerable<LongField> Below(ResourceType type, Schema schema, IReadOnlyList<string> path, IReadOnlyList<Type> models)
    {
        if (schema.Model is { } model && models.Contains(model)) yield break;
        foreach (var field in schema.Fields.Values.OrderBy(f => f.Name, StringComparer.Ordinal))
        {
            if (field.Name is "managedFields" || (field.Name == "template" && Templated.Contains(type.Kind))) continue;
            IReadOnlyList<string> here = [.. path, field.Name];
            if (field.Type.Kind is SchemaKind.List or SchemaKind.Map) yield return new(type, here, field.Type);
            var inner = field.Type.Kind == SchemaKind.List ? field.Type.Element! : field.Type;
            if (inner.Kind != SchemaKind.Object) continue;
            foreach (var below in Below(type, inner, here, [.. models, .. schema.Model is { } own ? new[] { own } : []])) yield return below;
        }
    }

    private static void Put(JsonObject obj, Schema schema, IReadOnlyList<string> path, int at, int count, bool alike)
    {
        var type = schema.Fields[path[at]].Type;
        if (at == path.Count - 1)
        {
            obj[path[at]] = type.Kind == SchemaKind.List
                ? new JsonArray([.. Enumerable.Range(0, count).Select(i => Value(type.Element!, alike ? 0 : i))])
                : new JsonObject(Enumerable.Range(0, count).Select(i => KeyValuePair.Create($"k{i}", Value(type.Element!, alike ? 0 : i))));
            return;
        }
        var child = Value(type.Kind == SchemaKind.List ? type.Element! : type, 0) as JsonObject ?? [];
        obj[path[at]] = type.Kind == SchemaKind.List ? new JsonArray(child) : child;
        Put(child, type.Kind == SchemaKind.List ? type.Element! : type, path, at + 1, count, alike);
    }

    // Something of the type; scalars of objects too, because names and keys are what elements are told apart by.
    private static JsonNode? Value(Schema type, int i, bool deep = true) => type.Kind switch
    {
        SchemaKind.String => $"v{i}",
        SchemaKind.Boolean => true,
        SchemaKind.Int32 or SchemaKind.Int64 or SchemaKind.Double => 1 + i,
        SchemaKind.IntOrString => 1 + i,
        SchemaKind.Bytes => "AAAA",
        SchemaKind.Time => "2024-05-01T12:00:00Z",
        SchemaKind.MicroTime => "2024-05-01T12:00:00.000000Z",
        SchemaKind.Quantity => $"{1 + i}",
        SchemaKind.Object when deep => new JsonObject(type.Fields.Values
            .Where(f => f.Type.Kind is not (SchemaKind.Object or SchemaKind.Map or SchemaKind.List or SchemaKind.Any))
            .Select(f => KeyValuePair.Create(f.Name, Value(f.Type, i, deep: false)))),
        SchemaKind.List => new JsonArray(),
        _ => new JsonObject(),
    };
}

using System.Text.Json.Nodes;
using ActorOrch.Resources.Decoding;

namespace ActorOrch.Resources.Patches;

/// <summary>One operation of a JSON patch.</summary>
internal sealed record JsonPatchOperation(string Op, JsonPointer? Path, JsonPointer? From, JsonNode? Value, bool HasValue)
{
    /// <summary>Throws 400 for what is not an operation at all; unknown ones and bad paths fail when they run.</summary>
    public static JsonPatchOperation Read(JsonNode? node)
    {
        if (node is not JsonObject operation)
            throw PatchErrors.Malformed($"error decoding patch: json: cannot unmarshal {(node is null ? "null" : TypeMeta.Describe(node))} into Go value of type handlers.jsonPatchOp");
        var hasValue = operation.TryGetPropertyValue("value", out var value);
        return new(Text(operation, "op") ?? "", Pointer(operation, "path"), Pointer(operation, "from"), value, hasValue);
    }

    /// <summary>Changes the document in place. Not done: it does not fit. The root is new where the operation replaced it.</summary>
    public (bool Done, JsonNode? Root) Run(JsonNode? root, PatchWork work)
    {
        if (Path is not { } path) return (false, root);
        return Op switch
        {
            "add" => HasValue ? Add(root, path, Value?.DeepClone(), work) : (false, root),
            "remove" => (Remove(root, path, work), root),
            "replace" => HasValue ? Replace(root, path, Value?.DeepClone(), work) : (false, root),
            "move" => Move(root, path, work),
            "copy" => Copy(root, path, work),
            "test" => (Test(root, path), root),
            _ => (false, root),
        };
    }

    private static (bool, JsonNode?) Add(JsonNode? root, JsonPointer path, JsonNode? value, PatchWork work)
    {
        if (!work.Fits(value, path.Depth + 1)) return (false, root);
        if (path.IsRoot) return (true, value);
        switch (path.Container(root))
        {
            case JsonObject map:
                map[path.Last] = value;
                return (true, root);
            case JsonArray list when path.Last == "-":
                list.Add(value);
                return (true, root);
            case JsonArray list when JsonPointer.TryIndex(path.Last, list.Count + 1, out var index):
                work.Shift(list);
                list.Insert(index, value);
                return (true, root);
            default:
                return (false, root);
        }
    }

    private static bool Remove(JsonNode? root, JsonPointer path, PatchWork work)
    {
        if (path.IsRoot) return false;
        switch (path.Container(root))
        {
            case JsonObject map:
                work.Shift(map);
                return map.Remove(path.Last);
            case JsonArray list when JsonPointer.TryIndex(path.Last, list.Count, out var index):
                work.Shift(list);
                list.RemoveAt(index);
                return true;
            default:
                return false;
        }
    }

    private static (bool, JsonNode?) Replace(JsonNode? root, JsonPointer path, JsonNode? value, PatchWork work)
    {
        if (!work.Fits(value, path.Depth + 1)) return (false, root);
        if (path.IsRoot) return (true, value);
        switch (path.Container(root))
        {
            case JsonObject map when map.ContainsKey(path.Last):
                map[path.Last] = value;
                return (true, root);
            case JsonArray list when JsonPointer.TryIndex(path.Last, list.Count, out var index):
                list[index] = value;
                return (true, root);
            default:
                return (false, root);
        }
    }

    private (bool, JsonNode?) Move(JsonNode? root, JsonPointer path, PatchWork work)
    {
        if (From is not { } from || !from.TryFind(root, out var value) || !Remove(root, from, work)) return (false, root);
        return Add(root, path, value, work);
    }

    private (bool, JsonNode?) Copy(JsonNode? root, JsonPointer path, PatchWork work)
    {
        if (From is not { } from || !from.TryFind(root, out var value) || !work.TryCopy(value, out var copy)) return (false, root);
        return Add(root, path, copy, work);
    }

    // A test for null holds where nothing is, too, as upstream's library has it.
    private bool Test(JsonNode? root, JsonPointer path) =>
        path.TryFind(root, out var found) ? JsonNode.DeepEquals(found, Value) : Value is null;

    private static JsonPointer? Pointer(JsonObject operation, string field) => Text(operation, field) is { } text ? JsonPointer.Parse(text) : null;

    private static string? Text(JsonObject operation, string field) => operation[field] switch
    {
        null => null,
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        var other => throw PatchErrors.Malformed(
            $"error decoding patch: json: cannot unmarshal {TypeMeta.Describe(other)} into Go struct field jsonPatchOp.{field} of type string"),
    };
}

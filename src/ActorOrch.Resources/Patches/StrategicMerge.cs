using System.Text.Json.Nodes;
using ActorOrch.Resources.Kinds;
using ActorOrch.Resources.Schemas;

namespace ActorOrch.Resources.Patches;

/// <summary>The recursion of a strategic merge. Objects are merged in place; of the patch only copies are taken.</summary>
internal static class StrategicMerge
{
    /// <summary>Merges <paramref name="patch"/> into <paramref name="target"/> and returns what stands there now.</summary>
    /// <param name="schema">Null where nothing is known: then objects merge and lists are replaced.</param>
    public static JsonObject Objects(JsonObject target, JsonObject patch, Schema? schema)
    {
        switch (PatchDirectives.Of(patch))
        {
            case "delete":
                return [];
            case "replace":
                target = [];
                break;
        }
        RetainKeys(target, patch);
        foreach (var (name, value) in patch)
        {
            if (!name.StartsWith(PatchDirectives.SetElementOrder, StringComparison.Ordinal)) continue;
            OrderedList(target, patch, name[PatchDirectives.SetElementOrder.Length..], value, schema);
        }
        List<string>? removed = null;
        foreach (var (name, value) in patch)
        {
            if (name is PatchDirectives.Patch or PatchDirectives.RetainKeys || name.StartsWith(PatchDirectives.SetElementOrder, StringComparison.Ordinal)) continue;
            if (name.StartsWith(PatchDirectives.DeleteFromPrimitiveList, StringComparison.Ordinal))
                DeleteScalars(target, name[PatchDirectives.DeleteFromPrimitiveList.Length..], value);
            else if (patch.ContainsKey(PatchDirectives.SetElementOrder + name))
                continue;
            else if (value is null)
                (removed ??= []).Add(name);
            else
                Field(target, name, value, schema);
        }
        if (removed is not null) target.RemoveAll(removed);
        return target;
    }

    private static void Field(JsonObject target, string name, JsonNode value, Schema? schema)
    {
        var (type, rule) = Lookup(schema, name);
        switch (value)
        {
            case JsonObject changes when !rule.Replaces:
                var into = target[name] as JsonObject;
                // Nothing there to delete: nothing is made either.
                if (into is null && PatchDirectives.Of(changes) == "delete") break;
                var merged = Objects(into ?? [], changes, type);
                if (!ReferenceEquals(merged, into)) target[name] = merged;
                break;
            case JsonArray changes when rule.Merges:
                target[name] = StrategicLists.Merge(Drain(target[name]), changes, rule, type?.Element).AsJson();
                break;
            default:
                target[name] = value.DeepClone();
                break;
        }
    }

    private static void OrderedList(JsonObject target, JsonObject patch, string name, JsonNode? order, Schema? schema)
    {
        if (order is not JsonArray wanted) throw PatchErrors.Malformed("invalid patch format of setElementOrder list");
        var (type, rule) = Lookup(schema, name);
        if (type is null) throw PatchErrors.Malformed($"unable to find api field in struct {schema?.Name} for the json field \"{name}\"");
        var found = target[name] is not null;
        var changes = patch[name] as JsonArray;
        if (changes is null && patch[name] is not null) throw PatchErrors.Malformed("invalid patch format of setElementOrder list");
        if (!found && changes is null) return;
        if (changes is not null) StrategicLists.RequireSameOrder(changes, wanted, rule.MergeKey);
        target[name] = StrategicLists.MergeInOrder(Drain(target[name]), changes, wanted, rule, type.Element).AsJson();
    }

    private static void DeleteScalars(JsonObject target, string name, JsonNode? value)
    {
        if (value is not JsonArray unwanted) throw PatchErrors.Malformed("invalid patch format of primitive list");
        if (target[name] is not JsonArray list) return;
        target[name] = StrategicLists.Without(Drain(list), unwanted).AsJson();
    }

    private static void RetainKeys(JsonObject target, JsonObject patch)
    {
        if (!patch.TryGetPropertyValue(PatchDirectives.RetainKeys, out var directive)) return;
        if (directive is not JsonArray list) throw PatchErrors.Malformed("invalid patch format of retainKeys");
        var retained = new HashSet<string>(list.Count);
        foreach (var key in list)
            if (key is JsonValue value && value.TryGetValue<string>(out var text)) retained.Add(text);
        foreach (var (name, value) in patch)
        {
            if (value is null || name is PatchDirectives.Patch or PatchDirectives.RetainKeys || PatchDirectives.IsParallelList(name)) continue;
            if (!retained.Contains(name)) throw PatchErrors.Malformed("invalid patch format of retainKeys");
        }
        target.RemoveWhere(name => !retained.Contains(name));
    }

    private static (Schema? Type, PatchRule Rule) Lookup(Schema? schema, string name) => schema switch
    {
        { Kind: SchemaKind.Map } => (schema.Element, PatchRule.None),
        not null when schema.TryGetField(name, out var field) => (field.Type, field.Patch),
        _ => (null, PatchRule.None),
    };

    // The elements, free to be put elsewhere.
    private static List<JsonNode?> Drain(JsonNode? node)
    {
        if (node is not JsonArray list) return [];
        var items = list.ToList();
        list.Clear();
        return items;
    }

    private static JsonArray AsJson(this List<JsonNode?> items) => new([.. items]);
}

using System.Text.Json.Nodes;
using ActorOrch.Resources.Schemas;

namespace ActorOrch.Resources.FieldOwnership;

/// <summary>What a document becomes when another is applied onto it: fields, entries and elements side by side, all else replaced.</summary>
internal static class DocumentMerge
{
    /// <summary>A document of its own; neither of the two is changed.</summary>
    public static JsonObject Merge(JsonObject live, JsonObject applied, Schema schema) => Fields(live, applied, FieldType.Root(schema));

    private static JsonNode? Node(JsonNode? live, JsonNode applied, FieldType type) => type.Of(live, applied) switch
    {
        Granularity.Fields => Fields(live as JsonObject ?? [], (JsonObject)applied, type),
        Granularity.Keyed => Items(live as JsonArray ?? [], (JsonArray)applied, type, Granularity.Keyed),
        Granularity.Set => Items(live as JsonArray ?? [], (JsonArray)applied, type, Granularity.Set),
        _ => applied.DeepClone(),
    };

    private static JsonObject Fields(JsonObject live, JsonObject applied, FieldType type)
    {
        var result = new JsonObject();
        foreach (var (name, value) in live)
            result[name] = applied[name] is { } wanted ? Node(value, wanted, type[name]) : value?.DeepClone();
        foreach (var (name, value) in applied)
            if (value is not null && !live.ContainsKey(name)) result[name] = Node(null, value, type[name]);
        return result;
    }

    // The order is that of what is applied; elements that only the live list has keep their place between those they share.
    private static JsonArray Items(JsonArray live, JsonArray applied, FieldType type, Granularity granularity)
    {
        var (theirs, ours) = (Steps(live, type, granularity), Steps(applied, type, granularity));
        var (wanted, there) = (ours.ToHashSet(StringComparer.Ordinal), FirstOf(theirs));
        var (result, done) = (new JsonArray(), new HashSet<string>(StringComparer.Ordinal));
        int l = 0, a = 0, shared = 0;
        while (l < live.Count || a < applied.Count)
        {
            if (l < live.Count)
            {
                if (!wanted.Contains(theirs[l]))
                {
                    result.Add(live[l++]?.DeepClone());
                    continue;
                }
                if (done.Contains(theirs[l]) || theirs[l] != NextShared())
                {
                    l++;
                    continue;
                }
            }
            var step = ours[a];
            done.Add(step);
            result.Add(Node(there.TryGetValue(step, out var at) ? live[at] : null, applied[a]!, type.Element));
            a++;
        }
        return result;

        string? NextShared()
        {
            // Only ever forward, or many elements would be looked through for each.
            shared = Math.Max(shared, a);
            while (shared < ours.Count && !there.ContainsKey(ours[shared])) shared++;
            return shared < ours.Count ? ours[shared] : null;
        }
    }

    private static List<string> Steps(JsonArray items, FieldType type, Granularity granularity) =>
        items.Select(item => type.StepTo(item, granularity)).ToList();

    private static Dictionary<string, int> FirstOf(List<string> steps)
    {
        var first = new Dictionary<string, int>(steps.Count, StringComparer.Ordinal);
        for (var i = 0; i < steps.Count; i++) first.TryAdd(steps[i], i);
        return first;
    }

    /// <summary>A document of its own without the fields of a set. A map or list that is left empty is removed, too.</summary>
    public static JsonObject Remove(JsonObject document, FieldSet gone, Schema schema) => RemoveFields(document, gone, FieldType.Root(schema));

    private static JsonNode? RemoveBelow(JsonNode? value, FieldSet gone, FieldType type)
    {
        if (gone.IsEmpty || value is null) return value?.DeepClone();
        var granularity = type.Of(value, null);
        JsonNode? left = granularity switch
        {
            Granularity.Fields => RemoveFields((JsonObject)value, gone, type),
            Granularity.Keyed or Granularity.Set => RemoveItems((JsonArray)value, gone, type, granularity),
            _ => value.DeepClone(),
        };
        // An object without fields is one still; a map or list without entries is as good as none.
        var isNone = left is JsonArray { Count: 0 } || (left is JsonObject { Count: 0 } && type.Schema?.Kind == SchemaKind.Map);
        return isNone && granularity != Granularity.Whole ? null : left;
    }

    private static JsonObject RemoveFields(JsonObject obj, FieldSet gone, FieldType type)
    {
        var result = new JsonObject();
        foreach (var (name, value) in obj)
        {
            var step = PathElement.Field(name);
            if (gone.Has(step)) continue;
            if (RemoveBelow(value, gone.Below(step), type[name]) is { } left) result[name] = left;
        }
        return result;
    }

    private static JsonArray RemoveItems(JsonArray items, FieldSet gone, FieldType type, Granularity granularity)
    {
        var result = new JsonArray();
        foreach (var item in items)
        {
            var step = type.StepTo(item, granularity);
            if (!gone.Has(step)) result.Add(RemoveBelow(item, gone.Below(step), type.Element) ?? new JsonObject());
        }
        return result;
    }
}

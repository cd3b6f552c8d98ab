using System.Text;
using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Decoding;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Kinds;
using ActorOrch.Resources.Objects;
using ActorOrch.Resources.Patches;

namespace ActorOrch.Resources.Tests.Kinds;

/// <summary>
/// Every list and every map of every kind, long: reading it, its defaults, its validation, its columns, its patches and its updates cost in
/// proportion to it. A new kind or a new rule is measured with no word added here.
/// </summary>
public class LongDocumentTests
{
    private static readonly DateTimeOffset Now = new(2024, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private const int Length = 500;

    public static TheoryData<string> Kinds => [.. BuiltIn.All.Select(t => t.Kind)];

    [Theory, MemberData(nameof(Kinds))]
    public void Whatever_is_done_with_an_object_costs_in_proportion(string kind)
    {
        var fields = LongDocuments.Fields().Where(f => f.Type.Kind == kind).ToList();
        Assert.NotEmpty(fields);
        foreach (var field in fields)
            foreach (var alike in (bool[])[false, true])
                Complexity.IsNotSquare(Length, n => Lifetime(field, n, alike), $"{field}{(alike ? ", all alike" : "")}");
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Merging_costs_in_proportion(string kind)
    {
        foreach (var field in LongDocuments.Fields().Where(f => f.Type.Kind == kind && !f.Path.Contains("template")))
        {
            Complexity.IsNotSquare(Length, n => Merge(field, n, Changes), $"{field} merged");
            Complexity.IsNotSquare(Length, n => Merge(field, n, Deletions), $"{field} with deletions");
            Complexity.IsNotSquare(Length, n => Merge(field, n, Ordered), $"{field} in order");
        }
    }

    // What the API does with a document from its body to its answers.
    private static Action Lifetime(LongField field, int count, bool alike)
    {
        var type = field.Type;
        var body = Encoding.UTF8.GetBytes(LongDocuments.Make(field, count, alike).ToJsonString());
        var old = LongDocuments.Make(field, count, !alike);
        type.Rules.Default(old);
        return () =>
        {
            var obj = Refusable(() => ObjectDecoder.Decode(body, "application/json", type).Object);
            if (obj is null) return;
            type.Rules.Default(obj);
            var errors = new FieldErrors();
            var (root, before) = (Field.Root(obj), Field.Root(old));
            ObjectMetaValidation.Validate(type, root, errors);
            ObjectMetaValidation.ValidateUpdate(root, before, errors);
            type.Rules.Validate(root, errors);
            type.Rules.ValidateCreate(root, errors);
            type.Rules.ValidateUpdate(root, before, errors);
            type.Rules.ValidateStatusUpdate(root, before, errors);
            foreach (var _ in type.Rules.Warnings(obj))
            {
                // Enumerated, as the API does.
            }
            foreach (var _ in type.Rules.Claims(obj))
            {
                // Likewise.
            }
            type.Rules.PrepareForUpdate(obj, old);
            type.Rules.PrepareForStatusUpdate(obj, old);
            var stored = new StoredObject(type, new("default", "long"), 1, ObjectDraft.Encode(obj).AtRevision(1));
            foreach (var selector in type.Rules.FieldSelectors.Values) selector(stored);
            Assert.Equal("long", stored.Meta.Name);
            // Columns are made of objects that validation has let through.
            if (errors.Any) return;
            foreach (var column in type.Columns) column.Cell(stored, Now);
        };
    }

    private static Action Merge(LongField field, int count, Func<LongField, JsonObject, JsonObject> patchOf)
    {
        var current = LongDocuments.Make(field, count, alike: false);
        var patch = patchOf(field, LongDocuments.Make(field, count, alike: false));
        return () =>
        {
            Refusable(() => StrategicMergePatch.Apply(current, patch, field.Type));
            Refusable(() => MergePatch.Apply(current, patch, field.Type));
        };
    }

    private static JsonObject Changes(LongField field, JsonObject patch) => patch;

    // Each element of a list as a directive to delete it, each entry of a map as null.
    private static JsonObject Deletions(LongField field, JsonObject patch)
    {
        var holder = Holder(field, patch);
        var name = field.Path[^1];
        if (holder[name] is JsonObject map)
            foreach (var (key, _) in map.ToArray()) map[key] = null;
        else if (holder[name] is JsonArray { Count: > 0 } list && list[0] is JsonObject)
            foreach (var item in list) item!["$patch"] = "delete";
        else
        {
            var items = holder[name]!.DeepClone();
            holder.Remove(name);
            holder["$deleteFromPrimitiveList/" + name] = items;
        }
        return patch;
    }

    private static JsonObject Ordered(LongField field, JsonObject patch)
    {
        var holder = Holder(field, patch);
        if (holder[field.Path[^1]] is JsonArray list) holder["$setElementOrder/" + field.Path[^1]] = list.DeepClone();
        else holder["$retainKeys"] = new JsonArray([.. holder.Select(f => (JsonNode)f.Key)]);
        return patch;
    }

    private static JsonObject Holder(LongField field, JsonObject root) =>
        field.Path.SkipLast(1).Aggregate(root, (obj, name) => obj[name] switch
        {
            JsonArray list => list[0]!.AsObject(),
            var child => child!.AsObject(),
        });

    private static T? Refusable<T>(Func<T> work) where T : class
    {
        try
        {
            return work();
        }
        catch (ApiException refused)
        {
            Assert.InRange(refused.Code, 400, 499);
            return null;
        }
    }
}

using System.Text.Json;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.FieldOwnership;
using ActorOrch.Resources.OpenApi;
using ActorOrch.Resources.Schemas;

namespace ActorOrch.Resources.Tests.FieldOwnership;

/// <summary>What is published of a field is how it is applied.</summary>
public class SchemaAgreementTests
{
    [Fact]
    public void Every_list_and_map_is_applied_as_it_is_published()
    {
        using var document = JsonDocument.Parse(OpenApiDocuments.V2(BuiltIn.All).Json);
        var definitions = document.RootElement.GetProperty("definitions");
        var seen = 0;
        foreach (var (name, schema) in Schemas())
        {
            if (!definitions.TryGetProperty(name, out var definition)) continue;
            Assert.Equal(schema.IsAtomic, definition.TryGetProperty("x-kubernetes-map-type", out _));
            foreach (var field in schema.Fields.Values.Where(f => f.Type.Kind is SchemaKind.List or SchemaKind.Map))
            {
                var published = definition.GetProperty("properties").GetProperty(field.Name);
                var key = field.Type.Kind == SchemaKind.List ? "x-kubernetes-list-type" : "x-kubernetes-map-type";
                var value = published.TryGetProperty(key, out var type) ? type.GetString() : "granular";
                Assert.Equal((name, field.Name, Applied(new(field.Type, field.Patch))), (name, field.Name, value));
                seen++;
            }
        }
        Assert.True(seen > 100, $"{seen} fields");

        static string Applied(FieldType type) => type.Of(null, null) switch
        {
            Granularity.Keyed => "map",
            Granularity.Set => "set",
            Granularity.Fields => "granular",
            _ => "atomic",
        };
    }

    [Fact]
    public void What_upstream_embeds_is_a_field_of_its_class()
    {
        foreach (var (model, name) in OwnershipRules.EmbeddedFields) Assert.True(Schema.Of(model).TryGetField(name, out _), $"{model.Name}.{name}");
    }

    [Fact]
    public void Keys_of_lists_are_scalars_of_their_elements()
    {
        foreach (var (_, schema) in Schemas())
            foreach (var field in schema.Fields.Values)
                foreach (var key in field.Patch.ListKeys)
                    Assert.True(field.Type.Element!.TryGetField(key, out var found) && found.Type.Kind is SchemaKind.String or SchemaKind.Int32, $"{schema.Name}.{field.Name}: {key}");
    }

    // All objects that the kinds are made of, with the names by which they are published.
    private static IEnumerable<(string Name, Schema Schema)> Schemas()
    {
        var (found, left) = (new HashSet<Schema>(), new Stack<(Schema Schema, string Group)>(BuiltIn.All.Select(t => (Schema.Of(t), t.Group))));
        while (left.TryPop(out var next))
        {
            var (schema, group) = next;
            if (schema.Element is { } element) left.Push((element, group));
            if (schema.Model is not { } model || !found.Add(schema)) continue;
            group = DefinitionNames.GroupOf(model, group);
            yield return (DefinitionNames.Of(model, group), schema);
            foreach (var field in schema.Fields.Values) left.Push((field.Type, group));
        }
    }
}

using System.Text;
using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.CustomKinds;
using ActorOrch.Resources.Decoding;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;
using ActorOrch.Resources.Patches;
using ActorOrch.Resources.Versions;
using ActorOrch.Testing;

namespace ActorOrch.Resources.Tests.CustomKinds;

public sealed class CustomKindTests
{
    private static readonly ResourceType Widgets = CustomKind.Read(CustomDefinitions.Widgets());

    [Fact]
    public void A_kind_is_what_its_definition_says()
    {
        Assert.Equal(("example.com/v1", "Widget", "WidgetList", "widgets", "widget"), (Widgets.ApiVersion, Widgets.Kind, Widgets.ListKind, Widgets.Plural, Widgets.Singular));
        Assert.True(Widgets is { Namespaced: true, IsServed: true, IsTerminating: false, IsInternal: false, Model: null });
        Assert.Equal(["Name", "Replicas", "Ready", "Age"], Widgets.Columns.Select(c => c.Name));
        Assert.Equal(["status", "scale"], Widgets.Subresources.Select(s => s.Name));
    }

    [Fact]
    public void What_changes_in_a_definition_changes_its_fingerprint()
    {
        var other = CustomDefinitions.Widgets();
        other["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!["description"] = "Another.";
        Assert.NotEqual(Widgets.Fingerprint, CustomKind.Read(other).Fingerprint);
        Assert.Equal(Widgets.Fingerprint, CustomKind.Read(CustomDefinitions.Widgets()).Fingerprint);
    }

    [Theory]
    [InlineData("""{"spec":{"group":""}}""", "spec.group: Required value")]
    [InlineData("""{"metadata":{"name":"other"}}""", "metadata.name: must be spec.names.plural+\".\"+spec.group: widgets.example.com")]
    [InlineData("""{"spec":{"scope":"World"}}""", "spec.scope: Unsupported value: \"World\": supported values: \"Cluster\", \"Namespaced\"")]
    [InlineData("""{"spec":{"versions":[]}}""", "spec.versions: must have exactly one version marked as storage version")]
    [InlineData("""{"spec":{"versions":[{"name":"v1","storage":true,"additionalPrinterColumns":[{"name":"X","type":"string","jsonPath":"spec"}]}]}}""", "\"spec\" is no JSON path that is supported")]
    public void What_defines_no_kind_is_refused_with_the_field(string change, string message)
    {
        var definition = MergePatch.Apply(CustomDefinitions.Widgets(), JsonNode.Parse(change)!, BuiltIn.CustomResourceDefinitions);
        Assert.Equal(message, Assert.Throws<FormatException>(() => CustomKind.Read(definition)).Message);
    }

    [Theory]
    [InlineData("""{"type":"object","properties":{"spec":{"type":"array","uniqueItems":true}}}""",
        "properties[spec].uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic")]
    [InlineData("""{"type":"object","properties":{"spec":{"anyOf":[{},{"$ref":"#/x"}]}}}""", "properties[spec].anyOf[1].$ref: Forbidden: $ref is not supported")]
    [InlineData("""{"type":"object","additionalProperties":{"patternProperties":{}}}""", "additionalProperties.patternProperties: Forbidden: patternProperties is not supported")]
    [InlineData("""{"type":"object","properties":{"spec":{"type":"array","items":{"pattern":"(a"}}}}""", "properties[spec].items.pattern: Invalid value: \"(a\": must be a valid regular expression")]
    public void A_schema_with_what_nobody_would_check_is_refused(string schema, string message)
    {
        var definition = CustomDefinitions.Widgets();
        definition["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"] = JsonNode.Parse(schema);
        var errors = new FieldErrors();
        BuiltIn.CustomResourceDefinitions.Rules.Validate(Field.Root(definition), errors);
        Assert.Equal([$"spec.versions[0].schema.openAPIV3Schema.{message}"], errors.All.Select(e => e.ToString()));
    }

    [Fact]
    public void Versions_are_in_the_order_in_which_clients_prefer_them() => Assert.Equal(
        ["v10", "v2", "v1", "v11beta2", "v10beta3", "v3beta1", "v12alpha1", "v11alpha2", "foo1", "foo10"],
        new[] { "foo10", "v11alpha2", "v1", "foo1", "v10beta3", "v3beta1", "v2", "v12alpha1", "v10", "v11beta2" }.Order(VersionOrder.NewestFirst));

    [Fact]
    public void What_the_schema_does_not_know_goes_and_is_named_and_all_else_stays_as_it_was_written()
    {
        const string body = """
            {"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"a","odd":1},"odd":2,"spec":{"size":5,"odd":{},"note":null,"args":[],"labels":{},
            "free":{"odd":1,"known":{"a":"x","odd":2}},"template":{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","odd":3},"spec":{"odd":4}},"parts":[{"name":"x","odd":5}]}}
            """;
        var decoded = ObjectDecoder.Decode(Encoding.UTF8.GetBytes(body), "application/json", Widgets);
        Assert.Equal(
            """{"size":5,"note":null,"args":[],"labels":{},"free":{"odd":1,"known":{"a":"x"}},"template":{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"odd":4}},"parts":[{"name":"x"}]}""",
            decoded.Object["spec"]!.ToJsonString());
        Assert.Equal(
            [
                "unknown field \"metadata.odd\"", "unknown field \"odd\"", "unknown field \"spec.free.known.odd\"", "unknown field \"spec.odd\"", "unknown field \"spec.parts[0].odd\"",
                "unknown field \"spec.template.metadata.odd\"",
            ],
            decoded.StrictErrors.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Defaults_come_from_the_schema_wherever_it_has_one()
    {
        var obj = Document("""{"size":"small","replicas":null,"parts":[{"name":"x"},{"name":"y","weight":1}]}""");
        Widgets.Rules.Default(obj);
        Assert.Equal("""{"size":"small","replicas":1,"parts":[{"name":"x","weight":10},{"name":"y","weight":1}],"enabled":true}""", obj["spec"]!.ToJsonString());
    }

    [Fact]
    public void Objects_that_were_stored_before_a_default_was_added_show_it()
    {
        var definition = CustomDefinitions.Widgets();
        ((JsonObject)definition["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!["properties"]!["spec"]!["properties"]!["size"]!)["default"] = "large";
        var now = CustomKind.Read(definition);
        var stored = Stored("""{"replicas":1,"enabled":true}""");
        Assert.Same(stored, Widgets.FromStorage(stored));
        Assert.Equal("""{"replicas":1,"enabled":true,"size":"large"}""", now.FromStorage(stored).ToJson()["spec"]!.ToJsonString());
        Assert.Equal(stored.Revision, now.FromStorage(stored).Revision);
        Assert.Equal("large", now.FromStorage(stored.ToJson())["spec"]!["size"]!.GetValue<string>());
        // What has it all is answered as it is, and looked through once.
        var complete = Stored("""{"replicas":1,"enabled":true,"size":"small"}""");
        Assert.Same(complete, now.FromStorage(complete));
        Assert.True(complete.IsComplete(now.Schema!));
    }

    [Fact]
    public void Reading_costs_nothing_where_a_kind_has_no_defaults()
    {
        var definition = CustomDefinitions.Widgets();
        definition["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"] = new JsonObject { ["type"] = "object", ["x-kubernetes-preserve-unknown-fields"] = true };
        var plain = CustomKind.Read(definition);
        var stored = Stored("{}");
        Assert.Same(stored, plain.FromStorage(stored));
        Assert.False(stored.IsComplete(plain.Schema!));
    }

    [Theory]
    [InlineData("""{"size":"small"}""")]
    [InlineData("""{"size":"small","replicas":3,"ratio":0.5,"enabled":false,"port":"http","note":null,"limits":{"cpu":1},"tags":["a","b"],"parts":[{"name":"a"},{"name":"b"}]}""")]
    [InlineData("""{}""", "spec.size: Required value")]
    [InlineData("""{"size":"huge"}""", "spec.size: Unsupported value: \"huge\": supported values: \"small\", \"large\"")]
    [InlineData("""{"size":"small","replicas":"3"}""", "spec.replicas: Invalid value: \"string\": spec.replicas in body must be of type integer: \"string\"")]
    [InlineData("""{"size":"small","replicas":1.5}""", "spec.replicas: Invalid value: \"number\": spec.replicas in body must be of type integer: \"number\"")]
    [InlineData("""{"size":"small","replicas":-1}""", "spec.replicas: Invalid value: -1: spec.replicas in body should be greater than or equal to 0")]
    [InlineData("""{"size":"small","args":null}""", "spec.args: Invalid value: \"null\": spec.args in body must be of type array: \"null\"")]
    [InlineData("""{"size":"small","args":[1]}""", "spec.args[0]: Invalid value: \"integer\": spec.args[0] in body must be of type string: \"integer\"")]
    [InlineData("""{"size":"small","labels":{"a":true}}""", "spec.labels.a: Invalid value: \"boolean\": spec.labels.a in body must be of type string: \"boolean\"")]
    [InlineData("""{"size":"small","note":"Loud"}""", "spec.note: Invalid value: \"Loud\": spec.note in body should match '^[a-z ]*$'")]
    [InlineData("""{"size":"small","tags":["a","a"]}""", "spec.tags[1]: Duplicate value: \"a\"")]
    [InlineData("""{"size":"small","port":true}""", "spec.port: Invalid value: \"boolean\": spec.port in body must be of type integer,string: \"boolean\"")]
    public void Objects_are_checked_against_the_schema(string spec, params string[] wrong)
    {
        var errors = new FieldErrors();
        Widgets.Rules.Validate(Field.Root(Document(spec)), errors);
        Assert.Equal(wrong, errors.All.Select(e => e.ToString()));
    }

    [Fact]
    public void Any_document_can_be_decoded_defaulted_and_checked()
    {
        var random = new Random(7);
        for (var i = 0; i < 500; i++)
        {
            var spec = Nodes.Random(random, ["size", "replicas", "parts", "labels", "free", "template", "tags", "args", "note", "odd", "name", "weight"]);
            var body = new JsonObject { ["apiVersion"] = "example.com/v1", ["kind"] = "Widget", ["metadata"] = new JsonObject { ["name"] = "a" }, ["spec"] = spec };
            var decoded = ObjectDecoder.Decode(Encoding.UTF8.GetBytes(body.ToJsonString()), "application/json", Widgets).Object;
            Widgets.Rules.Default(decoded);
            Widgets.Rules.Validate(Field.Root(decoded), new());
            // Again nothing is dropped or added.
            var again = (JsonObject)decoded.DeepClone();
            Assert.Empty(SchemaCheck.Normalize(again, Widgets));
            Widgets.Rules.Default(again);
            Assert.True(JsonNode.DeepEquals(decoded, again), $"{decoded.ToJsonString()}\n{again.ToJsonString()}");
        }
    }

    private static StoredObject Stored(string spec)
    {
        var document = Document(spec);
        document["metadata"]!["resourceVersion"] = "7";
        return StoredObject.FromJson(Widgets, Encoding.UTF8.GetBytes(document.ToJsonString()));
    }

    private static JsonObject Document(string spec) =>
        new() { ["apiVersion"] = "example.com/v1", ["kind"] = "Widget", ["metadata"] = new JsonObject { ["name"] = "a" }, ["spec"] = JsonNode.Parse(spec) };

    private static class Nodes
    {
        public static JsonNode? Random(Random random, string[] names, int depth = 0) => random.Next(depth > 4 ? 4 : 6) switch
        {
            0 => JsonValue.Create(names[random.Next(names.Length)]),
            1 => JsonValue.Create(random.Next(-3, 20)),
            2 => JsonValue.Create(random.Next(2) == 0),
            3 => null,
            4 => new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => Random(random, names, depth + 1))]),
            _ => new JsonObject(Enumerable.Range(0, random.Next(5)).Select(_ => names[random.Next(names.Length)]).Distinct().Select(n => KeyValuePair.Create(n, Random(random, names, depth + 1)))),
        };
    }
}

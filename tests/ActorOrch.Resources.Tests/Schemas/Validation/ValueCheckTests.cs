using System.Text.Json;
using System.Text.Json.Nodes;
using ActorOrch.Resources.CustomKinds;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Schemas;

namespace ActorOrch.Resources.Tests.Schemas.Validation;

public sealed class ValueCheckTests
{
    [Theory]
    [InlineData("""{"type":"string"}""", "\"a\"")]
    [InlineData("""{"type":"string"}""", "1", "spec.x: Invalid value: \"integer\": spec.x in body must be of type string: \"integer\"")]
    [InlineData("""{"type":"string"}""", "{}", "spec.x: Invalid value: \"object\": spec.x in body must be of type string: \"object\"")]
    [InlineData("""{"type":"string"}""", "null", "spec.x: Invalid value: \"null\": spec.x in body must be of type string: \"null\"")]
    [InlineData("""{"type":"string","nullable":true}""", "null")]
    [InlineData("""{"type":"integer"}""", "\"a\"", "spec.x: Invalid value: \"string\": spec.x in body must be of type integer: \"string\"")]
    [InlineData("""{"type":"integer"}""", "1.0")]
    [InlineData("""{"type":"integer"}""", "1.5", "spec.x: Invalid value: \"number\": spec.x in body must be of type integer: \"number\"")]
    [InlineData("""{"type":"integer"}""", "1e30", "spec.x: Invalid value: \"number\": spec.x in body must be of type integer: \"number\"")]
    [InlineData("""{"type":"number"}""", "3")]
    [InlineData("""{"type":"boolean"}""", "[]", "spec.x: Invalid value: \"array\": spec.x in body must be of type boolean: \"array\"")]
    [InlineData("""{"type":"array","items":{"type":"string"}}""", "[\"a\",1,null]",
        "spec.x[1]: Invalid value: \"integer\": spec.x[1] in body must be of type string: \"integer\"", "spec.x[2]: Invalid value: \"null\": spec.x[2] in body must be of type string: \"null\"")]
    [InlineData("""{"x-kubernetes-int-or-string":true}""", "\"10%\"")]
    [InlineData("""{"x-kubernetes-int-or-string":true}""", "10")]
    [InlineData("""{"x-kubernetes-int-or-string":true}""", "1.5", "spec.x: Invalid value: \"number\": spec.x in body must be of type integer,string: \"number\"")]
    [InlineData("""{"x-kubernetes-preserve-unknown-fields":true}""", "[1,{\"a\":null}]")]
    public void Types(string schema, string value, params string[] wrong) => Assert.Equal(wrong, Check(schema, value));

    [Theory]
    [InlineData("""{"type":"string","enum":["a","b"]}""", "\"a\"")]
    [InlineData("""{"type":"string","enum":["a","b"]}""", "\"c\"", "spec.x: Unsupported value: \"c\": supported values: \"a\", \"b\"")]
    [InlineData("""{"type":"string","enum":["a"]}""", "3",
        "spec.x: Invalid value: \"integer\": spec.x in body must be of type string: \"integer\"", "spec.x: Unsupported value: 3: supported values: \"a\"")]
    [InlineData("""{"enum":[1,{"a":"b"},null]}""", "2", "spec.x: Unsupported value: 2: supported values: \"1\", \"{\"a\":\"b\"}\", \"null\"")]
    [InlineData("""{"enum":[1,{"a":"b"}]}""", "{\"a\":\"b\"}")]
    [InlineData("""{"type":"string","nullable":true,"enum":["a"]}""", "null", "spec.x: Unsupported value: \"null\": supported values: \"a\"")]
    [InlineData("""{"type":"string","nullable":true,"enum":["a",null]}""", "null")]
    public void Enums(string schema, string value, params string[] wrong) => Assert.Equal(wrong, Check(schema, value));

    [Theory]
    [InlineData("""{"type":"string","minLength":2}""", "\"a\"", "spec.x: Invalid value: \"a\": spec.x in body should be at least 2 chars long")]
    [InlineData("""{"type":"string","maxLength":2}""", "\"abc\"", "spec.x: Too long: may not be more than 2 bytes")]
    [InlineData("""{"type":"string","maxLength":1}""", "\"\\ud83d\\ude00\"")]
    [InlineData("""{"type":"string","maxLength":1}""", "\"e\\u0301\"", "spec.x: Too long: may not be more than 1 byte")]
    [InlineData("""{"type":"string","pattern":"^[a-z]+$"}""", "\"A\"", "spec.x: Invalid value: \"A\": spec.x in body should match '^[a-z]+$'")]
    [InlineData("""{"type":"string","pattern":"(a"}""", "\"a\"", "spec.x: Invalid value: \"a\": spec.x in body should match '(a, but pattern is invalid'")]
    [InlineData("""{"type":"string","format":"date-time"}""", "\"yesterday\"", "spec.x: Invalid value: \"yesterday\": spec.x in body must be of type date-time: \"yesterday\"")]
    [InlineData("""{"type":"string","format":"ipv4"}""", "\"::1\"", "spec.x: Invalid value: \"::1\": spec.x in body must be of type ipv4: \"::1\"")]
    [InlineData("""{"type":"string","format":"odd"}""", "\"anything\"")]
    [InlineData("""{"type":"object","format":"date"}""", "{}")]
    [InlineData("""{"format":"date"}""", "7")]
    public void Texts(string schema, string value, params string[] wrong) => Assert.Equal(wrong, Check(schema, value));

    [Theory]
    [InlineData("""{"type":"integer","minimum":1}""", "0", "spec.x: Invalid value: 0: spec.x in body should be greater than or equal to 1")]
    [InlineData("""{"type":"integer","minimum":1,"exclusiveMinimum":true}""", "1", "spec.x: Invalid value: 1: spec.x in body should be greater than 1")]
    [InlineData("""{"type":"integer","maximum":65535}""", "70000", "spec.x: Invalid value: 70000: spec.x in body should be less than or equal to 65535")]
    [InlineData("""{"type":"integer","maximum":2,"exclusiveMaximum":true}""", "2", "spec.x: Invalid value: 2: spec.x in body should be less than 2")]
    [InlineData("""{"type":"number","minimum":0.5}""", "0.25", "spec.x: Invalid value: 0.25: spec.x in body should be greater than or equal to 0.5")]
    [InlineData("""{"type":"number","maximum":1000000}""", "1000000.5", "spec.x: Invalid value: 1.0000005e+06: spec.x in body should be less than or equal to 1e+06")]
    [InlineData("""{"type":"integer","maximum":9223372036854775807}""", "9223372036854775807")]
    [InlineData("""{"type":"integer","multipleOf":5}""", "12", "spec.x: Invalid value: 12: spec.x in body should be a multiple of 5")]
    [InlineData("""{"type":"integer","multipleOf":0.5}""", "12")]
    [InlineData("""{"type":"number","multipleOf":0.1}""", "0.3")]
    [InlineData("""{"type":"number","multipleOf":0.1}""", "0.35", "spec.x: Invalid value: 0.35: spec.x in body should be a multiple of 0.1")]
    [InlineData("""{"type":"number","multipleOf":0}""", "1", "spec.x: Invalid value: 0: factor MultipleOf declared for spec.x must be positive: 0")]
    [InlineData("""{"type":"integer","format":"int32"}""", "2147483647")]
    [InlineData("""{"type":"integer","format":"int32"}""", "2147483648", "<nil>: Invalid value: \"\": Checked value must be of type integer with format int32 in spec.x")]
    [InlineData("""{"type":"integer","format":"int64"}""", "9223372036854775807")]
    [InlineData("""{"type":"number","format":"float"}""", "3.5e38", "<nil>: Invalid value: \"\": Checked value must be of type number with format float in spec.x")]
    [InlineData("""{"type":"number","format":"double"}""", "3.5e38")]
    public void Numbers(string schema, string value, params string[] wrong) => Assert.Equal(wrong, Check(schema, value));

    [Theory]
    [InlineData("""{"type":"array","minItems":1,"items":{"type":"string"}}""", "[]", "spec.x: Invalid value: 0: spec.x in body should have at least 1 items")]
    [InlineData("""{"type":"array","maxItems":1,"items":{"type":"string"}}""", "[\"a\",\"b\"]", "spec.x: Too many: 2: must have at most 1 item")]
    [InlineData("""{"type":"object","minProperties":1}""", "{}", "spec.x: Invalid value: 0: spec.x in body should have at least 1 properties")]
    [InlineData("""{"type":"object","maxProperties":2,"x-kubernetes-preserve-unknown-fields":true}""", "{\"a\":1,\"b\":1,\"c\":1}", "spec.x: Too many: 3: must have at most 2 items")]
    [InlineData("""{"type":"object","required":["a"],"properties":{"a":{"type":"string"},"b":{"type":"string"}}}""", "{\"b\":1}",
        "spec.x.b: Invalid value: \"integer\": spec.x.b in body must be of type string: \"integer\"", "spec.x.a: Required value")]
    [InlineData("""{"type":"object","additionalProperties":{"type":"string"}}""", "{\"a\":1}", "spec.x.a: Invalid value: \"integer\": spec.x.a in body must be of type string: \"integer\"")]
    [InlineData("""{"type":"object","additionalProperties":false}""", "{\"a\":1}", "spec.x: Invalid value: \"a\": spec.x.a in body is a forbidden property")]
    [InlineData("""{"type":"object","x-kubernetes-preserve-unknown-fields":true,"properties":{"a":{"type":"string"}}}""", "{\"a\":1,\"b\":1}",
        "spec.x.a: Invalid value: \"integer\": spec.x.a in body must be of type string: \"integer\"")]
    public void Collections(string schema, string value, params string[] wrong) => Assert.Equal(wrong, Check(schema, value));

    [Theory]
    [InlineData("""{"anyOf":[{"required":["a"]},{"required":["b"]}]}""", "{\"b\":1}")]
    [InlineData("""{"anyOf":[{"required":["a"]},{"required":["b"]}]}""", "{}",
        "<nil>: Invalid value: \"\": \"spec.x\" must validate at least one schema (anyOf)", "spec.x.a: Required value")]
    [InlineData("""{"oneOf":[{"required":["a"]},{"required":["b"]}]}""", "{\"a\":1}")]
    [InlineData("""{"oneOf":[{"required":["a"]},{"required":["b"]}]}""", "{\"a\":1,\"b\":1}",
        "<nil>: Invalid value: \"\": \"spec.x\" must validate one and only one schema (oneOf). Found 2 valid alternatives")]
    [InlineData("""{"oneOf":[{"required":["a"]},{"required":["b"]}]}""", "{}",
        "<nil>: Invalid value: \"\": \"spec.x\" must validate one and only one schema (oneOf). Found none valid", "spec.x.a: Required value")]
    [InlineData("""{"allOf":[{"minLength":2},{"maxLength":4}]}""", "\"abc\"")]
    [InlineData("""{"allOf":[{"minLength":2},{"maxLength":4}]}""", "\"a\"",
        "spec.x: Invalid value: \"a\": spec.x in body should be at least 2 chars long", "<nil>: Invalid value: \"\": \"spec.x\" must validate all the schemas (allOf)")]
    [InlineData("""{"allOf":[{"minLength":2}]}""", "\"a\"",
        "spec.x: Invalid value: \"a\": spec.x in body should be at least 2 chars long", "<nil>: Invalid value: \"\": \"spec.x\" must validate all the schemas (allOf). None validated")]
    [InlineData("""{"not":{"enum":["a"]}}""", "\"b\"")]
    [InlineData("""{"not":{"enum":["a"]}}""", "\"a\"", "<nil>: Invalid value: \"\": \"spec.x\" must not validate the schema (not)")]
    [InlineData("""{"x-kubernetes-int-or-string":true,"anyOf":[{"type":"integer"},{"type":"string"}],"pattern":"^[0-9]+%$"}""", "\"5\"", "spec.x: Invalid value: \"5\": spec.x in body should match '^[0-9]+%$'")]
    // Of those that failed the one that came furthest is told.
    [InlineData("""{"anyOf":[{"properties":{"a":{"type":"string"}},"required":["b"]},{"properties":{"a":{"type":"integer","minimum":5},"c":{"type":"string"}}}]}""", "{\"a\":1,\"c\":\"x\"}",
        "<nil>: Invalid value: \"\": \"spec.x\" must validate at least one schema (anyOf)", "spec.x.a: Invalid value: 1: spec.x.a in body should be greater than or equal to 5")]
    // What two schemas say of one thing is told once.
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"}},"allOf":[{"properties":{"a":{"type":"string"}}}]}""", "{\"a\":1}",
        "spec.x.a: Invalid value: \"integer\": spec.x.a in body must be of type string: \"integer\"", "<nil>: Invalid value: \"\": \"spec.x\" must validate all the schemas (allOf). None validated")]
    public void Junctors(string schema, string value, params string[] wrong) => Assert.Equal(wrong, Check(schema, value));

    [Theory]
    [InlineData("""{"type":"array","x-kubernetes-list-type":"set","items":{"type":"string"}}""", "[\"a\",\"b\",\"a\",\"a\"]", "spec.x[2]: Duplicate value: \"a\"")]
    [InlineData("""{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["k"],"items":{"type":"object","properties":{"k":{"type":"string"},"v":{"type":"integer"}}}}""",
        """[{"k":"a","v":1},{"k":"a","v":2},{"v":3},{"v":4}]""", "spec.x[1]: Duplicate value: {\"k\":\"a\"}", "spec.x[3]: Duplicate value: {}")]
    [InlineData("""{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["k","l"],"items":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}""",
        """[{"k":"a","l":1},{"k":"a","l":2},{"l":1,"k":"a"}]""", "spec.x[2]: Duplicate value: {\"k\":\"a\",\"l\":1}")]
    [InlineData("""{"type":"array","x-kubernetes-list-type":"atomic","items":{"type":"string"}}""", "[\"a\",\"a\"]")]
    [InlineData("""{"type":"object","additionalProperties":{"type":"array","x-kubernetes-list-type":"set","items":{"type":"integer"}}}""", "{\"a\":[1,1]}", "spec.x[a][1]: Duplicate value: 1")]
    public void Sets_and_maps(string schema, string value, params string[] wrong) => Assert.Equal(wrong, Check(schema, value));

    [Theory]
    [InlineData("""{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","labels":{"b":"c"}},"spec":{}}""")]
    [InlineData("{}", "spec.x.apiVersion: Required value: must not be empty", "spec.x.kind: Required value: must not be empty")]
    [InlineData("""{"apiVersion":"","kind":""}""", "spec.x.apiVersion: Invalid value: \"\": must not be empty", "spec.x.kind: Invalid value: \"\": must not be empty")]
    [InlineData("""{"apiVersion":"a/b/c","kind":"Pod"}""", "spec.x.apiVersion: Invalid value: \"a/b/c\": unexpected GroupVersion string: a/b/c")]
    [InlineData("""{"apiVersion":"v1","kind":"Pod","metadata":{"name":".."}}""", "spec.x.metadata.name: Invalid value: \"..\": may not be '..'")]
    [InlineData("""{"apiVersion":"v1","kind":"Pod","metadata":{"generateName":"a/b"}}""", "spec.x.metadata.generateName: Invalid value: \"a/b\": may not contain '/'")]
    public void Embedded_resources(string value, params string[] wrong) =>
        Assert.Equal(wrong, Check("""{"type":"object","x-kubernetes-embedded-resource":true,"x-kubernetes-preserve-unknown-fields":true}""", value));

    [Fact]
    public void The_name_of_the_object_can_be_restricted()
    {
        var schema = Read("""{"type":"object","properties":{"metadata":{"type":"object","properties":{"name":{"type":"string","maxLength":3}}}}}""");
        Assert.Equal(["metadata.name: Too long: may not be more than 3 bytes"], Check(schema, """{"metadata":{"name":"abcd"}}"""));
    }

    [Fact]
    public void What_concerns_the_object_as_a_whole_has_no_path() => Assert.Equal(
        ["<nil>: Invalid value: \"\": \"\" must validate at least one schema (anyOf)", "spec: Required value"],
        Check(Read("""{"type":"object","anyOf":[{"required":["spec"]}]}"""), "{}"));

    [Fact]
    public void Errors_say_their_reason()
    {
        var schema = Read("""{"type":"object","properties":{"a":{"type":"string"},"b":{"maxLength":1},"c":{"enum":["x"]},"d":{"maxItems":0}},"required":["e"]}""");
        var errors = new FieldErrors();
        new CustomKindRules(schema, hasStatus: false).Validate(Field.Root(JsonNode.Parse("""{"a":1,"b":"xx","c":"y","d":[1]}""")), errors);
        Assert.Equal(["FieldValueTypeInvalid", "FieldValueTooLong", "FieldValueNotSupported", "FieldValueTooMany", "FieldValueRequired"], errors.All.Select(e => e.Reason));
    }

    [Fact]
    public void No_schema_and_no_value_makes_it_throw()
    {
        var random = new Random(11);
        for (var i = 0; i < 3000; i++)
        {
            var (schema, value) = (RandomSchema.Of(random), RandomSchema.Value(random));
            var errors = new FieldErrors();
            var document = new JsonObject { ["spec"] = new JsonObject { ["x"] = value } };
            var read = ReadAtX(schema?.ToJsonString() ?? "null");
            SchemaDefaults.Apply(document, read);
            new CustomKindRules(read, hasStatus: false).Validate(Field.Root(document), errors);
            // Whatever is told can be sent.
            foreach (var error in errors.All) Assert.NotEmpty(JsonSerializer.Serialize(error.ToString()));
        }
    }

    [Fact]
    public void A_schema_that_is_its_negation_too_takes_nothing()
    {
        var random = new Random(12);
        for (var i = 0; i < 500; i++)
        {
            var (schema, value) = ((RandomSchema.Of(random) as JsonObject)?.ToJsonString() ?? "{}", RandomSchema.Value(random)?.ToJsonString() ?? "1");
            Assert.NotEmpty(Check($$"""{"allOf":[{{schema}},{"not":{{schema}}}]}""", value is "null" ? "1" : value));
        }
    }

    private static IEnumerable<string> Check(string schema, string value) => Check(ReadAtX(schema), "{\"spec\":{\"x\":" + value + "}}");

    private static IEnumerable<string> Check(Schema schema, string document)
    {
        var errors = new FieldErrors();
        new CustomKindRules(schema, hasStatus: false).Validate(Field.Root(JsonNode.Parse(document)), errors);
        return errors.All.Select(e => e.ToString());
    }

    private static Schema ReadAtX(string schema) =>
        Read("{\"type\":\"object\",\"properties\":{\"spec\":{\"type\":\"object\",\"properties\":{\"x\":" + schema + "}}}}");

    private static Schema Read(string schema) => StructuralSchema.Read(Field.Root(JsonNode.Parse(schema)), "Thing");
}

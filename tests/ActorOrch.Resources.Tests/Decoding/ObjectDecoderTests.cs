using System.Text;
using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Decoding;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Tests.Decoding;

public class ObjectDecoderTests
{
    [Fact]
    public void A_sound_document_comes_through_with_quantities_and_times_in_canonical_form()
    {
        var decoded = Json("""
            {"kind":"Pod","apiVersion":"v1","metadata":{"name":"a","labels":{},"creationTimestamp":null,"deletionTimestamp":"2024-05-01T12:00:00.75+02:00"},
             "spec":{"containers":[{"name":"c","resources":{"limits":{"cpu":"0.5","memory":"1024Mi","pods":2}},"env":[{"name":"E","value":""}]}]}}
            """, BuiltIn.Pods);

        Assert.Empty(decoded.StrictErrors);
        Assert.Equal(
            """{"kind":"Pod","apiVersion":"v1","metadata":{"name":"a","deletionTimestamp":"2024-05-01T10:00:00Z"},"spec":{"containers":[{"name":"c","resources":{"limits":{"cpu":"500m","memory":"1Gi","pods":"2"}},"env":[{"name":"E","value":""}]}]}}""",
            decoded.Object.ToJsonString());
    }

    [Fact]
    public void Kind_and_version_may_be_left_out()
    {
        var decoded = Json("""{"metadata":{"name":"a"}}""", BuiltIn.Deployments);

        Assert.Equal("apps/v1", (string?)decoded.Object["apiVersion"]);
        Assert.Equal("Deployment", (string?)decoded.Object["kind"]);
    }

    [Fact]
    public void Unknown_and_duplicate_fields_are_dropped_and_named()
    {
        var decoded = Json("""
            {"spec":{"foo":1,"replicas":1,"replicas":2,"template":{"metadata":{"labels":{"a":"1","a":"2"}},"spec":{"containers":[{"name":"a"},{"name":"b","imagee":"x"}]}}}}
            """, BuiltIn.Deployments);

        Assert.Equal(
            [
                "duplicate field \"spec.replicas\"", "duplicate field \"spec.template.metadata.labels.a\"",
                "unknown field \"spec.foo\"", "unknown field \"spec.template.spec.containers[1].imagee\"",
            ],
            decoded.StrictErrors);
        Assert.Equal(2, (int)decoded.Object["spec"]!["replicas"]!);
        Assert.Null(decoded.Object["spec"]!["foo"]);
        Assert.Equal(
            "Deployment in version \"v1\" cannot be handled as a Deployment: strict decoding error: unknown field \"spec.foo\"",
            StrictErrors.OfBody(BuiltIn.Deployments.Document, ["unknown field \"spec.foo\""]).Message);
    }

    [Theory]
    [InlineData("""{"spec":{"replicas":"3"}}""", "json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32")]
    [InlineData("""{"spec":{"replicas":1.5}}""", "json: cannot unmarshal number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32")]
    [InlineData("""{"spec":{"replicas":3000000000}}""", "json: cannot unmarshal number 3000000000 into Go struct field DeploymentSpec.spec.replicas of type int32")]
    [InlineData("""{"metadata":{"labels":{"a":1}}}""", "json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string")]
    [InlineData("""{"metadata":[]}""", "json: cannot unmarshal array into Go struct field Deployment.metadata of type v1.ObjectMeta")]
    [InlineData("""{"spec":{"template":{"spec":{"containers":{}}}}}""", "json: cannot unmarshal object into Go struct field PodSpec.spec.template.spec.containers of type []v1.Container")]
    [InlineData("""{"spec":{"template":{"spec":{"containers":[{"env":[{"name":"a","value":true}]}]}}}}""", "json: cannot unmarshal bool into Go struct field EnvVar.spec.template.spec.containers.env.value of type string")]
    [InlineData("""{"spec":{"template":{"spec":{"containers":[{"resources":{"limits":{"cpu":"lots"}}}]}}}}""", "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")]
    [InlineData("""{"metadata":{"creationTimestamp":"yesterday"}}""", "parsing time \"yesterday\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"yesterday\" as \"2006\"")]
    [InlineData("""{"spec":{"strategy":{"rollingUpdate":{"maxSurge":true}}}}""", "json: cannot unmarshal bool into Go struct field RollingUpdateDeployment.spec.strategy.rollingUpdate.maxSurge of type int32")]
    public void Wrong_types_are_told_in_the_words_of_upstream(string json, string error)
    {
        var refused = Assert.Throws<ApiException>(() => Json(json, BuiltIn.Deployments));

        Assert.Equal((400, "BadRequest"), (refused.Code, refused.Reason));
        Assert.Equal($"Deployment in version \"v1\" cannot be handled as a Deployment: {error}", refused.Message);
    }

    [Theory]
    [InlineData("", "unexpected end of JSON input (<empty>)")]
    [InlineData("{\"a\":", "unexpected end of JSON input ({\"a\":)")]
    [InlineData("{\"a\" 1}", "invalid character '1' after object key ({\"a\" 1})")]
    [InlineData("{\"a\":1,}", "invalid character '}' looking for beginning of object key string ({\"a\":1,})")]
    [InlineData("{\"a\":tru}", "invalid character '}' in literal true (expecting 'e') ({\"a\":tru})")]
    [InlineData("{} x", "invalid character 'x' after top-level value ({} x)")]
    [InlineData("hello", "invalid character 'h' looking for beginning of value (68656c6c6f)")]
    [InlineData("{\"kind\":1}", "json: cannot unmarshal number into Go struct field .kind of type string ({\"kind\":1})")]
    public void Malformed_documents_are_told_in_the_words_of_upstream(string json, string error)
    {
        var refused = Assert.Throws<ApiException>(() => Json(json, BuiltIn.Pods));

        Assert.Equal(400, refused.Code);
        Assert.Equal($"the object provided is unrecognized (must be of type Pod): couldn't get version/kind; json parse error: {error}", refused.Message);
    }

    [Fact]
    public void Nesting_is_bounded()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"a\":", 5000)) + "1" + new string('}', 5000);

        Assert.Contains("exceeded max depth", Assert.Throws<ApiException>(() => Json(deep, BuiltIn.Pods)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_document_of_another_version_or_kind_is_refused()
    {
        var version = Assert.Throws<ApiException>(() => Json("""{"apiVersion":"apps/v1beta1","kind":"Deployment"}""", BuiltIn.Deployments));
        var kind = Assert.Throws<ApiException>(() => Json("""{"apiVersion":"v1","kind":"Service"}""", BuiltIn.Deployments));

        Assert.Equal("the API version in the data (apps/v1beta1) does not match the expected API version (apps/v1)", version.Message);
        Assert.Equal("Service in version \"v1\" cannot be handled as a Deployment: converting (v1.Service) to (apps.Deployment): unknown conversion", kind.Message);
        Assert.Equal((400, 400), (version.Code, kind.Code));
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("nonsense")]
    public void Other_media_types_are_refused(string contentType)
    {
        var refused = Assert.Throws<ApiException>(() => ObjectDecoder.Decode("{}"u8.ToArray(), contentType, BuiltIn.Pods));

        Assert.Equal((415, "UnsupportedMediaType"), (refused.Code, refused.Reason));
        Assert.Equal("the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf", refused.Message);
    }

    [Fact]
    public void Secrets_carry_base64_and_nothing_else()
    {
        var sound = Json("""{"data":{"a":"aGVs\nbG8=","b":null}}""", BuiltIn.Secrets);
        var refused = Assert.Throws<ApiException>(() => Json("""{"data":{"a":"aGV*"}}""", BuiltIn.Secrets));

        Assert.Equal("""{"a":"aGVsbG8=","b":""}""", sound.Object["data"]!.ToJsonString());
        Assert.Equal("Secret in version \"v1\" cannot be handled as a Secret: illegal base64 data at input byte 3", refused.Message);
    }

    [Fact]
    public void Leases_count_in_microseconds()
    {
        var lease = Json("""{"spec":{"renewTime":"2024-05-01T12:00:00.123456Z","acquireTime":"2024-05-01T12:00:00Z"}}""", BuiltIn.Leases);

        Assert.Equal("""{"renewTime":"2024-05-01T12:00:00.123456Z","acquireTime":"2024-05-01T12:00:00.000000Z"}""", lease.Object["spec"]!.ToJsonString());
    }

    [Fact]
    public void What_a_patch_led_to_is_refused_as_invalid()
    {
        var patched = JsonNode.Parse("""{"spec":{"replicas":"a"}}""")!.AsObject();

        var refused = Assert.Throws<ApiException>(() => SchemaCheck.Normalize(patched, BuiltIn.Deployments));

        Assert.Equal((422, "Invalid"), (refused.Code, refused.Reason));
        Assert.Equal(
            """ "" is invalid: patch: Invalid value: "{\"spec\":{\"replicas\":\"a\"}}": json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32""",
            refused.Message);
    }

    private static DecodedObject Json(string json, ResourceType type) => ObjectDecoder.Decode(Encoding.UTF8.GetBytes(json), "application/json", type);
}

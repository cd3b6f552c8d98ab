using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Decoding;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Patches;
using ActorOrch.Resources.Schemas;
using k8s.Models;

namespace ActorOrch.Resources.Tests.Schemas;

public class SchemaTests
{
    [Fact]
    public void Every_patch_rule_is_of_a_field_that_exists_and_every_merge_key_of_its_elements()
    {
        foreach (var (model, name) in PatchRules.Fields)
        {
            Assert.True(Schema.Of(model).TryGetField(name, out var field), $"{model.Name}.{name}");
            if (field.Patch.MergeKey is { } key) Assert.True(field.Type.Element!.TryGetField(key, out _), $"{model.Name}.{name}[{key}]");
            foreach (var listKey in field.Patch.ListKeys) Assert.True(field.Type.Element!.TryGetField(listKey, out _), $"{model.Name}.{name}[{listKey}]");
        }
    }

    [Fact]
    public void Models_have_the_names_of_upstreams_types()
    {
        Assert.Equal(
            ["v1.PodSpec", "v1.Event", "v1.EndpointPort", "v1.Subject", "v2.HorizontalPodAutoscalerSpec", "v1.APIService", "v1.TokenRequest"],
            new[]
            {
                typeof(V1PodSpec), typeof(Corev1Event), typeof(Discoveryv1EndpointPort), typeof(Rbacv1Subject), typeof(V2HorizontalPodAutoscalerSpec),
                typeof(V1APIService), typeof(Authenticationv1TokenRequest),
            }.Select(model => Schema.Of(model).GoType));
    }

    [Fact]
    public void Fields_have_the_types_of_the_wire()
    {
        var pod = Schema.Of(typeof(V1PodSpec));

        Assert.Equal("[]v1.Container", pod.Fields["containers"].Type.GoType);
        Assert.Equal("map[string]string", pod.Fields["nodeSelector"].Type.GoType);
        Assert.Equal(SchemaKind.Int64, pod.Fields["terminationGracePeriodSeconds"].Type.Kind);
        Assert.Equal(SchemaKind.MicroTime, Schema.Of(typeof(V1LeaseSpec)).Fields["renewTime"].Type.Kind);
        Assert.Equal(SchemaKind.IntOrString, Schema.Of(typeof(V1ServicePort)).Fields["targetPort"].Type.Kind);
        Assert.Equal(SchemaKind.Bytes, Schema.Of(typeof(V1Secret)).Fields["data"].Type.Element!.Kind);
        Assert.Equal(SchemaKind.Any, Schema.Of(typeof(V1ControllerRevision)).Fields["data"].Type.Kind);
    }

    [Fact]
    public void Of_a_kind_without_a_model_the_metadata_is_checked_and_all_else_kept()
    {
        var widgets = new ResourceType
        {
            Group = "example.com",
            Version = "v1",
            Kind = "Widget",
            Plural = "widgets",
            Singular = "widget",
            Namespaced = true,
            Rules = BuiltIn.ConfigMaps.Rules,
            Columns = [],
        };
        var decoded = ObjectDecoder.Decode("""{"metadata":{"name":"w","foo":1},"spec":{"any":[1,{"x":true}]}}"""u8.ToArray(), "application/json", widgets);

        Assert.Equal(
            """{"metadata":{"name":"w"},"spec":{"any":[1,{"x":true}]},"apiVersion":"example.com/v1","kind":"Widget"}""", decoded.Object.ToJsonString());
        Assert.Equal(["unknown field \"metadata.foo\""], decoded.StrictErrors);
        Assert.Throws<ApiException>(() => ObjectDecoder.Decode("""{"metadata":{"labels":{"a":1}}}"""u8.ToArray(), "application/json", widgets));
        Assert.Equal(415, Assert.Throws<ApiException>(() => StrategicMergePatch.Apply(decoded.Object, new JsonObject(), widgets)).Code);
    }
}

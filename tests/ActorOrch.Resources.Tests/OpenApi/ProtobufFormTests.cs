using System.Text.Json;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.OpenApi;
using ActorOrch.Resources.OpenApi.Protobuf;
using Google.Protobuf;

namespace ActorOrch.Resources.Tests.OpenApi;

/// <summary>Reads the protobuf form with the official wire library and holds it against the JSON that it says again.</summary>
public class ProtobufFormTests
{
    [Fact]
    public void Swagger_names_all_paths_and_definitions_in_their_order()
    {
        var document = OpenApiDocuments.V2(BuiltIn.All);
        using var json = JsonDocument.Parse(document.Json);
        var message = Message.Read(document.Protobuf!);

        Assert.Equal("2.0", message.Text(1));
        Assert.Equal(("Kubernetes", KubernetesVersion.Text), (message.Inner(2).Text(1), message.Inner(2).Text(2)));
        Assert.Equal(json.RootElement.GetProperty("paths").EnumerateObject().Select(p => p.Name), message.Inner(8).All(2).Select(named => named.Text(1)));
        Assert.Equal(json.RootElement.GetProperty("definitions").EnumerateObject().Select(p => p.Name), message.Inner(9).All(1).Select(named => named.Text(1)));
    }

    [Fact]
    public void A_definition_has_its_kind_its_fields_and_how_lists_merge()
    {
        var definitions = Message.Read(OpenApiDocuments.V2(BuiltIn.All).Protobuf!).Inner(9).All(1).ToDictionary(named => named.Text(1), named => named.Inner(2));

        var deployment = definitions["io.k8s.api.apps.v1.Deployment"];
        Assert.Equal("object", deployment.Inner(22).Text(1));
        var kind = Assert.Single(deployment.All(31), extension => extension.Text(1) == "x-kubernetes-group-version-kind");
        Assert.Equal("""[{"group":"apps","kind":"Deployment","version":"v1"}]""", kind.Inner(2).Text(2));
        Assert.Equal("#/definitions/io.k8s.api.apps.v1.DeploymentSpec", Property(deployment, "spec").Text(1));
        var containers = Property(definitions["io.k8s.api.core.v1.PodSpec"], "containers");
        Assert.Equal("array", containers.Inner(22).Text(1));
        Assert.Equal("#/definitions/io.k8s.api.core.v1.Container", containers.Inner(23).Inner(1).Text(1));
        Assert.Equal("\"name\"", containers.All(31).Single(e => e.Text(1) == "x-kubernetes-patch-merge-key").Inner(2).Text(2));
        Assert.Equal("string", Property(definitions["io.k8s.api.core.v1.ConfigMap"], "data").Inner(21).Inner(1).Inner(22).Text(1));
        Assert.Contains("containers", definitions["io.k8s.api.core.v1.PodSpec"].Texts(19));
    }

    [Fact]
    public void An_operation_has_its_parameters_by_where_they_stand_and_its_kind()
    {
        var paths = Message.Read(OpenApiDocuments.V2(BuiltIn.All).Protobuf!).Inner(8).All(2).ToDictionary(named => named.Text(1), named => named.Inner(2));

        var item = paths["/apis/apps/v1/namespaces/{namespace}/deployments/{name}"];
        var patch = item.Inner(8);
        var parameters = patch.All(8).Select(parameter => parameter.Inner(1)).ToList();
        Assert.Equal("body", parameters[0].Inner(1).Text(2));
        Assert.Equal(["dryRun", "fieldManager", "fieldValidation", "force"], parameters.Skip(1).Select(p => p.Inner(2).Inner(3).Text(4)));
        Assert.Equal(["name", "namespace"], item.All(9).Take(2).Select(p => p.Inner(1).Inner(2).Inner(4).Text(4)));
        Assert.Contains("application/merge-patch+json", patch.Texts(7));
        Assert.Equal("200", patch.Inner(9).All(1).First().Text(1));
        Assert.Contains(patch.All(13), e => e.Text(1) == "x-kubernetes-group-version-kind" && e.Inner(2).Text(2).Contains("Deployment", StringComparison.Ordinal));
    }

    [Fact]
    public void Each_group_version_has_a_protobuf_form_with_all_its_paths_and_schemas()
    {
        foreach (var (group, version) in BuiltIn.All.Select(t => (t.Group, t.Version)).Distinct())
        {
            var document = OpenApiDocuments.V3(BuiltIn.All, group, version)!;
            using var json = JsonDocument.Parse(document.Json);
            var message = Message.Read(document.Protobuf!);

            Assert.Equal("3.0.0", message.Text(1));
            Assert.Equal(json.RootElement.GetProperty("paths").EnumerateObject().Select(p => p.Name), message.Inner(4).All(1).Select(named => named.Text(1)));
            Assert.Equal(
                json.RootElement.GetProperty("components").GetProperty("schemas").EnumerateObject().Select(p => p.Name),
                message.Inner(5).Inner(1).All(1).Select(named => named.Text(1)));
        }
    }

    [Fact]
    public void A_length_stands_before_its_message_however_many_bytes_it_takes()
    {
        foreach (var size in (int[])[0, 1, 126, 127, 128, 16_383, 16_384, 100_000])
        {
            var output = new ProtobufWriter();
            output.WriteMessage(3, new string('x', size), static (inner, text) => inner.WriteMessage(1, text, static (leaf, words) => leaf.WriteText(2, words)));
            output.WriteInteger(4, 7);

            var message = Message.Read(output.ToArray());
            Assert.Equal(size, message.Inner(3).Inner(1).Text(2).Length);
            Assert.Equal(7, message.Number(4));
        }
    }

    [Fact]
    public void A_member_without_a_field_is_not_left_out_in_silence()
    {
        using var json = JsonDocument.Parse("""{"swagger":"2.0","unheardOf":1}""");

        var refused = Assert.Throws<InvalidOperationException>(() => SwaggerMessages.Document.Write(new(), json.RootElement));
        Assert.Contains("unheardOf", refused.Message, StringComparison.Ordinal);
    }

    private static Message Property(Message definition, string name) => definition.Inner(25).All(1).Single(named => named.Text(1) == name).Inner(2);

    /// <summary>The fields of a message by number, in order.</summary>
    private sealed class Message(ILookup<int, object> fields)
    {
        public static Message Read(byte[] bytes)
        {
            var input = new CodedInputStream(bytes);
            var found = new List<(int Number, object Value)>();
            while (input.ReadTag() is not 0 and var tag)
                found.Add((WireFormat.GetTagFieldNumber(tag), WireFormat.GetTagWireType(tag) switch
                {
                    WireFormat.WireType.Varint => input.ReadInt64(),
                    WireFormat.WireType.Fixed64 => input.ReadDouble(),
                    WireFormat.WireType.LengthDelimited => input.ReadBytes().ToByteArray(),
                    var other => throw new InvalidDataException($"wire type {other}"),
                }));
            return new(found.ToLookup(f => f.Number, f => f.Value));
        }

        public string Text(int number) => Texts(number).Single();

        public IEnumerable<string> Texts(int number) => fields[number].Select(value => System.Text.Encoding.UTF8.GetString((byte[])value));

        public long Number(int number) => (long)fields[number].Single();

        public Message Inner(int number) => All(number).Single();

        public IEnumerable<Message> All(int number) => fields[number].Select(value => Read((byte[])value));
    }
}

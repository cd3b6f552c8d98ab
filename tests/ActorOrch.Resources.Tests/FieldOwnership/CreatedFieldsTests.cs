using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.FieldOwnership;
using ActorOrch.Resources.Schemas;
using ActorOrch.Resources.Tests.Versions;
using CsCheck;

namespace ActorOrch.Resources.Tests.FieldOwnership;

public class CreatedFieldsTests
{
    public static TheoryData<string> Kinds => [.. BuiltIn.All.Select(t => $"{t.ApiVersion}/{t.Plural}")];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_creator_owns_what_it_would_if_it_had_changed_an_empty_object(string kind)
    {
        var type = BuiltIn.All.Single(t => $"{t.ApiVersion}/{t.Plural}" == kind);
        RandomDocuments.Of(type).Sample(document => AssertSame(document, Schema.Of(type), SystemFields.Of(type, "")), iter: 100);
    }

    [Fact]
    public void Lists_and_maps_of_many_shapes() =>
        Documents.Applied.Sample(document => AssertSame(document, Documents.Schema, FieldSet.OfFields("status")));

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"metadata":{"name":"a"}}""")]
    [InlineData("""{"metadata":{"labels":{}},"spec":{}}""")]
    [InlineData("""{"metadata":{"finalizers":["b/b","a/a","b/b"]},"spec":{"template":{"spec":{"containers":[]}}}}""")]
    [InlineData("""{"metadata":{"labels":{"b":"1","a":null}},"spec":{"template":{"spec":{"containers":[{"name":"x"},{"name":"x"},{"name":"a\"b","ports":[{"containerPort":80},{"containerPort":8,"protocol":"UDP"}]},null]}}},"status":{"replicas":1}}""")]
    [InlineData("""{"metadata":{"labels":"none"},"spec":{"template":{"metadata":{},"spec":null}}}""")]
    public void Odd_documents(string json) => AssertSame(Documents.Parse(json), Documents.Schema, FieldSet.OfFields("status"));

    private static void AssertSame(JsonObject document, Schema schema, FieldSet ignored)
    {
        var writer = ManagerKey.Updater("a", "apps/v1", "");
        var changes = FieldChanges.Between([], document, schema).Except(ignored);
        var expected = OwnershipUpdate.Apply(FieldManagers.None, changes, writer, "apps/v1", "2026-01-01T00:00:00Z").ToJson();

        var entries = CreatedFields.Encode(document, schema, ignored, writer, "apps/v1", "2026-01-01T00:00:00Z");

        Assert.Equal(expected?.ToJsonString(), entries is null ? null : JsonNode.Parse(entries)!.ToJsonString());
    }
}

using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Decoding;
using ActorOrch.Resources.Objects;
using ActorOrch.Resources.Versions;
using CsCheck;

namespace ActorOrch.Resources.Tests.Versions;

public class VersionConversionsTests
{
    public static TheoryData<string> Converted => [.. BuiltIn.EveryVersion.Where(t => t.Conversion is not null).Select(t => t.ToString())];

    [Fact]
    public void Events_and_autoscalers_have_two_versions_of_one_collection()
    {
        Assert.Equal(["v1 Event", "events.k8s.io/v1 Event"], BuiltIn.Events.Versions.Select(t => t.ToString()));
        Assert.Equal(["autoscaling/v2 HorizontalPodAutoscaler", "autoscaling/v1 HorizontalPodAutoscaler"], BuiltIn.HorizontalPodAutoscalers.Versions.Select(t => t.ToString()));
        Assert.Equal(("events", "autoscaling/horizontalpodautoscalers"), (BuiltIn.EventsV1.Collection, BuiltIn.HorizontalPodAutoscalersV1.Collection));
        Assert.Equal(BuiltIn.EveryVersion.Count, BuiltIn.EveryVersion.DistinctBy(t => (t.Group, t.Version, t.Plural)).Count());
    }

    [Theory]
    [MemberData(nameof(Converted))]
    public void What_is_stored_comes_back_from_each_version_as_it_was(string version)
    {
        var served = Find(version);
        RandomDocuments.Of(served.Storage).Sample(random =>
        {
            served.Rules.Default(random);
            var converted = served.FromStorage(Clone(random));
            Assert.Equal((served.ApiVersion, served.Kind), ((string)converted["apiVersion"]!, (string)converted["kind"]!));
            AssertSame(random, served.ToStorage(Clone(converted)));
        });
    }

    [Theory]
    [MemberData(nameof(Converted))]
    public void A_served_version_has_no_field_that_its_schema_does_not_know(string version)
    {
        var served = Find(version);
        RandomDocuments.Of(served.Storage).Sample(random =>
        {
            var converted = served.FromStorage(Clone(random));
            Assert.Empty(SchemaCheck.Normalize(converted, served));
            Assert.Empty(SchemaCheck.Normalize(served.ToStorage(converted), served.Storage));
        });
    }

    [Theory]
    [MemberData(nameof(Converted))]
    public void What_is_written_in_a_version_comes_back_in_it(string version)
    {
        var served = Find(version);
        RandomDocuments.Of(served).Sample(random =>
        {
            var stored = served.ToStorage(Clone(random));
            served.Rules.Default(stored);
            var back = served.FromStorage(Clone(stored));
            // Defaults and annotations may have come to it; nothing may be lost.
            AssertContains(back, random);
            AssertSame(stored, served.ToStorage(Clone(back)));
        });
    }

    [Fact]
    public void Bytes_of_the_stored_version_pass_as_they_are()
    {
        var stored = new StoredObject(BuiltIn.Events, new("a", "b"), 1, [1]);
        var document = new JsonObject();

        Assert.Same(stored, BuiltIn.Events.FromStorage(stored));
        Assert.Same(document, BuiltIn.Events.FromStorage(document));
        Assert.Empty(BuiltIn.Events.ToStorage(document));
    }

    private static ResourceType Find(string version) => BuiltIn.EveryVersion.Single(t => t.ToString() == version);

    private static JsonObject Clone(JsonObject document) => (JsonObject)document.DeepClone();

    private static void AssertSame(JsonNode expected, JsonNode actual) =>
        Assert.True(JsonNode.DeepEquals(expected, actual), $"{expected.ToJsonString()}\n{actual.ToJsonString()}");

    private static void AssertContains(JsonNode? whole, JsonNode? part)
    {
        if (part is not JsonObject map)
        {
            Assert.True(JsonNode.DeepEquals(whole, part), $"{whole?.ToJsonString()}\n{part?.ToJsonString()}");
            return;
        }
        foreach (var (name, value) in map) AssertContains((whole as JsonObject)?[name], value);
    }
}

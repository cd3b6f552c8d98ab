using System.Text.Json.Nodes;
using ActorOrch.Resources.FieldOwnership;
using CsCheck;

namespace ActorOrch.Resources.Tests.FieldOwnership;

public class OwnershipUpdateTests
{
    [Fact]
    public void Who_creates_owns_all_but_what_the_system_fills_in()
    {
        var created = Documents.Parse("""
            {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"default","uid":"u","creationTimestamp":"2026-01-01T00:00:00Z","labels":{"app":"web"}},
             "spec":{"replicas":1,"selector":{"matchLabels":{"app":"web"}},"strategy":{"type":"RollingUpdate","rollingUpdate":{"maxSurge":"25%"}},
               "template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"c","image":"i","env":[{"name":"E","value":"1"}],"ports":[{"containerPort":80,"protocol":"TCP"}],"resources":{}}],
                 "securityContext":{},"dnsPolicy":"ClusterFirst"}}}}
            """);

        var managers = Update(FieldManagers.None, [], created, "kubectl-create");

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""
            [{"manager":"kubectl-create","operation":"Update","apiVersion":"apps/v1","time":"2026-01-01T00:00:00Z","fieldsType":"FieldsV1","fieldsV1":
              {"f:metadata":{"f:labels":{".":{},"f:app":{}}},
               "f:spec":{"f:replicas":{},"f:selector":{},"f:strategy":{"f:rollingUpdate":{".":{},"f:maxSurge":{}},"f:type":{}},
                 "f:template":{"f:metadata":{"f:labels":{".":{},"f:app":{}}},
                   "f:spec":{"f:containers":{"k:{\"name\":\"c\"}":{".":{},"f:env":{".":{},"k:{\"name\":\"E\"}":{".":{},"f:name":{},"f:value":{}}},"f:image":{},"f:name":{},
                       "f:ports":{".":{},"k:{\"containerPort\":80,\"protocol\":\"TCP\"}":{".":{},"f:containerPort":{},"f:protocol":{}}},"f:resources":{}}},
                     "f:dnsPolicy":{},"f:securityContext":{}}}}}}]
            """), managers.ToJson()), managers.ToJson()!.ToJsonString());
    }

    [Fact]
    public void Who_changes_a_field_owns_it_and_who_had_it_no_longer_does()
    {
        Gen.Select(Documents.Applied, Documents.Applied, Documents.Applied).Sample((first, second, third) =>
        {
            var managers = Update(FieldManagers.None, [], first, "a");
            managers = Update(managers, first, second, "b");
            managers = Update(managers, second, third, "a");

            // The naive model: who last wrote a field that is there owns it.
            var changes = FieldChanges.Between(second, third, Documents.Schema);
            var there = FieldChanges.Between([], third, Documents.Schema).Changed.Paths().ToHashSet();
            var owned = managers.Entries.SelectMany(e => e.Fields.Paths().Select(path => (path, e.Key.Manager))).ToList();
            Assert.Equal(owned.Count, owned.Select(o => o.path).Distinct().Count());
            Assert.True(owned.All(o => there.Contains(o.path)), string.Join('\n', owned));
            Assert.True(changes.Changed.Paths().All(p => owned.Contains((p, "a"))));
        });
    }

    [Fact]
    public void Who_changes_nothing_is_not_recorded() => Documents.Applied.Sample(document =>
    {
        var managers = Update(FieldManagers.None, [], document, "a");
        Assert.Same(managers, Update(managers, document, (JsonObject)document.DeepClone(), "b"));
    });

    [Fact]
    public void Past_ten_the_oldest_that_update_are_folded_and_none_of_their_fields_is_lost()
    {
        var (document, managers) = (Documents.Parse("""{"metadata":{"labels":{}}}"""), FieldManagers.None);
        for (var i = 0; i < 25; i++)
        {
            var next = (JsonObject)document.DeepClone();
            next["metadata"]!["labels"]![$"l{i:00}"] = "x";
            managers = OwnershipUpdate.Apply(
                managers, FieldChanges.Between(document, next, Documents.Schema), ManagerKey.Updater($"m{i:00}", "apps/v1", ""), "apps/v1", $"2026-01-01T00:00:{i:00}Z");
            document = next;
        }

        Assert.Equal(["ancient-changes", .. Enumerable.Range(16, 9).Select(i => $"m{i}")], managers.Entries.Select(e => e.Key.Manager));
        Assert.Equal(25, managers.Entries.Sum(e => e.Fields.Count));
    }

    [Fact]
    public void Entries_are_read_as_they_are_written()
    {
        Gen.Select(Documents.Applied, Documents.Applied).Sample((first, second) =>
        {
            var managers = Update(Update(FieldManagers.None, [], first, "a"), first, second, "b");
            Assert.True(FieldManagers.TryRead(managers.ToJson(), out var read));
            Assert.True(read.OwnsTheSame(managers));
            Assert.True(JsonNode.DeepEquals(managers.ToJson(), read.ToJson()));
        });
    }

    [Theory]
    [InlineData("""[{"manager":"a","operation":"Delete","apiVersion":"v1","fieldsType":"FieldsV1","fieldsV1":{}}]""")]
    [InlineData("""[{"manager":"a","operation":"Update","fieldsType":"FieldsV1","fieldsV1":{}}]""")]
    [InlineData("""[{"manager":"a","operation":"Update","apiVersion":"v1","fieldsV1":{}}]""")]
    [InlineData("""[{"manager":"a","operation":"Update","apiVersion":"v1","fieldsType":"FieldsV2","fieldsV1":{}}]""")]
    [InlineData("""[{"manager":"a","operation":"Update","apiVersion":"v1","fieldsType":"FieldsV1","fieldsV1":{"f":{}}}]""")]
    [InlineData("""["a"]""")]
    [InlineData("{}")]
    public void What_are_no_entries_is_not_read(string entries) => Assert.False(FieldManagers.TryRead(JsonNode.Parse(entries), out _));

    private static FieldManagers Update(FieldManagers managers, JsonObject before, JsonObject after, string manager) => OwnershipUpdate.Apply(
        managers, FieldChanges.Between(before, after, Documents.Schema), ManagerKey.Updater(manager, "apps/v1", ""), "apps/v1", "2026-01-01T00:00:00Z");
}

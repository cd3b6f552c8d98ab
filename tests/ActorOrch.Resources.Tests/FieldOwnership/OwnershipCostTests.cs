using System.Text;
using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.FieldOwnership;
using ActorOrch.Resources.Schemas;

namespace ActorOrch.Resources.Tests.FieldOwnership;

/// <summary>Who owns what costs in proportion to the documents and the entries, whatever their shape.</summary>
public class OwnershipCostTests
{
    private const string Now = "2026-01-01T00:00:00Z";
    private const int Length = 1000;

    [Fact]
    public void A_long_name_costs_no_more_for_what_is_below_it()
    {
        Complexity.IsNotSquare(4 * Length, n => Life(BuiltIn.Deployments, Deployment(new string('c', 20 * n), n, i => $$"""{"name":"e{{i}}"}""")));
        Complexity.IsNotSquare(4 * Length, n => Life(BuiltIn.Deployments, Deployment(new string('c', 20 * n), n, i => $$"""{"name":"e{{i}}","none":1}""")), "with what is wrong");
    }

    [Fact]
    public void One_step_written_in_many_ways_is_one() => Complexity.IsNotSquare(4 * Length, n =>
    {
        var ways = new JsonObject(Enumerable.Range(0, n).Select(i => KeyValuePair.Create($"v:1{Spaces(i)}", (JsonNode?)new JsonObject { [$"f:a{i}"] = new JsonObject() })));
        return () => Assert.Equal(n, FieldSet.Read(ways).Count);
    });

    [Fact]
    public void Entries_of_another_version_cost_one_comparison()
    {
        var document = Documents.Parse("""{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},"spec":{"replicas":1}}""");
        var changed = Documents.Parse("""{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},"spec":{"replicas":2}}""");
        var entries = FieldManagers.Of(Enumerable.Range(0, 100).Select(i =>
            new FieldManager(ManagerKey.Updater($"m{i}", $"apps/v{2 + i % 3}", ""), $"apps/v{2 + i % 3}", Now, FieldSet.OfFields("spec"))));
        var compared = 0;

        OwnershipUpdate.Apply(entries, version => Compare(version, document, changed), ManagerKey.Updater("a", "apps/v1", ""), "apps/v1", Now);
        Assert.Equal(4, compared);
        compared = 0;
        OwnershipApply.Apply(document, Documents.Configuration(changed), entries, Compare, ManagerKey.Applier("a", ""), "apps/v1", Documents.Schema, FieldSet.Empty, force: true, Now, made => made);
        Assert.Equal(3, compared);

        FieldChanges Compare(string version, JsonObject before, JsonObject after)
        {
            compared++;
            return FieldChanges.Between(before, after, Documents.Schema);
        }
    }

    [Fact]
    public void What_kubectl_had_applied_is_compared_and_not_written_out() => Complexity.IsNotSquare(Length, n =>
    {
        var last = Deployment(new string('c', 20 * n), n, i => $$"""{"name":"e{{i}}"}""").ToJsonString();
        var live = Documents.Parse("""{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},"spec":{"replicas":1}}""");
        live["metadata"]!["annotations"] = new JsonObject { ["kubectl.kubernetes.io/last-applied-configuration"] = last };
        var wanted = Documents.Configuration(Documents.Parse("""{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},"spec":{"replicas":2}}"""));
        return () => Assert.Throws<ApiException>(() => Apply(Documents.Schema, live, wanted, FieldManagers.None, "kubectl", "apps/v1"));
    });

    // Applied where there is nothing, by another over it, read from what is stored, and no longer applied.
    private static Action Life(ResourceType type, JsonObject document)
    {
        var (schema, body) = (Schema.Of(type), Encoding.UTF8.GetBytes(document.ToJsonString()));
        var empty = Encoding.UTF8.GetBytes($$$"""{"apiVersion":"{{{type.ApiVersion}}}","kind":"{{{type.Kind}}}"}""");
        return () =>
        {
            try
            {
                var applied = AppliedConfiguration.Decode(body, type, new("default", "long")).Applied;
                var first = Apply(schema, [], applied, FieldManagers.None, "a", type.ApiVersion);
                var second = Apply(schema, first.Document, applied, first.Managers, "b", type.ApiVersion);
                Assert.True(FieldManagers.TryRead(second.Managers.ToJson(), out var managers));
                var nothing = AppliedConfiguration.Decode(empty, type, new("default", "long")).Applied;
                Apply(schema, second.Document, nothing, managers, "a", type.ApiVersion);
                CreatedFields.Encode(second.Document, schema, FieldSet.Empty, ManagerKey.Updater("c", type.ApiVersion, ""), type.ApiVersion, Now);
            }
            catch (ApiException refused)
            {
                Assert.InRange(refused.Code, 400, 499);
            }
        };
    }

    private static ApplyOutcome Apply(Schema schema, JsonObject live, AppliedConfiguration applied, FieldManagers managers, string manager, string apiVersion) =>
        OwnershipApply.Apply(
            live, applied, managers, (_, before, after) => FieldChanges.Between(before, after, schema), ManagerKey.Applier(manager, ""), apiVersion, schema, FieldSet.Empty, force: false, Now, made => made);

    private static JsonObject Deployment(string container, int count, Func<int, string> env) => Documents.Parse(
        $$$$$"""{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},"spec":{"template":{"spec":{"containers":[{"name":"{{{{{container}}}}}","env":[{{{{{string.Join(',', Enumerable.Range(0, count).Select(env))}}}}}]}]}}}}""");

    // Each number as white space, which is nothing to JSON.
    private static string Spaces(int number)
    {
        var text = new StringBuilder();
        for (; number > 0; number /= 4) text.Append(" \t\n\r"[number % 4]);
        return text.Append("\n\t").ToString();
    }
}

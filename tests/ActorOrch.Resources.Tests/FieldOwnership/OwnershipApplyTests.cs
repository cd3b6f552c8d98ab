using System.Text.Json.Nodes;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.FieldOwnership;
using CsCheck;

namespace ActorOrch.Resources.Tests.FieldOwnership;

public class OwnershipApplyTests
{
    private const string Early = "2026-01-01T00:00:00Z";
    private const string Late = "2026-01-01T00:00:05Z";

    [Fact]
    public void Applying_the_same_again_changes_nothing()
    {
        Gen.Select(Documents.Applied, Documents.Applied).Sample((first, second) =>
        {
            var state = Apply(Apply(State.Nothing, "a", first), "b", second, force: true);
            var again = Apply(state, "b", second, force: false, Late);
            Equal(state.Document, again.Document);
            Assert.True(JsonNode.DeepEquals(state.Managers.ToJson(), again.Managers.ToJson()));
        });
    }

    [Fact]
    public void What_is_applied_is_there_and_owned_by_who_applied_it()
    {
        Gen.Select(Documents.Applied, Documents.Applied).Sample((first, second) =>
        {
            var state = Apply(Apply(State.Nothing, "a", first), "b", second, force: true);
            Equal(DocumentMerge.Merge(state.Document, second, Documents.Schema), state.Document);
            var owned = state.Managers.Find(ManagerKey.Applier("b", ""))?.Fields ?? FieldSet.Empty;
            var wanted = Documents.Configuration((JsonObject)second.DeepClone()).Fields.Paths().Where(p => p is not (".apiVersion" or ".kind" or ".metadata" or ".metadata.name"));
            Assert.Equal(wanted.Order(), owned.Paths().Order());
        });
    }

    [Fact]
    public void One_who_applies_alone_gets_what_he_applied_last()
    {
        Gen.Select(Documents.Applied, Documents.Applied).Sample((first, second) =>
        {
            var state = Apply(Apply(State.Nothing, "a", first), "a", second);
            Assert.True(Differences(second, state.Document).All(d => d is ".spec.template" or ".spec.template.spec" or ".spec.template.spec.containers" or ".metadata.labels"),
                $"{second}\n{state.Document}");
        });
    }

    [Fact]
    public void Who_wants_what_others_want_or_nothing_of_it_is_in_nobodys_way()
    {
        Gen.Select(Documents.Applied, Documents.Applied).Sample((first, second) =>
        {
            var state = Apply(State.Nothing, "a", first);
            var changes = FieldChanges.Between(state.Document, DocumentMerge.Merge(state.Document, second, Documents.Schema), Documents.Schema);
            var contested = changes.Changed.Intersect(state.Managers.Entries.Select(e => e.Fields).SingleOrDefault() ?? FieldSet.Empty);
            if (contested.IsEmpty) Apply(state, "b", second);
            else
            {
                var refused = Assert.Throws<ApiException>(() => Apply(state, "b", second));
                Assert.Equal(("Conflict", 409), (refused.Reason, refused.Code));
                Assert.Equal(contested.Paths(), refused.Causes.Select(c => c.Path));
            }
        });
    }

    [Fact]
    public void What_nobody_applies_any_longer_goes_and_what_another_owns_stays()
    {
        Gen.Select(Documents.Applied, Documents.Applied).Sample((first, second) =>
        {
            // b takes what he wants by force and leaves: what a still owns is as it was with a alone, in as far as b has not changed it.
            var alone = Apply(State.Nothing, "a", first);
            var both = Apply(alone, "b", second, force: true);
            var left = Apply(both, "b", Documents.Parse("""{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"}}"""));
            Assert.Null(left.Managers.Find(ManagerKey.Applier("b", "")));
            var kept = left.Managers.Find(ManagerKey.Applier("a", ""))?.Fields ?? FieldSet.Empty;
            var there = DocumentFields.Read(left.Document, Documents.Schema);
            Assert.Empty(kept.Paths().Except(DocumentFields.WithNamed(there, FieldType.Root(Documents.Schema)).Paths()));
        });
    }

    [Theory]
    [InlineData("""{"spec":{"replicas":3}}""", """{"spec":{"replicas":4}}""", "Apply failed with 1 conflict: conflict with \"a\": .spec.replicas")]
    [InlineData("""{"metadata":{"labels":{"x":"1","y":"1"}}}""", """{"metadata":{"labels":{"x":"2","y":"2"}}}""",
        "Apply failed with 2 conflicts: conflicts with \"a\":\n- .metadata.labels.x\n- .metadata.labels.y")]
    [InlineData("""{"spec":{"template":{"spec":{"containers":[{"name":"c","args":["1"]}]}}}}""", """{"spec":{"template":{"spec":{"containers":[{"name":"c","args":["2"]}]}}}}""",
        "Apply failed with 1 conflict: conflict with \"a\": .spec.template.spec.containers[name=\"c\"].args")]
    [InlineData("""{"spec":{"template":{"spec":{"nodeSelector":{"x":"1"}}}}}""", """{"spec":{"template":{"spec":{"nodeSelector":{"y":"1"}}}}}""",
        "Apply failed with 1 conflict: conflict with \"a\": .spec.template.spec.nodeSelector")]
    public void Conflicts_are_told_in_upstreams_words(string first, string second, string message)
    {
        var state = Apply(State.Nothing, "a", Full(first));

        Assert.Equal(message, Assert.Throws<ApiException>(() => Apply(state, "b", Full(second))).Message);
        Apply(state, "b", Full(second), force: true);
    }

    [Theory]
    // Elements of a map of lists and members of a set are each one's own.
    [InlineData("""{"metadata":{"finalizers":["x/a"]}}""", """{"metadata":{"finalizers":["x/b"]}}""", """{"metadata":{"finalizers":["x/a","x/b"]}}""")]
    [InlineData("""{"spec":{"template":{"spec":{"containers":[{"name":"a","image":"1"}]}}}}""", """{"spec":{"template":{"spec":{"containers":[{"name":"b","image":"2"}]}}}}""",
        """{"spec":{"template":{"spec":{"containers":[{"name":"a","image":"1"},{"name":"b","image":"2"}]}}}}""")]
    [InlineData("""{"spec":{"template":{"spec":{"containers":[{"name":"a","image":"1"}]}}}}""", """{"spec":{"template":{"spec":{"containers":[{"name":"a","args":["x"]}]}}}}""",
        """{"spec":{"template":{"spec":{"containers":[{"name":"a","image":"1","args":["x"]}]}}}}""")]
    // The protocol is TCP where it is not given.
    [InlineData("""{"spec":{"template":{"spec":{"containers":[{"name":"a","ports":[{"containerPort":80,"protocol":"TCP","name":"x"}]}]}}}}""",
        """{"spec":{"template":{"spec":{"containers":[{"name":"a","ports":[{"containerPort":80,"hostPort":81}]}]}}}}""",
        """{"spec":{"template":{"spec":{"containers":[{"name":"a","ports":[{"containerPort":80,"protocol":"TCP","name":"x","hostPort":81}]}]}}}}""")]
    public void What_two_apply_side_by_side_is_both_there(string first, string second, string expected)
    {
        var state = Apply(Apply(State.Nothing, "a", Full(first)), "b", Full(second));

        Equal(Full(expected), state.Document);
    }

    [Fact]
    public void The_order_is_that_of_who_applied_last_and_the_others_keep_their_place()
    {
        var state = Apply(State.Nothing, "a", Named("a", "b", "c", "d"));
        state = Apply(state, "b", Named("d", "x", "b"));

        Assert.Equal(["a", "c", "d", "x", "b"], state.Document["spec"]!["template"]!["spec"]!["containers"]!.AsArray().Select(c => (string)c!["name"]!));

        static JsonObject Named(params string[] names) =>
            Full("""{"spec":{"template":{"spec":{"containers":[CONTAINERS]}}}}""".Replace("CONTAINERS", string.Join(',', names.Select(n => $"{{\"name\":\"{n}\"}}")), StringComparison.Ordinal));
    }

    [Fact]
    public void What_was_there_before_anyone_applied_is_owned_by_nobody_in_particular()
    {
        var live = Full("""{"spec":{"replicas":3}}""");
        var refused = Assert.Throws<ApiException>(() => Apply(new(live, FieldManagers.None), "a", Full("""{"spec":{"replicas":4}}""")));

        Assert.Equal("Apply failed with 1 conflict: conflict with \"before-first-apply\" using apps/v1: .spec.replicas", refused.Message);
    }

    [Fact]
    public void A_null_is_owned_and_takes_away()
    {
        var state = Apply(State.Nothing, "a", Full("""{"spec":{"paused":true,"replicas":1}}"""));
        state = Apply(state, "b", Full("""{"spec":{"paused":null}}"""), force: true);

        Assert.False(state.Document["spec"]!.AsObject().ContainsKey("paused"));
        Assert.Contains(".spec.paused", state.Managers.Find(ManagerKey.Applier("b", ""))!.Fields.Paths());
    }

    [Fact]
    public void kubectl_takes_over_what_it_had_applied_on_its_own_side()
    {
        var last = """{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"web\"},\"spec\":{\"replicas\":1}}""";
        var live = Full($$$"""{"metadata":{"annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{{{last}}}"}},"spec":{"replicas":1}}""");
        var managers = OwnershipUpdate.Apply(
            FieldManagers.None, FieldChanges.Between([], live, Documents.Schema), ManagerKey.Updater("kubectl-client-side-apply", "apps/v1", ""), "apps/v1", Early);
        var wanted = Full("""{"spec":{"replicas":5}}""");

        Assert.Throws<ApiException>(() => Apply(new(live, managers), "other", wanted));
        var state = Apply(new(live, managers), "kubectl", wanted);

        Assert.Equal(5, (int)state.Document["spec"]!["replicas"]!);
        Assert.Contains("\"replicas\":5", (string)state.Document["metadata"]!["annotations"]!["kubectl.kubernetes.io/last-applied-configuration"]!);
    }

    [Fact]
    public void Whatever_stands_where_kubectl_notes_what_it_applied_is_read_or_passed_over()
    {
        var values = Gen.OneOf("null", "1", "1e999", "\"x\"", "\"\\ud800\"", "[]", "[null]", "[1]", "[[]]", "[{}]", "{}", "{\"a\":1,\"a\":2}", "[{\"name\":\"c\",\"name\":\"c\"}]", "[{\"name\":{\"a\":1,\"a\":2}}]", "{\"\\udc00\":1}",
            "[{\"name\":\"c\"},{\"name\":\"c\"}]", "[{\"name\":\"c\",\"ports\":[{\"containerPort\":[]},null]}]", new string('[', 70), new string('[', 63) + new string(']', 63));
        var notes = Gen.Select(Gen.OneOf("metadata", "spec", "apiVersion", "kind", "x"), values, values, Gen.Int[0, 5]).Select((name, value, inner, form) => form switch
        {
            0 => value,
            1 => $$"""{"apiVersion":"apps/v1","{{name}}":{{value}},"{{name}}":{{inner}}}""",
            2 => $$$$$"""{"apiVersion":"apps/v1","spec":{"template":{"spec":{"containers":{{{{{value}}}}},"{{{{{name}}}}}":{{{{{inner}}}}} }}}}""",
            3 => $$$"""{"apiVersion":"apps/v1","metadata":{"finalizers":{{{value}}},"ownerReferences":{{{inner}}}}}""",
            4 => $$$"""{"apiVersion":"apps/v1","spec":{"replicas":{{{value}}},"selector":{{{inner}}}}}""",
            _ => $$"""{"apiVersion":{{value}}}""",
        });
        notes.Sample(note =>
        {
            var live = Full("""{"spec":{"replicas":1,"template":{"spec":{"containers":[{"name":"c","image":"1"}]}}}}""");
            live["metadata"]!["annotations"] = new JsonObject { ["kubectl.kubernetes.io/last-applied-configuration"] = note };
            try
            {
                Apply(new(live, FieldManagers.None), "kubectl", Full("""{"spec":{"replicas":5}}"""));
            }
            catch (ApiException refused)
            {
                // Where the note does not say that kubectl applied the replicas.
                Assert.Equal(409, refused.Code);
            }
        });
    }

    private static JsonObject Full(string json)
    {
        var document = Documents.Parse(json);
        document["apiVersion"] = "apps/v1";
        document["kind"] = "Deployment";
        if (document["metadata"] is not JsonObject metadata) document["metadata"] = metadata = [];
        metadata["name"] = "web";
        return document;
    }

    private static void Equal(JsonNode expected, JsonNode actual) => Assert.True(JsonNode.DeepEquals(expected, actual), $"expected {expected.ToJsonString()}\nactual   {actual.ToJsonString()}");

    private static IEnumerable<string> Differences(JsonObject one, JsonObject other)
    {
        var changes = FieldChanges.Between(one, other, Documents.Schema);
        return changes.Changed.Paths().Concat(changes.Removed.Paths());
    }

    private static State Apply(State state, string manager, JsonObject applied, bool force = false, string now = Early)
    {
        var outcome = OwnershipApply.Apply(
            state.Document, Documents.Configuration(applied), state.Managers,
            (_, before, after) => FieldChanges.Between(before, after, Documents.Schema), ManagerKey.Applier(manager, ""), "apps/v1", Documents.Schema, FieldSet.Empty, force, now, document => document);
        return new(outcome.Document, outcome.Managers);
    }

    private sealed record State(JsonObject Document, FieldManagers Managers)
    {
        public static State Nothing => new([], FieldManagers.None);
    }
}

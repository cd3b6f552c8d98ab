using System.Text.Json.Nodes;
using ActorOrch.Registry.Api;
using ActorOrch.Registry.Watching;
using ActorOrch.Registry.Writes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;
using ActorOrch.Testing;

namespace ActorOrch.Registry.Tests.Api;

public sealed class ObjectApiTests
{
    private readonly InMemoryRegistry _registry = new();
    private readonly ObjectApi _api;
    private readonly WriteOptions _options = new();

    public ObjectApiTests() => _api = new(_registry, [], TimeProvider.System, new Random(1));

    [Fact]
    public async Task Create_fills_in_the_systems_metadata_and_ignores_the_writers()
    {
        var created = await _api.CreateAsync(BuiltIn.ConfigMaps, "default", Parse("""{"metadata":{"name":"a","uid":"mine","creationTimestamp":"2001-01-01T00:00:00Z","deletionTimestamp":"2001-01-01T00:00:00Z"}}"""), _options);
        Assert.Equal(new("default", "a"), created.Key);
        Assert.True(Guid.TryParse(created.Uid, out _));
        Assert.True(created.Meta.CreationTimestamp.Year > 2001);
        Assert.Null(created.Meta.DeletionTimestamp);
        Assert.Equal(created.Revision, created.Meta.Revision);
    }

    [Fact]
    public async Task A_taken_name_is_already_exists_and_a_generated_one_is_tried_again()
    {
        await CreateAsync("a");
        var refused = await Assert.ThrowsAsync<ApiException>(() => CreateAsync("a"));
        Assert.Equal((409, "AlreadyExists", "configmaps \"a\" already exists"), (refused.Code, refused.Reason, refused.Message));

        var taken = 0;
        _registry.Of(BuiltIn.ConfigMaps).Fault = write => taken++ < 3 ? new(WriteOutcome.AlreadyExists) : null;
        var generated = await _api.CreateAsync(BuiltIn.ConfigMaps, "default", Parse("""{"metadata":{"generateName":"x-"}}"""), _options);
        Assert.Matches("^x-[bcdfghjklmnpqrstvwxz2456789]{5}$", generated.Key.Name);
        Assert.Equal(4, taken);
    }

    [Theory]
    [InlineData("""{"metadata":{}}""", 422, "name or generateName is required")]
    [InlineData("""{"metadata":{"name":"A_b"}}""", 422, "a lowercase RFC 1123 subdomain must consist of")]
    [InlineData("""{"metadata":{"name":"a","namespace":"other"}}""", 400, "the namespace of the provided object does not match the namespace sent on the request")]
    [InlineData("""{"metadata":{"name":"a","resourceVersion":"7"}}""", 400, "resourceVersion should not be set on objects to be created")]
    [InlineData("""{"metadata":{"name":"a","labels":{"-":"x"}}}""", 422, "metadata.labels: Invalid value: \"-\"")]
    public async Task What_cannot_be_created_says_why(string manifest, int code, string message)
    {
        var refused = await Assert.ThrowsAsync<ApiException>(() => _api.CreateAsync(BuiltIn.ConfigMaps, "default", Parse(manifest), _options));
        Assert.Equal(code, refused.Code);
        Assert.Contains(message, refused.Message);
        Assert.Equal(0, _registry[BuiltIn.ConfigMaps].Latest.Count);
    }

    [Fact]
    public async Task An_update_with_a_stale_revision_is_a_conflict_and_one_without_wins()
    {
        var first = await CreateAsync("a");
        await _api.UpdateAsync(BuiltIn.ConfigMaps, first.Key, Parse("""{"metadata":{"name":"a"},"data":{"k":"1"}}"""), _options);
        var stale = first.ToJson();
        stale["data"] = new JsonObject { ["k"] = "2" };
        var refused = await Assert.ThrowsAsync<ApiException>(() => _api.UpdateAsync(BuiltIn.ConfigMaps, first.Key, stale, _options));
        Assert.Equal((409, "Conflict"), (refused.Code, refused.Reason));
        Assert.StartsWith("Operation cannot be fulfilled on configmaps \"a\": the object has been modified", refused.Message);
    }

    [Fact]
    public async Task An_update_that_changes_nothing_makes_no_version()
    {
        var first = await CreateAsync("a");
        var again = await _api.UpdateAsync(BuiltIn.ConfigMaps, first.Key, first.ToJson(), _options);
        Assert.Equal(first.Revision, again.Revision);
    }

    [Fact]
    public async Task A_patch_that_loses_a_race_is_applied_to_the_winner()
    {
        var first = await CreateAsync("a");
        var raced = false;
        _registry.Of(BuiltIn.ConfigMaps).Fault = write =>
        {
            if (raced) return null;
            raced = true;
            Assert.True(_registry.PutAsync(BuiltIn.ConfigMaps, With(first, "data", """{"theirs":"1"}""")).IsCompletedSuccessfully);
            return null;
        };
        var patched = await _api.PatchAsync(BuiltIn.ConfigMaps, first.Key, PatchType.Merge, Parse("""{"data":{"ours":"2"}}"""), _options);
        Assert.Equal("""{"theirs":"1","ours":"2"}""", patched.ToJson()["data"]!.ToJsonString());
    }

    [Fact]
    public async Task A_spec_change_raises_the_generation_and_a_status_change_does_not()
    {
        var created = await _api.CreateAsync(BuiltIn.Deployments, "default", Parse(Deployment), _options);
        Assert.Equal(1, created.Meta.Generation);
        var status = await _api.PatchAsync(BuiltIn.Deployments, created.Key, PatchType.Merge, Parse("""{"spec":{"replicas":9},"status":{"replicas":1}}"""), _options with { Subresource = "status" });
        Assert.Equal(1, status.Meta.Generation);
        Assert.Equal(1, Field.Root(status.ToJson())["spec"]["replicas"].Integer);
        Assert.Equal(1, Field.Root(status.ToJson())["status"]["replicas"].Integer);
        var scaled = await _api.PatchAsync(BuiltIn.Deployments, created.Key, PatchType.Merge, Parse("""{"spec":{"replicas":3},"status":{"replicas":7}}"""), _options);
        Assert.Equal(2, scaled.Meta.Generation);
        Assert.Equal(1, Field.Root(scaled.ToJson())["status"]["replicas"].Integer);
    }

    [Fact]
    public async Task A_status_writer_may_label_pods_and_not_deployments()
    {
        var labels = Parse("""{"metadata":{"labels":{"a":"b"},"ownerReferences":[{"apiVersion":"v1","kind":"Pod","name":"o","uid":"u"}]}}""");
        var deployment = await _api.CreateAsync(BuiltIn.Deployments, "default", Parse(Deployment), _options);
        var pod = await _api.CreateAsync(BuiltIn.Pods, "default", Parse("""{"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"i"}]}}"""), _options);

        var before = deployment.ToJson()["metadata"]!["labels"]?.ToJsonString();
        deployment = await _api.PatchAsync(BuiltIn.Deployments, deployment.Key, PatchType.Merge, labels, _options with { Subresource = "status" });
        pod = await _api.PatchAsync(BuiltIn.Pods, pod.Key, PatchType.Merge, labels, _options with { Subresource = "status" });

        Assert.Equal(before, deployment.ToJson()["metadata"]!["labels"]?.ToJsonString());
        Assert.Equal("b", Field.Root(pod.ToJson())["metadata"]["labels"]["a"].Text);
        Assert.Empty(pod.Meta.OwnerReferences);
    }

    [Fact]
    public async Task A_pod_that_goes_at_once_says_that_it_had_no_grace()
    {
        var pod = await _api.CreateAsync(BuiltIn.Pods, "default", Parse("""{"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"i"}]}}"""), _options);

        var gone = await _api.DeleteAsync(BuiltIn.Pods, pod.Key, new(), _options);

        Assert.Equal((true, 0L), (gone.Removed, gone.Object.Meta.DeletionGracePeriodSeconds));
        Assert.NotNull(gone.Object.Meta.DeletionTimestamp);
    }

    [Fact]
    public async Task A_finalizer_holds_an_object_until_it_is_removed()
    {
        var created = await _api.CreateAsync(BuiltIn.ConfigMaps, "default", Parse("""{"metadata":{"name":"a","finalizers":["example.com/wait"]}}"""), _options);
        var going = await _api.DeleteAsync(BuiltIn.ConfigMaps, created.Key, new(), _options);
        Assert.False(going.Removed);
        Assert.NotNull(going.Object.Meta.DeletionTimestamp);
        await _api.PatchAsync(BuiltIn.ConfigMaps, created.Key, PatchType.Merge, Parse("""{"metadata":{"finalizers":null}}"""), _options);
        Assert.Null(_registry[BuiltIn.ConfigMaps].Latest.Get(created.Key));
    }

    [Fact]
    public async Task The_update_that_lets_go_is_answered_and_watchers_see_what_was_there_before()
    {
        var created = await _api.CreateAsync(BuiltIn.ConfigMaps, "default", Parse("""{"metadata":{"name":"a","finalizers":["example.com/wait"]},"data":{"v":"1"}}"""), _options);
        var going = (await _api.DeleteAsync(BuiltIn.ConfigMaps, created.Key, new(), _options)).Object;

        var answer = await _api.PatchAsync(BuiltIn.ConfigMaps, created.Key, PatchType.Merge, Parse("""{"metadata":{"finalizers":null},"data":{"v":"2"}}"""), _options);

        Assert.Equal((going.Revision, "2"), (answer.Revision, Field.Root(answer.ToJson())["data"]["v"].Text));
        var recorder = new Recorder();
        using var subscription = _registry[BuiltIn.ConfigMaps].Subscribe(going.Revision, recorder);
        var deleted = Assert.Single(recorder.Changes);
        Assert.Equal((ChangeKind.Deleted, "1"), (deleted.Kind, Field.Root(deleted.Object.ToJson())["data"]["v"].Text));
        Assert.Equal(["example.com/wait"], deleted.Object.Meta.Finalizers);
    }

    [Fact]
    public async Task A_controller_that_lets_go_learns_the_revision_of_the_removal()
    {
        var created = await _api.CreateAsync(BuiltIn.ConfigMaps, "default", Parse("""{"metadata":{"name":"a","finalizers":["example.com/wait"]}}"""), _options);
        await _api.DeleteAsync(BuiltIn.ConfigMaps, created.Key, new(), _options);

        var last = await _api.ModifyAsync(BuiltIn.ConfigMaps, created.Key, document => document["metadata"]!.AsObject().Remove("finalizers"), _options);

        Assert.Equal(_registry[BuiltIn.ConfigMaps].Latest.Revision, last!.Revision);
    }

    [Fact]
    public async Task A_running_pod_gets_its_grace_and_a_second_delete_may_only_shorten_it()
    {
        var pod = await _registry.PutAsync(BuiltIn.Pods, Parse("""{"metadata":{"name":"p","namespace":"default"},"spec":{"nodeName":"n","terminationGracePeriodSeconds":30,"containers":[{"name":"c","image":"i"}]},"status":{"phase":"Running"}}"""));
        var going = await _api.DeleteAsync(BuiltIn.Pods, pod.Key, new(), _options);
        Assert.Equal((false, 30), (going.Removed, going.Object.Meta.DeletionGracePeriodSeconds));
        var longer = await _api.DeleteAsync(BuiltIn.Pods, pod.Key, new() { GracePeriodSeconds = 60 }, _options);
        Assert.Equal(30, longer.Object.Meta.DeletionGracePeriodSeconds);
        var shorter = await _api.DeleteAsync(BuiltIn.Pods, pod.Key, new() { GracePeriodSeconds = 5 }, _options);
        Assert.Equal((false, 5), (shorter.Removed, shorter.Object.Meta.DeletionGracePeriodSeconds));
        Assert.True((await _api.DeleteAsync(BuiltIn.Pods, pod.Key, new() { GracePeriodSeconds = 0 }, _options)).Removed);
        Assert.Null(_registry[BuiltIn.Pods].Latest.Get(pod.Key));
    }

    [Fact]
    public async Task A_second_delete_that_names_no_grace_leaves_the_first_ones()
    {
        var pod = await _registry.PutAsync(BuiltIn.Pods, Parse("""{"metadata":{"name":"p","namespace":"default"},"spec":{"nodeName":"n","terminationGracePeriodSeconds":30,"containers":[{"name":"c","image":"i"}]},"status":{"phase":"Running"}}"""));
        var going = await _api.DeleteAsync(BuiltIn.Pods, pod.Key, new() { GracePeriodSeconds = 60 }, _options);

        var again = await _api.DeleteAsync(BuiltIn.Pods, pod.Key, new(), _options);

        Assert.Equal((60, going.Object.Revision), (again.Object.Meta.DeletionGracePeriodSeconds, again.Object.Revision));
    }

    [Fact]
    public async Task What_the_system_writes_of_metadata_no_update_changes()
    {
        var created = await _api.CreateAsync(BuiltIn.Deployments, "default", Parse(Deployment), _options);
        var document = created.ToJson();
        document["metadata"]!["creationTimestamp"] = "2001-01-01T00:00:00Z";
        document["metadata"]!["generation"] = 99;
        document["metadata"]!["labels"] = new JsonObject { ["changed"] = "yes" };

        var updated = await _api.UpdateAsync(BuiltIn.Deployments, created.Key, document, _options);

        Assert.Equal((created.Uid, created.Meta.CreationTimestamp, 1L), (updated.Uid, updated.Meta.CreationTimestamp, updated.Meta.Generation));
        Assert.Equal("yes", updated.Meta.Labels["changed"]);

        document = updated.ToJson();
        document["metadata"]!["deletionTimestamp"] = "2001-01-01T00:00:00Z";
        var refused = await Assert.ThrowsAsync<ApiException>(() => _api.UpdateAsync(BuiltIn.Deployments, created.Key, document, _options));
        Assert.Equal((422, "metadata.deletionTimestamp"), (refused.Code, refused.Causes.Single().Path));
    }

    [Fact]
    public async Task An_object_that_is_going_keeps_its_time_and_takes_no_new_finalizer()
    {
        var created = await _api.CreateAsync(BuiltIn.Deployments, "default", Parse(Deployment.Replace("\"name\":\"d\"", "\"name\":\"d\",\"finalizers\":[\"example.com/wait\"]")), _options);
        var going = (await _api.DeleteAsync(BuiltIn.Deployments, created.Key, new(), _options)).Object;
        Assert.Equal((2L, 0L), (going.Meta.Generation, going.Meta.DeletionGracePeriodSeconds));

        var kept = await _api.PatchAsync(BuiltIn.Deployments, created.Key, PatchType.Merge, Parse("""{"metadata":{"deletionTimestamp":null,"labels":{"a":"b"}}}"""), _options);
        var refused = await Assert.ThrowsAsync<ApiException>(() => _api.PatchAsync(
            BuiltIn.Deployments, created.Key, PatchType.Merge, Parse("""{"metadata":{"finalizers":["example.com/wait","example.com/more"]}}"""), _options));

        Assert.Equal(going.Meta.DeletionTimestamp, kept.Meta.DeletionTimestamp);
        Assert.Equal(422, refused.Code);
        Assert.Contains("no new finalizers can be added if the object is being deleted", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Propagation.Foreground, "foregroundDeletion")]
    [InlineData(Propagation.Orphan, "orphan")]
    public async Task Propagation_becomes_a_finalizer_for_the_garbage_collector(Propagation propagation, string finalizer)
    {
        var created = await CreateAsync("a");
        var going = await _api.DeleteAsync(BuiltIn.ConfigMaps, created.Key, new() { Propagation = propagation }, _options);
        Assert.False(going.Removed);
        Assert.Equal([finalizer], going.Object.Meta.Finalizers);
    }

    [Fact]
    public async Task A_replication_controller_leaves_its_pods_unless_something_else_is_asked_or_was_chosen()
    {
        foreach (var (name, finalizers, propagation, expected) in ((string, string, Propagation?, string[])[])
        [
            ("plain", "[]", null, ["orphan"]),
            ("background", "[]", Propagation.Background, []),
            ("foreground", "[]", Propagation.Foreground, ["foregroundDeletion"]),
            ("chosen", """["foregroundDeletion"]""", null, ["foregroundDeletion"]),
            ("other", """["example.com/mine"]""", null, ["example.com/mine", "orphan"]),
        ])
        {
            var created = await _api.CreateAsync(BuiltIn.ReplicationControllers, "default", Parse($$$"""
                {"metadata":{"name":"{{{name}}}","finalizers":{{{finalizers}}} },"spec":{"selector":{"a":"b"},"template":{"metadata":{"labels":{"a":"b"}},
                 "spec":{"containers":[{"name":"c","image":"i"}]} } } }
                """), _options);
            var going = await _api.DeleteAsync(BuiltIn.ReplicationControllers, created.Key, new() { Propagation = propagation }, _options);
            Assert.Equal(expected, going.Object.Meta.Finalizers);
            Assert.Equal(expected.Length == 0, going.Removed);
        }
    }

    [Fact]
    public async Task A_delete_of_another_incarnation_is_refused()
    {
        var created = await CreateAsync("a");
        var refused = await Assert.ThrowsAsync<ApiException>(() => _api.DeleteAsync(BuiltIn.ConfigMaps, created.Key, new() { PreconditionUid = "other" }, _options));
        Assert.Equal(
            (409, $"Operation cannot be fulfilled on ConfigMap \"a\": the UID in the precondition (other) does not match the UID in record ({created.Uid}). The object might have been deleted and then recreated"),
            (refused.Code, refused.Message));
        await _api.PatchAsync(BuiltIn.ConfigMaps, created.Key, PatchType.Merge, Parse("""{"data":{"a":"b"}}"""), _options);
        var stale = await Assert.ThrowsAsync<ApiException>(() => _api.DeleteAsync(BuiltIn.ConfigMaps, created.Key, new() { PreconditionUid = created.Uid, PreconditionResourceVersion = "2" }, _options));
        Assert.Equal(
            (409, "Operation cannot be fulfilled on ConfigMap \"a\": the ResourceVersion in the precondition (2) does not match the ResourceVersion in record (3). The object might have been modified"),
            (stale.Code, stale.Message));
        Assert.True((await _api.DeleteAsync(BuiltIn.ConfigMaps, created.Key, new() { PreconditionUid = created.Uid, PreconditionResourceVersion = "3" }, _options)).Removed);
    }

    [Fact]
    public async Task A_dry_run_answers_and_stores_nothing()
    {
        var answer = await _api.CreateAsync(BuiltIn.ConfigMaps, "default", Parse("""{"metadata":{"name":"a"}}"""), _options with { DryRun = true });
        Assert.Equal("a", answer.Key.Name);
        Assert.Equal(["name", "namespace", "uid", "creationTimestamp"], answer.ToJson()["metadata"]!.AsObject().Select(m => m.Key));
        Assert.Equal(0, _registry[BuiltIn.ConfigMaps].Latest.Count);
    }

    [Theory]
    [InlineData("""{"metadata":{"name":"a"}}""", 404, "configmaps \"a\" not found")]
    [InlineData("""{"metadata":{"name":"a","uid":"b-1"}}""", 409, "Operation cannot be fulfilled on configmaps \"a\": Precondition failed: UID in precondition: b-1, UID in object meta: ")]
    public async Task An_update_of_what_has_gone_says_so(string update, int code, string message)
    {
        var refused = await Assert.ThrowsAsync<ApiException>(() => _api.UpdateAsync(BuiltIn.ConfigMaps, new("default", "a"), Parse(update), _options));

        Assert.Equal((code, message), (refused.Code, refused.Message));
    }

    [Fact]
    public async Task A_namespace_goes_when_its_last_finalizer_is_finalized_away()
    {
        var created = await _api.CreateAsync(BuiltIn.Namespaces, "", Parse("""{"metadata":{"name":"n"}}"""), _options);
        var going = await _api.DeleteAsync(BuiltIn.Namespaces, created.Key, new(), _options);
        Assert.Equal("Terminating", Field.Root(going.Object.ToJson())["status"]["phase"].Text);
        await _api.ModifyAsync(BuiltIn.Namespaces, created.Key, document => document["spec"]!.AsObject().Remove("finalizers"), _options with { Subresource = "finalize" });
        Assert.Null(_registry[BuiltIn.Namespaces].Latest.Get(created.Key));
    }

    [Fact]
    public async Task A_pod_is_bound_once()
    {
        var pod = await _registry.PutAsync(BuiltIn.Pods, Parse("""{"metadata":{"name":"p","namespace":"default"},"spec":{"containers":[{"name":"c","image":"i"}]},"status":{"phase":"Pending"}}"""));
        var binding = Parse("""{"metadata":{"name":"p"},"target":{"kind":"Node","name":"n1"}}""");
        var bound = await _api.PostAsync(BuiltIn.Pods, new("default", "p"), binding, _options with { Subresource = "binding" });
        Assert.Equal("n1", Field.Root(bound.ToJson())["spec"]["nodeName"].Text);
        Assert.Equal("PodScheduled", Field.Root(bound.ToJson())["status"]["conditions"].Items.Single()["type"].Text);
        var refused = await Assert.ThrowsAsync<ApiException>(() => _api.PostAsync(BuiltIn.Pods, new("default", "p"), binding, _options with { Subresource = "binding" }));
        Assert.Equal(409, refused.Code);
        Assert.Equal($"Operation cannot be fulfilled on pods/binding \"p\": pod {pod.Key.Name} is already assigned to node \"n1\"", refused.Message);
    }

    [Fact]
    public async Task A_binding_of_another_incarnation_is_a_conflict_of_the_pod()
    {
        var pod = await _registry.PutAsync(BuiltIn.Pods, Parse("""{"metadata":{"name":"p","namespace":"default"},"spec":{"nodeName":"n1","containers":[{"name":"c","image":"i"}]}}"""));
        var binding = Parse("""{"metadata":{"name":"p","uid":"u-1"},"target":{"name":"n1"}}""");
        var refused = await Assert.ThrowsAsync<ApiException>(() => _api.PostAsync(BuiltIn.Pods, new("default", "p"), binding, _options with { Subresource = "binding" }));
        Assert.Equal(
            (409, $"Operation cannot be fulfilled on pods \"p\": Precondition failed: UID in precondition: u-1, UID in object meta: {pod.Uid}"),
            (refused.Code, refused.Message));
    }

    [Theory]
    [InlineData("""{"kind":"Node"}""", "Pod \"p\" is invalid: target.name: Required value")]
    [InlineData("""{"kind":"Pod","name":"n1"}""", "Pod \"p\" is invalid: target.kind: Unsupported value: \"Pod\": supported values: \"Node\", \"<empty>\"")]
    public async Task A_pod_is_bound_to_a_node_alone(string target, string message)
    {
        var binding = Parse($$$"""{"metadata":{"name":"p"},"target":{{{target}}}}""");
        var refused = await Assert.ThrowsAsync<ApiException>(() => _api.PostAsync(BuiltIn.Pods, new("default", "p"), binding, _options with { Subresource = "binding" }));
        Assert.Equal((422, message), (refused.Code, refused.Message));
    }

    [Fact]
    public async Task An_unavailable_store_is_a_503_that_says_when_to_come_back()
    {
        _registry.Of(BuiltIn.ConfigMaps).Fault = _ => new(WriteOutcome.Unavailable, Detail: "the disk is full");
        var refused = await Assert.ThrowsAsync<ApiException>(() => CreateAsync("a"));
        Assert.Equal((503, 1, "the disk is full"), (refused.Code, refused.RetryAfterSeconds, refused.Message));
    }

    private const string Deployment = """{"metadata":{"name":"d"},"spec":{"replicas":1,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}""";

    private Task<StoredObject> CreateAsync(string name) =>
        _api.CreateAsync(BuiltIn.ConfigMaps, "default", new JsonObject { ["metadata"] = new JsonObject { ["name"] = name } }, _options);

    private static JsonObject With(StoredObject obj, string field, string value)
    {
        var document = obj.ToJson();
        document[field] = JsonNode.Parse(value);
        return document;
    }

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}

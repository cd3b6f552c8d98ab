using System.Data;
using System.Text.Json.Nodes;
using ActorOrch.Registry.Api;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;
using ActorOrch.Testing;

namespace ActorOrch.Registry.Tests.Admission;

/// <summary>Mutate; decode and default again; validate; then the validating phase.</summary>
public sealed class AdmissionPhasesTests
{
    private const string Deployment =
        """{"metadata":{"name":"web"},"spec":{"replicas":2,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}""";

    private static readonly ObjectKey Web = new("default", "web");

    private readonly InMemoryRegistry _registry = new();
    private readonly RecordingAdmission _step = new();
    private readonly ObjectApi _api;

    public AdmissionPhasesTests() => _api = Api(_step);

    [Fact]
    public async Task What_a_step_adds_is_decoded_defaulted_and_seen_whole_by_the_second_phase()
    {
        _step.Mutate = Containers(list => list.Add(Parse("""{"name":"sidecar","image":"s","resources":{"limits":{"cpu":"0.5"}},"nonsense":1}""")));
        JsonObject? seen = null;
        _step.Validate = r => seen = (JsonObject)r.Object!.DeepClone();

        var created = await CreateAsync();

        var sidecar = Field.Root(created.ToJson())["spec"]["template"]["spec"]["containers"].Items.Last();
        Assert.Equal(("Always", "500m", false), (sidecar["imagePullPolicy"].Text, sidecar["resources"]["limits"]["cpu"].Text, sidecar["nonsense"].Exists));
        Assert.True(JsonNode.DeepEquals(sidecar.Node, Field.Root(seen)["spec"]["template"]["spec"]["containers"].Items.Last().Node));
    }

    [Fact]
    public async Task What_a_step_makes_of_an_object_is_validated()
    {
        _step.Mutate = Containers(list => list.Add(Parse("""{"name":"c","image":"i"}""")));
        var refused = await Assert.ThrowsAsync<ApiException>(CreateAsync);
        Assert.Equal((422, "Deployment.apps \"web\" is invalid: spec.template.spec.containers[1].name: Duplicate value: \"c\""), (refused.Code, refused.Message));
        Assert.DoesNotContain(_step.Asked, a => a.Phase == "validate");
    }

    [Fact]
    public async Task What_a_step_makes_nonsense_of_is_an_error_of_the_server()
    {
        _step.Mutate = Changed(obj => obj["spec"]!["replicas"] = "many");
        var refused = await Assert.ThrowsAsync<ApiException>(CreateAsync);
        Assert.Equal((500, "InternalError"), (refused.Code, refused.Reason));
        Assert.StartsWith("Internal error occurred: admission has made something else of the Deployment: ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_step_changes_no_more_than_the_writer_could()
    {
        _step.Mutate = Changed(obj =>
        {
            obj["status"] = new JsonObject { ["replicas"] = 9 };
            obj["spec"]!["paused"] = true;
            obj["metadata"]!["uid"] = "mine";
            obj["metadata"]!["generation"] = 77;
        });
        var created = await CreateAsync();
        Assert.Equal((1L, true), (created.Meta.Generation, created.ToJson()["spec"]!["paused"]!.GetValue<bool>()));
        Assert.False(created.ToJson().ContainsKey("status"));
        Assert.NotEqual("mine", created.Uid);

        _step.Mutate = Changed(obj =>
        {
            obj["status"]!["replicas"] = 1;
            obj["spec"]!["replicas"] = 9;
        });
        var status = Parse("""{"metadata":{"name":"web"},"status":{"replicas":2}}""");
        var written = await _api.UpdateAsync(BuiltIn.Deployments, Web, status, new() { Subresource = "status" });
        Assert.Equal((2, 1), ((int)written.ToJson()["spec"]!["replicas"]!, (int)written.ToJson()["status"]!["replicas"]!));
    }

    [Fact]
    public async Task A_namespace_stays_the_one_of_the_request()
    {
        _step.Mutate = Changed(obj => obj["metadata"]!["namespace"] = "other");
        Assert.Equal(400, (await Assert.ThrowsAsync<ApiException>(CreateAsync)).Code);
    }

    [Fact]
    public async Task A_step_may_put_another_document_in_place_of_the_object()
    {
        _step.Mutate = request =>
        {
            var other = (JsonObject)request.Object!.DeepClone();
            other["spec"]!["replicas"] = 5;
            request.Object = other;
            return true;
        };
        Assert.Equal(5, (int)(await CreateAsync()).ToJson()["spec"]!["replicas"]!);
        var patched = await _api.PatchAsync(BuiltIn.Deployments, Web, PatchType.Merge, Parse("""{"spec":{"replicas":1}}"""), WriteOptions.Default);
        Assert.Equal(5, (int)patched.ToJson()["spec"]!["replicas"]!);
    }

    [Fact]
    public async Task Steps_run_in_their_order_the_first_phase_before_the_second()
    {
        var order = new List<string>();
        RecordingAdmission Named(string name) => new()
        {
            Mutate = _ =>
            {
                order.Add($"{name} mutates");
                return false;
            },
            Validate = _ => order.Add($"{name} validates"),
        };
        await Api(Named("a"), Named("b")).CreateAsync(BuiltIn.Deployments, "default", Parse(Deployment), WriteOptions.Default);
        Assert.Equal(["a mutates", "b mutates", "a validates", "b validates"], order);
    }

    [Theory]
    [InlineData("mutate")]
    [InlineData("validate")]
    public async Task A_refusal_is_the_answer_as_it_is(string phase)
    {
        var refusal = new ApiException(418, "Teapot", "no coffee") { Name = "web", Kind = "deployments", Group = "apps", Causes = [new("FieldValueInvalid", "spec", "cold")] };
        if (phase == "mutate") _step.Mutate = _ => throw refusal;
        else _step.Validate = _ => throw refusal;
        Assert.Same(refusal, await Assert.ThrowsAsync<ApiException>(CreateAsync));
        Assert.Equal(0, _registry[BuiltIn.Deployments].Latest.Count);
    }

    [Fact]
    public async Task A_step_sees_who_asks_for_what_and_how()
    {
        var caller = new Caller("jane", ["dev"]) { Uid = "u1", Extra = new Dictionary<string, IReadOnlyList<string>> { ["scopes"] = ["a", "b"] } };
        var options = new WriteOptions { Caller = caller, DryRun = true, FieldManager = "hand", FieldValidation = FieldValidation.Strict };
        await _api.CreateAsync(BuiltIn.HorizontalPodAutoscalersV1, "default",
            Parse("""{"metadata":{"name":"a"},"spec":{"maxReplicas":3,"scaleTargetRef":{"kind":"Deployment","name":"web"}}}"""), options);

        var asked = Assert.Single(_step.Asked, a => a.Phase == "validate").Request;
        Assert.Equal((BuiltIn.HorizontalPodAutoscalers, BuiltIn.HorizontalPodAutoscalersV1), (asked.Type, asked.RequestedType));
        Assert.Equal((caller, true, "hand", ""), (asked.Caller, asked.Options.DryRun, asked.Options.FieldManager, asked.Subresource));
        Assert.Equal(("autoscaling/v2", "autoscaling/v2"), (asked.Kind.ApiVersion, (string)asked.Object!["apiVersion"]!));
        Assert.Equal(0, _registry[BuiltIn.HorizontalPodAutoscalers].Latest.Count);
    }

    [Fact]
    public async Task A_deletion_is_asked_about_with_what_is_there_and_how_it_is_to_go()
    {
        var created = await CreateAsync();
        _step.Asked.Clear();
        await _api.DeleteAsync(BuiltIn.Deployments, Web, new() { Propagation = Propagation.Orphan, GracePeriodSeconds = 3 }, new() { DryRun = true });
        Assert.All(_step.Asked, a => Assert.Equal(
            (Operation.Delete, Propagation.Orphan, 3L, created.Revision, true),
            (a.Request.Operation, a.Request.Deletion!.Propagation, a.Request.Deletion.GracePeriodSeconds, a.Request.Old!.Revision, a.Request.Object is null)));
        Assert.Equal(["mutate", "validate"], _step.Asked.Select(a => a.Phase));
        _step.Validate = _ => throw ApiException.Forbidden(BuiltIn.Deployments, "web", "stays");
        await Assert.ThrowsAsync<ApiException>(() => _api.DeleteAsync(BuiltIn.Deployments, Web, new(), WriteOptions.Default));
        Assert.NotNull(_registry[BuiltIn.Deployments].Latest.Get(Web));
    }

    [Fact]
    public async Task A_write_that_was_overtaken_is_admitted_once_more_against_what_is_there_then()
    {
        var created = await CreateAsync();
        _step.Asked.Clear();
        var overtaken = false;
        _step.Mutate = request =>
        {
            if (overtaken) return false;
            overtaken = true;
            var other = request.Old!.ToJson();
            other["metadata"]!["labels"] = new JsonObject { ["overtaken"] = "yes" };
            _registry.PutAsync(BuiltIn.Deployments, other).GetAwaiter().GetResult();
            return false;
        };
        var patched = await _api.PatchAsync(BuiltIn.Deployments, Web, PatchType.Merge, Parse("""{"spec":{"replicas":7}}"""), WriteOptions.Default);

        var olds = _step.Asked.Where(a => a.Phase == "mutate").Select(a => a.Request.Old!).ToList();
        Assert.Equal(2, olds.Count);
        Assert.Equal(created.Revision, olds[0].Revision);
        Assert.Equal("yes", olds[1].Meta.Labels["overtaken"]);
        Assert.Equal(("yes", 7), (patched.Meta.Labels["overtaken"], (int)patched.ToJson()["spec"]!["replicas"]!));
    }

    [Fact]
    public async Task A_name_that_was_taken_is_admitted_once_more_with_the_next()
    {
        _step.Validate = request =>
        {
            if (_registry[BuiltIn.ConfigMaps].Latest.Count == 0)
                _registry.PutAsync(BuiltIn.ConfigMaps, Parse($$$"""{"metadata":{"name":"{{{request.Key.Name}}}","namespace":"default"}}""")).GetAwaiter().GetResult();
        };
        var created = await _api.CreateAsync(BuiltIn.ConfigMaps, "default", Parse("""{"metadata":{"generateName":"a-"}}"""), WriteOptions.Default);
        var names = _step.Asked.Where(a => a.Phase == "mutate").Select(a => a.Request.Key.Name).ToList();
        Assert.Equal(2, names.Count);
        Assert.Equal(created.Key.Name, names[1]);
    }

    [Fact]
    public async Task A_scale_is_asked_about_as_one_and_what_becomes_of_it_is_checked()
    {
        await CreateAsync();
        _step.Asked.Clear();
        _step.Mutate = Changed(obj => obj["spec"]!["replicas"] = 4);
        var options = new WriteOptions { Subresource = "scale" };
        var written = await _api.PatchAsync(BuiltIn.Deployments, Web, PatchType.Merge, Parse("""{"spec":{"replicas":3}}"""), options);
        Assert.Equal(4, (int)written.ToJson()["spec"]!["replicas"]!);
        Assert.All(_step.Asked, a => Assert.Equal(
            ("Scale", "scale", Operation.Update, 2, 4),
            (a.Request.Kind.Kind, a.Request.Subresource, a.Request.Operation, (int)a.Request.OldObject!["spec"]!["replicas"]!, (int)a.Request.Object!["spec"]!["replicas"]!)));

        _step.Mutate = Changed(obj => obj["spec"]!["replicas"] = -4);
        var refused = await Assert.ThrowsAsync<ApiException>(
            () => _api.PatchAsync(BuiltIn.Deployments, Web, PatchType.Merge, Parse("""{"spec":{"replicas":5}}"""), options));
        Assert.Equal("Scale.autoscaling \"web\" is invalid: spec.replicas: Invalid value: -4: must be greater than or equal to 0", refused.Message);
    }

    [Fact]
    public async Task A_binding_is_asked_about_once_and_bound_as_admitted()
    {
        await PutPodAsync();
        _step.Mutate = Changed(obj => obj["target"]!["name"] = "n2");
        var bound = await _api.PostAsync(BuiltIn.Pods, new("default", "p"), Parse("""{"metadata":{"name":"p"},"target":{"name":"n1"}}"""), new() { Subresource = "binding" });
        Assert.Equal("n2", Field.Root(bound.ToJson())["spec"]["nodeName"].Text);
        Assert.Equal([("mutate", Operation.Create, "Binding"), ("validate", Operation.Create, "Binding")], _step.Asked.Select(a => (a.Phase, a.Request.Operation, a.Request.Kind.Kind)));
    }

    [Fact]
    public async Task An_eviction_is_asked_about_and_the_deletion_that_it_leads_to_is_not()
    {
        await PutPodAsync();
        var eviction = Parse("""{"metadata":{"name":"p"}}""");
        _step.Validate = _ => throw new ApiException(429, "TooManyRequests", "not now");
        await Assert.ThrowsAsync<ApiException>(() => _api.PostAsync(BuiltIn.Pods, new("default", "p"), eviction, new() { Subresource = "eviction" }));
        Assert.Equal(1, _registry[BuiltIn.Pods].Latest.Count);
        _step.Validate = _ => { };
        _step.Asked.Clear();
        await _api.PostAsync(BuiltIn.Pods, new("default", "p"), eviction, new() { Subresource = "eviction" });
        Assert.Equal(0, _registry[BuiltIn.Pods].Latest.Count);
        Assert.Equal([(Operation.Create, "eviction"), (Operation.Create, "eviction")], _step.Asked.Select(a => (a.Request.Operation, a.Request.Subresource)));
    }

    [Fact]
    public async Task Nothing_is_put_together_for_steps_that_want_to_know_nothing()
    {
        var step = new RecordingAdmission { Interest = target => target.Type == BuiltIn.Secrets, Mutate = _ => throw new InvalidOperationException("it was asked") };
        var api = Api(step);
        await api.CreateAsync(BuiltIn.Deployments, "default", Parse(Deployment), WriteOptions.Default);
        await api.PatchAsync(BuiltIn.Deployments, Web, PatchType.Merge, Parse("""{"spec":{"replicas":7}}"""), WriteOptions.Default);
        await api.DeleteAsync(BuiltIn.Deployments, Web, new(), WriteOptions.Default);
        Assert.Empty(step.Asked);
        Assert.False(api.HasAdmission(new(BuiltIn.Pods, Operation.Connect, "exec")));
        Assert.True(api.HasAdmission(new(BuiltIn.Secrets, Operation.Create, "")));
    }

    private ObjectApi Api(params IReadOnlyList<IAdmission> steps) => new(_registry, steps, TimeProvider.System, new Random(1));

    private Task<StoredObject> CreateAsync() => _api.CreateAsync(BuiltIn.Deployments, "default", Parse(Deployment), WriteOptions.Default);

    private Task PutPodAsync() => _registry.PutAsync(BuiltIn.Pods, Parse("""{"metadata":{"name":"p","namespace":"default"},"spec":{"containers":[{"name":"c","image":"i"}]}}"""));

    private static Func<AdmissionRequest, bool> Changed(Action<JsonObject> change) => request =>
    {
        change(request.Object!);
        return true;
    };

    private static Func<AdmissionRequest, bool> Containers(Action<JsonArray> change) =>
        Changed(obj => change(obj["spec"]!["template"]!["spec"]!["containers"]!.AsArray()));

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}

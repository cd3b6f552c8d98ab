using System.Text.Json.Nodes;
using ActorOrch.Gateway.Answers;
using ActorOrch.Gateway.Routing;
using ActorOrch.Gateway.Writing;
using ActorOrch.Registry.Api;
using ActorOrch.Resources.Decoding;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.FieldOwnership;
using ActorOrch.Resources.Objects;
using ActorOrch.Resources.Patches;
using ActorOrch.Resources.Schemas;
using k8s.Models;

namespace ActorOrch.Gateway.Subresources;

/// <summary>The <c>scale</c> subresource: a workload's replicas as an <c>autoscaling/v1 Scale</c>.</summary>
internal sealed class ScaleHandler(IObjectApi api)
{
    private static readonly Schema ScaleSchema = Schema.Of(typeof(V1Scale));

    public async Task GetAsync(ApiRequest request)
    {
        var snapshot = await api.Registry[request.Type].ReadConsistentAsync(request.Cancel).ConfigureAwait(false);
        await Answer.JsonAsync(request.Http, 200, ScaleView.Of(Existing(request, snapshot.Get(request.Key)).ToJson())).ConfigureAwait(false);
    }

    public async Task UpdateAsync(ApiRequest request)
    {
        var options = WriteQuery.Read(request, "UpdateOptions");
        var body = await RequestBody.ReadAsync(request).ConfigureAwait(false);
        var decoded = ObjectDecoder.Decode(body, request.Http.Request.ContentType ?? "", ScaleSchema, "autoscaling", "v1", "Scale");
        Report(decoded.StrictErrors, options);
        await WriteAsync(request, options, _ => decoded.Object).ConfigureAwait(false);
    }

    public async Task PatchAsync(ApiRequest request)
    {
        var options = WriteQuery.ReadPatch(request, out var force);
        if (PatchMediaTypes.IsApply(request))
        {
            await ApplyAsync(request, options, force).ConfigureAwait(false);
            return;
        }
        var patchType = PatchMediaTypes.Read(request);
        var body = await RequestBody.ReadAsync(request).ConfigureAwait(false);
        var decoded = ObjectDecoder.DecodePatch(body);
        Report(decoded.StrictErrors, options);
        await WriteAsync(request, options, current =>
        {
            // A Scale has no lists, so that a strategic merge is a merge.
            var patched = patchType == PatchType.Json ? JsonPatch.Apply(current, decoded.Patch) : MergePatch.Apply(current, decoded.Patch);
            Report(SchemaCheck.Normalize(patched, ScaleSchema), options);
            if (patchType != PatchType.StrategicMerge) SchemaCheck.KeepsItsKind(patched, "autoscaling", "v1", "Scale");
            return patched;
        }).ConfigureAwait(false);
    }

    private async Task ApplyAsync(ApiRequest request, WriteOptions options, bool force)
    {
        var body = await RequestBody.ReadAsync(request).ConfigureAwait(false);
        var (scale, strictErrors) = AppliedConfiguration.Decode(body, ScaleSchema, "autoscaling/v1", "Scale", request.Key);
        WriteHandler.ReportApplied(strictErrors, options);
        var applied = ScaleView.ToWorkload(request.Type, request.Key, scale);
        var result = await api.ApplyAsync(request.Type, request.Key, applied, force, options, request.Cancel).ConfigureAwait(false);
        WarningHeaders.Write(request.Http.Response, options.Warnings);
        await Answer.JsonAsync(request.Http, 200, ScaleView.Of(result.Object.ToJson())).ConfigureAwait(false);
    }

    private async Task WriteAsync(ApiRequest request, WriteOptions options, Func<JsonObject, JsonObject> change)
    {
        var written = await api.ModifyAsync(request.Type, request.Key, workload =>
        {
            var current = ScaleView.Of(workload);
            return ScaleView.Apply(request.Type, request.Key, current, change(current), workload);
        }, options, request.Cancel).ConfigureAwait(false);
        WarningHeaders.Write(request.Http.Response, options.Warnings);
        await Answer.JsonAsync(request.Http, 200, ScaleView.Of(Existing(request, written).ToJson())).ConfigureAwait(false);
    }

    private static StoredObject Existing(ApiRequest request, StoredObject? obj) => obj ?? throw ApiException.NotFound(request.Type, request.Info.Name);

    private static void Report(IReadOnlyList<string> strictErrors, WriteOptions options)
    {
        if (strictErrors.Count == 0 || options.FieldValidation == FieldValidation.Ignore) return;
        if (options.FieldValidation == FieldValidation.Strict)
            throw ApiException.BadRequest($"Scale in version \"v1\" cannot be handled as a Scale: strict decoding error: {string.Join(", ", strictErrors)}");
        foreach (var error in strictErrors) options.Warnings.Add(error);
    }
}

using System.Text.Json.Nodes;
using ActorOrch.Gateway.Forms;
using ActorOrch.Gateway.Reading;
using ActorOrch.Gateway.Routing;
using ActorOrch.Registry.Api;
using ActorOrch.Resources.Catalog.Subresources;
using ActorOrch.Resources.Decoding;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.FieldOwnership;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Gateway.Writing;

/// <summary>CREATE, UPDATE and PATCH of objects and of the subresources that are spoken in the object's own kind.</summary>
internal sealed class WriteHandler(IObjectApi api, TimeProvider time)
{
    public async Task CreateAsync(ApiRequest request)
    {
        var form = Negotiation.Choose(request, time);
        var options = WriteQuery.Read(request, "CreateOptions");
        var obj = await DecodeAsync(request, options).ConfigureAwait(false);
        var created = await api.CreateAsync(request.Type, request.Key.Namespace, obj, options, request.Cancel).ConfigureAwait(false);
        await AnswerAsync(request, 201, form, created, options).ConfigureAwait(false);
    }

    public async Task UpdateAsync(ApiRequest request)
    {
        var form = Negotiation.Choose(request, time);
        var options = WriteQuery.Read(request, "UpdateOptions");
        var obj = await DecodeAsync(request, options).ConfigureAwait(false);
        var creates = request.Type.Rules.AllowCreateOnUpdate && api.Registry[request.Type].Latest.Get(request.Key) is null;
        var updated = await api.UpdateAsync(request.Type, request.Key, obj, options, request.Cancel).ConfigureAwait(false);
        await AnswerAsync(request, creates ? 201 : 200, form, updated, options).ConfigureAwait(false);
    }

    public async Task PatchAsync(ApiRequest request)
    {
        var form = Negotiation.Choose(request, time);
        var options = WriteQuery.ReadPatch(request, out var force);
        if (PatchMediaTypes.IsApply(request))
        {
            await ApplyAsync(request, form, options, force).ConfigureAwait(false);
            return;
        }
        var patchType = PatchMediaTypes.Read(request);
        var patch = await DecodePatchAsync(request, request.Type.Document, options).ConfigureAwait(false);
        var patched = await api.PatchAsync(request.Type, request.Key, patchType, patch, options, request.Cancel).ConfigureAwait(false);
        await AnswerAsync(request, 200, form, patched, options).ConfigureAwait(false);
    }

    private async Task ApplyAsync(ApiRequest request, ResponseForm form, WriteOptions options, bool force)
    {
        var body = await RequestBody.ReadAsync(request).ConfigureAwait(false);
        var (applied, strictErrors) = AppliedConfiguration.Decode(body, request.Type, request.Key);
        ReportApplied(strictErrors, options);
        var result = await api.ApplyAsync(request.Type, request.Key, applied, force, options, request.Cancel).ConfigureAwait(false);
        await AnswerAsync(request, result.Created ? 201 : 200, form, result.Object, options).ConfigureAwait(false);
    }

    /// <summary>What field validation has to say of what is applied: unknown fields are refused in any case, so that this is of fields that are given twice.</summary>
    public static void ReportApplied(IReadOnlyList<string> strictErrors, WriteOptions options)
    {
        if (strictErrors.Count == 0 || options.FieldValidation == FieldValidation.Ignore) return;
        if (options.FieldValidation == FieldValidation.Strict) throw ApiException.BadRequest($"error strict decoding YAML: {string.Join(", ", strictErrors)}");
        foreach (var error in strictErrors) options.Warnings.Add(error);
    }

    /// <summary>The body as the request's kind; what field validation has to say refuses it or becomes a warning.</summary>
    public static async ValueTask<JsonObject> DecodeAsync(ApiRequest request, WriteOptions options)
    {
        var body = await RequestBody.ReadAsync(request).ConfigureAwait(false);
        var decoded = ObjectDecoder.Decode(body, request.Http.Request.ContentType ?? "", request.Type);
        Report(request.Type.Document, decoded.StrictErrors, options);
        return decoded.Object;
    }

    /// <summary>Likewise as the kind that is spoken with a subresource.</summary>
    public static async ValueTask<JsonObject> DecodeAsync(ApiRequest request, DocumentKind kind, WriteOptions options)
    {
        var body = await RequestBody.ReadAsync(request).ConfigureAwait(false);
        var decoded = ObjectDecoder.Decode(body, request.Http.Request.ContentType ?? "", kind.Schema, kind.Group, kind.Version, kind.Kind, kind.OlderVersion);
        Report(kind, decoded.StrictErrors, options);
        return decoded.Object;
    }

    /// <summary>The body as a patch of a document of a kind.</summary>
    public static async ValueTask<JsonNode> DecodePatchAsync(ApiRequest request, DocumentKind kind, WriteOptions options)
    {
        var body = await RequestBody.ReadAsync(request).ConfigureAwait(false);
        var decoded = ObjectDecoder.DecodePatch(body);
        Report(kind, decoded.StrictErrors, options);
        return decoded.Patch ?? throw ApiException.BadRequest("Invalid JSON Patch");
    }

    private static void Report(DocumentKind kind, IReadOnlyList<string> strictErrors, WriteOptions options)
    {
        if (strictErrors.Count == 0 || options.FieldValidation == FieldValidation.Ignore) return;
        if (options.FieldValidation == FieldValidation.Strict) throw StrictErrors.OfBody(kind, strictErrors);
        foreach (var error in strictErrors) options.Warnings.Add(error);
    }

    private static Task AnswerAsync(ApiRequest request, int code, ResponseForm form, StoredObject obj, WriteOptions options)
    {
        WarningHeaders.Write(request.Http.Response, options.Warnings);
        return GetHandler.WriteAsync(request, code, form, obj);
    }
}

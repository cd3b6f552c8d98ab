using ActorOrch.Gateway.Answers;
using ActorOrch.Gateway.Routing;
using ActorOrch.Gateway.Writing;
using ActorOrch.Registry.Api;
using ActorOrch.Resources.Catalog.Subresources;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.FieldOwnership;
using ActorOrch.Resources.Objects;
using ActorOrch.Resources.Versions;

namespace ActorOrch.Gateway.Subresources;

/// <summary>GET, UPDATE and PATCH of an object as another kind shows it.</summary>
internal sealed class ViewHandler(IObjectApi api)
{
    public Task HandleAsync(ApiRequest request, ObjectView view) => request.Info.Verb switch
    {
        "get" => GetAsync(request, view),
        "update" => UpdateAsync(request, view),
        "patch" => PatchAsync(request, view),
        _ => throw ApiException.MethodNotAllowed(),
    };

    private async Task GetAsync(ApiRequest request, ObjectView view)
    {
        var snapshot = await api.Registry[request.Type].ReadConsistentAsync(request.Cancel).ConfigureAwait(false);
        var found = snapshot.Get(request.Key) ?? throw ApiException.NotFound(request.Type, request.Info.Name);
        var obj = request.Type.FromStorage(found.ToJson());
        view.CheckReadable(obj);
        await Answer.JsonAsync(request.Http, 200, view.Read(obj)).ConfigureAwait(false);
    }

    private async Task UpdateAsync(ApiRequest request, ObjectView view)
    {
        var options = WriteQuery.Read(request, "UpdateOptions");
        var document = await WriteHandler.DecodeAsync(request, view.Kind!, options).ConfigureAwait(false);
        await AnswerAsync(request, view, options, await api.UpdateAsync(request.Type, request.Key, document, options, request.Cancel).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private async Task PatchAsync(ApiRequest request, ObjectView view)
    {
        var options = WriteQuery.ReadPatch(request, out var force);
        if (PatchMediaTypes.IsApply(request))
        {
            await ApplyAsync(request, view, options, force).ConfigureAwait(false);
            return;
        }
        var patchType = PatchMediaTypes.Read(request);
        var patch = await WriteHandler.DecodePatchAsync(request, view.Kind!, options).ConfigureAwait(false);
        await AnswerAsync(request, view, options, await api.PatchAsync(request.Type, request.Key, patchType, patch, options, request.Cancel).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private async Task ApplyAsync(ApiRequest request, ObjectView view, WriteOptions options, bool force)
    {
        var body = await RequestBody.ReadAsync(request).ConfigureAwait(false);
        var (applied, strictErrors) = AppliedConfiguration.Decode(body, view.Kind!.Schema, view.Kind.ApiVersion, view.Kind.Kind, request.Key);
        WriteHandler.ReportApplied(strictErrors, options);
        var result = await api.ApplyAsync(request.Type, request.Key, applied, force, options, request.Cancel).ConfigureAwait(false);
        await AnswerAsync(request, view, options, result.Object).ConfigureAwait(false);
    }

    private static Task AnswerAsync(ApiRequest request, ObjectView view, WriteOptions options, StoredObject obj)
    {
        WarningHeaders.Write(request.Http.Response, options.Warnings);
        return Answer.JsonAsync(request.Http, 200, view.Read(request.Type.FromStorage(obj.ToJson())));
    }
}

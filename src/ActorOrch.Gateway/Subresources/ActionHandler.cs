using System.Text.Json.Nodes;
using ActorOrch.Gateway.Answers;
using ActorOrch.Gateway.Routing;
using ActorOrch.Gateway.Writing;
using ActorOrch.Registry.Api;
using ActorOrch.Resources.Catalog.Subresources;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Gateway.Subresources;

/// <summary>What is posted to an object, to do something to it.</summary>
internal sealed class ActionHandler(IObjectApi api)
{
    public async Task PostAsync(ApiRequest request, PostedAction action)
    {
        var options = WriteQuery.Read(request, "CreateOptions");
        var posted = await DecodeAsync(request, action.Kind!, options).ConfigureAwait(false);
        await api.PostAsync(request.Type, request.Key, posted, options, request.Cancel).ConfigureAwait(false);
        WarningHeaders.Write(request.Http.Response, options.Warnings);
        await Answer.JsonAsync(request.Http, 201, Answer.Success(code: 201)).ConfigureAwait(false);
    }

    private static async ValueTask<JsonObject> DecodeAsync(ApiRequest request, DocumentKind kind, WriteOptions options)
    {
        var posted = await WriteHandler.DecodeAsync(request, kind, options).ConfigureAwait(false);
        RequestedObject.CheckPosted(request.Key.Namespace, posted);
        if (Field.Root(posted)["metadata"]["name"].Text != request.Info.Name) throw ApiException.BadRequest($"name in URL does not match name in {kind.Kind} object");
        return posted;
    }
}

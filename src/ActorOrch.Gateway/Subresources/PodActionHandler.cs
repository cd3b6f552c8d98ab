using ActorOrch.Gateway.Answers;
using ActorOrch.Gateway.Routing;
using ActorOrch.Gateway.Writing;
using ActorOrch.Registry.Api;
using ActorOrch.Resources.Decoding;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Schemas;
using k8s.Models;

namespace ActorOrch.Gateway.Subresources;

/// <summary>What is posted to a pod: <c>binding</c> (to a node) and <c>eviction</c>.</summary>
internal sealed class PodActionHandler(IObjectApi api)
{
    private static readonly Schema BindingSchema = Schema.Of(typeof(V1Binding));
    private static readonly Schema EvictionSchema = Schema.Of(typeof(V1Eviction));

    public async Task BindAsync(ApiRequest request)
    {
        var options = WriteQuery.Read(request, "CreateOptions");
        var binding = await DecodeAsync(request, BindingSchema, "", "Binding").ConfigureAwait(false);
        await api.CreateAsync(request.Type, request.Key.Namespace, binding, options, request.Cancel).ConfigureAwait(false);
        await Answer.JsonAsync(request.Http, 201, Answer.Success(code: 201)).ConfigureAwait(false);
    }

    public async Task EvictAsync(ApiRequest request)
    {
        var write = WriteQuery.Read(request, "CreateOptions");
        var eviction = await DecodeAsync(request, EvictionSchema, "policy", "Eviction", orVersion: "v1beta1").ConfigureAwait(false);
        var options = DeleteOptionsReader.Read(Field.Root(eviction)["deleteOptions"]);
        await api.DeleteAsync(
            request.Type, request.Key, options.Request, write with { DryRun = write.DryRun || options.DryRun, Subresource = "" }, request.Cancel).ConfigureAwait(false);
        await Answer.JsonAsync(request.Http, 201, Answer.Success(code: 201)).ConfigureAwait(false);
    }

    private static async ValueTask<System.Text.Json.Nodes.JsonObject> DecodeAsync(ApiRequest request, Schema schema, string group, string kind, string? orVersion = null)
    {
        var body = await RequestBody.ReadAsync(request).ConfigureAwait(false);
        var decoded = ObjectDecoder.Decode(body, request.Http.Request.ContentType ?? "", schema, group, "v1", kind, orVersion).Object;
        RequestedObject.CheckPosted(request.Key.Namespace, decoded);
        if (Field.Root(decoded)["metadata"]["name"].Text != request.Info.Name) throw ApiException.BadRequest($"name in URL does not match name in {kind} object");
        return decoded;
    }
}

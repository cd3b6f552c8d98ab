using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using ActorOrch.Gateway.Answers;
using ActorOrch.Gateway.Forms;
using ActorOrch.Gateway.Reading;
using ActorOrch.Gateway.Routing;
using ActorOrch.Gateway.Writing;
using ActorOrch.Registry.Api;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Gateway.Answering;

/// <summary>Requests for kinds of which nothing is stored.</summary>
internal sealed class AnswerHandler(IObjectApi api, IReadOnlyList<AnsweredKind> kinds, TimeProvider time)
{
    private readonly FrozenDictionary<ResourceType, AnsweredKind> _kinds = kinds.ToFrozenDictionary(k => k.Type);

    /// <summary>Null for a kind that is stored.</summary>
    public AnsweredKind? Find(ResourceType type) => type.IsStored ? null : _kinds[type];

    public async Task CreateAsync(ApiRequest request, AnsweredKind kind)
    {
        // As upstream, whose create-only kinds have no path for one object, nor, below namespaces, for all of them.
        if (request.Info.Name.Length > 0 || (kind.Type.Namespaced && request.Info.Namespace.Length == 0)) throw Failures.UnknownPath();
        if (request.Info.Verb != "create") throw ApiException.MethodNotAllowed();
        var form = Negotiation.Choose(request, time);
        // A dry run differs in nothing: there is nothing that it could leave undone.
        var options = WriteQuery.Read(request, "CreateOptions");
        var posted = await WriteHandler.DecodeAsync(request, options).ConfigureAwait(false);
        PutIntoNamespace(request, posted);
        var asked = new AdmissionRequest
        {
            RequestedType = kind.Type,
            Key = request.Key,
            Operation = Operation.Create,
            Kind = kind.Type.Document,
            Object = posted,
            Options = options,
            Registry = api.Registry,
        };
        // Who answers also checks; what admission sees of the question has no answer in it.
        JsonObject answer = [];
        await api.AdmitAsync(asked, question => answer = kind.Create(request, (JsonObject)question.DeepClone()), request.Cancel).ConfigureAwait(false);
        WarningHeaders.Write(request.Http.Response, options.Warnings);
        await GetHandler.WriteAsync(request, 201, form, new(kind.Type, request.Key, 0, Encode(kind.Type, answer))).ConfigureAwait(false);
    }

    private static void PutIntoNamespace(ApiRequest request, JsonObject posted)
    {
        if (request.Type.Namespaced) RequestedObject.CheckPosted(request.Info.Namespace, posted);
        if (posted["metadata"] is not JsonObject metadata) posted["metadata"] = metadata = [];
        if (request.Type.Namespaced) metadata["namespace"] = request.Info.Namespace;
        else metadata.Remove("namespace");
    }

    private static byte[] Encode(ResourceType type, JsonObject answer)
    {
        var whole = new JsonObject
        {
            ["kind"] = type.Kind,
            ["apiVersion"] = type.ApiVersion,
            ["metadata"] = answer["metadata"]?.DeepClone() ?? new JsonObject(),
        };
        foreach (var (name, value) in answer)
            if (!whole.ContainsKey(name)) whole[name] = value?.DeepClone();
        return JsonSerializer.SerializeToUtf8Bytes(whole, JsonWriting.Options);
    }
}

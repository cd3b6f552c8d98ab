using ActorOrch.Gateway.Serving;
using ActorOrch.Registry.Api;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Catalog.Subresources;
using ActorOrch.Resources.Objects;
using Microsoft.AspNetCore.Http;

namespace ActorOrch.Gateway.Routing;

/// <summary>An authenticated and authorized request for a served resource.</summary>
internal sealed class ApiRequest(HttpContext http, RequestInfo info, ResourceType type, Caller caller)
{
    public HttpContext Http { get; } = http;
    public RequestInfo Info { get; } = info;
    public ResourceType Type { get; } = type;
    public Caller Caller { get; } = caller;

    /// <summary>What the URL names below the object; null where it names none, or one that the kind does not have.</summary>
    public Subresource? Subresource { get; } = info.Subresource.Length == 0 ? null : type.FindSubresource(info.Subresource);

    /// <summary>The body, where it has been read before the handler runs, as long ones are.</summary>
    public ReadOnlyMemory<byte>? Body { get; set; }

    /// <summary>What becomes of an answer that nobody reads; null: it waits.</summary>
    public UnreadAnswers? Unread { get; init; }

    /// <summary>The limits of its user.</summary>
    public Room? Room { get; init; }

    public CancellationToken Cancel => Http.RequestAborted;

    /// <summary>The object that the URL names; of a cluster-scoped resource without a namespace.</summary>
    public ObjectKey Key => new(Type.Namespaced ? Info.Namespace : "", Info.Name);

    /// <summary>The same request to another place.</summary>
    public ApiRequest At(in RequestInfo info) => new(Http, info, Type, Caller) { Body = Body, Unread = Unread, Room = Room };

    /// <summary>A query parameter, the first of several of the name; empty where it is absent.</summary>
    public string Query(string name) => QueryOf(Http.Request, name);

    /// <inheritdoc cref="Query"/>
    public static string QueryOf(HttpRequest request, string name) =>
        request.QueryString.HasValue && request.Query[name] is [var first, ..] ? first ?? "" : "";
}

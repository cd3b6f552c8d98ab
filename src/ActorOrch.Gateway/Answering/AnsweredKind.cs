using System.Text.Json.Nodes;
using ActorOrch.Gateway.Routing;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Gateway.Answering;

/// <summary>A kind of which nothing is stored: a function answers what is asked of it. It has no collection, no mirror and no history.</summary>
/// <param name="Type">Its verbs say what may be asked.</param>
/// <param name="Create">
/// From what was posted, decoded and in the request's namespace, to the whole answer. May change the document. Throws <see cref="ApiException"/> to refuse.
/// </param>
internal sealed record AnsweredKind(ResourceType Type, Func<ApiRequest, JsonObject, JsonObject> Create);

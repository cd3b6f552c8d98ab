using System.Collections.Frozen;
using ActorOrch.Gateway.Answers;
using ActorOrch.Gateway.Reading;
using ActorOrch.Gateway.Routing;
using ActorOrch.Gateway.Serving;
using ActorOrch.Gateway.Writing;
using ActorOrch.Resources.Catalog.Subresources;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Gateway.Subresources;

/// <summary>From a subresource to its handler, by what it is: a part or a view of an object, something posted to it, a connection.</summary>
internal sealed class SubresourceHandlers(GatewayOptions options, IEnumerable<IConnectionHandler> connections, GetHandler get, WriteHandler write)
{
    private readonly FrozenDictionary<string, IConnectionHandler> _connections = connections.ToFrozenDictionary(c => c.Name);
    private readonly ViewHandler _views = new(options.Api);
    private readonly ActionHandler _actions = new(options.Api);
    private readonly ConnectionAdmission _admission = new(options.Api);

    public Task HandleAsync(ApiRequest request)
    {
        var (info, subresource) = (request.Info, request.Subresource);
        if (subresource is null || (info.Rest.Length > 0 && !subresource.TakesAnyPath)) throw Failures.UnknownPath();
        // Any method goes on to what is proxied.
        if (!subresource.TakesAnyPath && !subresource.Verbs.Contains(info.Verb)) throw ApiException.MethodNotAllowed();
        return subresource switch
        {
            ObjectPart => PartAsync(request),
            ObjectView view => _views.HandleAsync(request, view),
            PostedAction action => _actions.PostAsync(request, action),
            Connection connection => ConnectAsync(request, connection),
            _ => throw new InvalidOperationException($"nothing serves {request.Type.Plural}/{subresource}"),
        };
    }

    private async Task ConnectAsync(ApiRequest request, Connection connection)
    {
        var admitted = await _admission.AdmitAsync(request, connection).ConfigureAwait(false);
        await _connections[connection.Name].HandleAsync(admitted).ConfigureAwait(false);
    }

    private Task PartAsync(ApiRequest request) => request.Info.Verb switch
    {
        "get" => get.HandleAsync(request),
        "update" => write.UpdateAsync(request),
        "patch" => write.PatchAsync(request),
        _ => throw ApiException.MethodNotAllowed(),
    };
}

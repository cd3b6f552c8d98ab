using System.Data;
using System.Globalization;
using System.Text.Json.Nodes;
using ActorOrch.Gateway.Reading;
using ActorOrch.Gateway.Routing;
using ActorOrch.Gateway.Writing;
using ActorOrch.Registry.Api;
using ActorOrch.Resources.Catalog.Subresources;
using ActorOrch.Resources.Errors;
using Microsoft.AspNetCore.Http.Extensions;

namespace ActorOrch.Gateway.Subresources;

/// <summary>Passes a request for a connection through admission, as a document of its options (<c>PodExecOptions</c>), before anything is connected to.</summary>
internal sealed class ConnectionAdmission(IObjectApi api)
{
    /// <summary>The request as admission leaves it.</summary>
    public async ValueTask<ApiRequest> AdmitAsync(ApiRequest request, Connection connection)
    {
        var target = new AdmissionTarget(request.Type.Storage, Operation.Connect, connection.Name);
        if (connection.Kind is not { } kind || !api.HasAdmission(target)) return request;
        var write = new WriteOptions { Caller = request.Caller, Subresource = connection.Name, FieldManager = ManagerName.Of(request), Warnings = new List<string>() };
        var asked = Read(request, connection, kind);
        var before = asked.DeepClone();
        var admitted = await api.AdmitAsync(
            new()
            {
                RequestedType = request.Type,
                Key = request.Key,
                Operation = Operation.Connect,
                Kind = kind,
                Object = asked,
                Options = write,
                Registry = api.Registry,
            },
            // What is wrong with it the handler says.
            _ => { }, request.Cancel).ConfigureAwait(false);
        WarningHeaders.Write(request.Http.Response, write.Warnings);
        return JsonNode.DeepEquals(admitted, before) ? request : Write(request, connection, Field.Root(admitted));
    }

    private static JsonObject Read(ApiRequest request, Connection connection, DocumentKind kind)
    {
        var options = new JsonObject { ["apiVersion"] = kind.ApiVersion, ["kind"] = kind.Kind };
        foreach (var option in connection.Options)
            if (Read(request, option) is { } value) options[option.Name] = value;
        if (connection.PathOption is { } path && request.Info.Path[Start(request.Info)..] is { Length: > 0 } rest) options[path] = rest;
        return options;
    }

    private static JsonNode? Read(ApiRequest request, QueryOption option)
    {
        string[] Values() => [.. request.Http.Request.Query[option.Name].OfType<string>()];
        return option.Type switch
        {
            QueryOptionType.Flag => ListQuery.ParseFlag(request.Query(option.Name)) == true ? JsonValue.Create(true) : null,
            QueryOptionType.Texts => Values() is { Length: > 0 } texts ? new JsonArray([.. texts.Select(t => JsonValue.Create(t))]) : null,
            QueryOptionType.Number => long.TryParse(request.Query(option.Name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? JsonValue.Create(number) : null,
            QueryOptionType.Numbers => Values() is { Length: > 0 } numbers
                ? new JsonArray([.. numbers.SelectMany(n => n.Split(',')).Select(n => int.TryParse(n, out var one) ? (JsonNode)one : n)])
                : null,
            _ => request.Query(option.Name) is { Length: > 0 } text ? JsonValue.Create(text) : null,
        };
    }

    /// <summary>What was asked for in the way in which a client would have asked for it.</summary>
    private static ApiRequest Write(ApiRequest request, Connection connection, Field admitted)
    {
        var query = new QueryBuilder(request.Http.Request.Query.Where(q => connection.Options.All(o => o.Name != q.Key)));
        foreach (var option in connection.Options)
        {
            var value = admitted[option.Name];
            if (value.Node is JsonArray list) query.Add(option.Name, list.Select(v => v!.ToString()));
            else if (value.Exists) query.Add(option.Name, value.Node!.ToString());
        }
        request.Http.Request.QueryString = query.ToQueryString();
        if (connection.PathOption is not { } path) return request;
        var start = Start(request.Info);
        var rest = admitted[path].Text;
        if (rest.Length > 0 && rest[0] != '/') rest = "/" + rest;
        return request.At(request.Info with { Path = request.Info.Path[..start] + rest, RestAt = start + Math.Min(1, rest.Length), Rest = rest.TrimStart('/') });
    }

    /// <summary>Where the path ends that leads to the connection.</summary>
    private static int Start(in RequestInfo info) => info.RestAt - (info.Path[info.RestAt - 1] == '/' ? 1 : 0);
}

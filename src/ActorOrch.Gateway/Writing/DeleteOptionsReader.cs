using ActorOrch.Gateway.Reading;
using ActorOrch.Gateway.Routing;
using ActorOrch.Registry.Api;
using ActorOrch.Resources.Decoding;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Schemas;
using k8s.Models;

namespace ActorOrch.Gateway.Writing;

/// <summary>Reads the options of a DELETE, from its body or, where it has none, from its query.</summary>
internal static class DeleteOptionsReader
{
    /// <summary>Throws 400 and 422 for what cannot be read or contradicts itself.</summary>
    public static async ValueTask<DeleteOptions> ReadAsync(ApiRequest request)
    {
        var body = await RequestBody.ReadAsync(request).ConfigureAwait(false);
        return body.Length == 0 ? FromQuery(request) : FromBody(body, request.Http.Request.ContentType ?? "");
    }

    private static DeleteOptions FromBody(ReadOnlyMemory<byte> body, string contentType) =>
        DeleteOptions.Read(Field.Root(ObjectDecoder.DecodeOptions(body, contentType, Schema.Of(typeof(V1DeleteOptions)), DeleteOptions.Kind).Object));

    private static DeleteOptions FromQuery(ApiRequest request)
    {
        if (!request.Http.Request.QueryString.HasValue) return new(new(), false, null);
        return DeleteOptions.Of(
            QueryNumber.Signed(request, "gracePeriodSeconds"),
            request.Query("propagationPolicy"),
            ListQuery.ParseFlag(request.Query("orphanDependents")),
            request.Http.Request.Query["dryRun"],
            uid: null,
            revision: null);
    }
}

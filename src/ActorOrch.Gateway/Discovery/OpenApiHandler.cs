using ActorOrch.Gateway.Answers;
using ActorOrch.Gateway.Routing;
using ActorOrch.Resources.OpenApi;
using Microsoft.AspNetCore.Http;

namespace ActorOrch.Gateway.Discovery;

/// <summary><c>/openapi/v2</c> and <c>/openapi/v3</c>: what <c>kubectl explain</c> and client-side validation read.</summary>
internal sealed class OpenApiHandler(RouteTable routes)
{
    private const string V3Prefix = "/openapi/v3/";

    public Task HandleAsync(HttpContext context, string path) => path.TrimEnd('/') switch
    {
        "/openapi/v2" => OpenApiForm.V2.WriteAsync(context, OpenApiDocuments.V2(routes.Types)),
        "/openapi/v3" => OpenApiForm.Root.WriteAsync(context, OpenApiDocuments.V3Root(routes.Types)),
        var document when document.StartsWith(V3Prefix, StringComparison.Ordinal) => GroupVersionAsync(context, document),
        _ => throw Failures.UnknownPath(),
    };

    private Task GroupVersionAsync(HttpContext context, string path)
    {
        var document = path[V3Prefix.Length..].Split('/') switch
        {
            ["api", var version] => OpenApiDocuments.V3(routes.Types, "", version),
            ["apis", var group, var version] => OpenApiDocuments.V3(routes.Types, group, version),
            _ => null,
        };
        if (document is null) throw Failures.UnknownPath();
        var wanted = context.Request.Query["hash"].ToString();
        if (wanted.Length == 0) return OpenApiForm.V3.WriteAsync(context, document);
        if (wanted != document.Hash)
        {
            context.Response.StatusCode = 301;
            context.Response.Headers.Location = $"{path}?hash={document.Hash}";
            return Task.CompletedTask;
        }
        // Named by its hash, a document never changes.
        context.Response.Headers.CacheControl = "public, immutable";
        context.Response.Headers.Expires = DateTimeOffset.MaxValue.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
        return OpenApiForm.V3.WriteAsync(context, document);
    }
}

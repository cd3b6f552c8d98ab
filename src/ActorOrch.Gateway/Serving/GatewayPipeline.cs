using ActorOrch.Resources;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ActorOrch.Gateway;

/// <summary>What every request goes through: who asks, what for, may they; then its handler; failures become a <c>Status</c>.</summary>
internal sealed partial class GatewayPipeline : IDisposable
{
    private readonly Authenticator _authenticator;
    private readonly RouteTable _routes;
    private readonly PathHandlers _paths;
    private readonly ResourceHandlers _resources;
    private readonly ILogger _log;

    public GatewayPipeline(GatewayOptions options, CancellationToken stopping, ILogger log)
    {
        _authenticator = new(options.Pki.Authority, options.Tokens);
        _routes = new(options.Api.Registry);
        _paths = new(options, _routes);
        _resources = new(options, stopping);
        _log = log;
    }

    public async Task HandleAsync(HttpContext context, ConnectionIdentity connection)
    {
        var headers = context.Response.Headers;
        var given = context.Request.Headers["Audit-ID"];
        var audit = given.Count == 0 ? AuditId.New() : given.ToString();
        headers["Audit-Id"] = audit;
        headers.CacheControl = "no-cache, private";
        try
        {
            await DispatchAsync(context, connection).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has gone: there is no one to answer.
        }
        catch (IOException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Likewise, while its body was being read.
        }
        catch (ApiException failure)
        {
            await FailAsync(context, failure).ConfigureAwait(false);
        }
        catch (BadHttpRequestException malformed)
        {
            await FailAsync(context, new(malformed.StatusCode, "BadRequest", malformed.Message)).ConfigureAwait(false);
        }
        catch (Exception unexpected)
        {
            LogUnexpected(unexpected, context.Request.Method, context.Request.Path, audit);
            await FailAsync(context, Failures.Internal(audit)).ConfigureAwait(false);
        }
    }

    public void Dispose() => _resources.Dispose();

    private Task DispatchAsync(HttpContext context, ConnectionIdentity connection)
    {
        var path = context.Request.Path.Value ?? "/";
        var caller = _authenticator.Authenticate(context, connection);
        var open = Authorizer.IsPublic(path);
        if (caller is null && !open) throw Failures.Unauthorized();
        var watching = ListQuery.ParseFlag(ApiRequest.QueryOf(context.Request, "watch")) == true;
        var info = RequestInfoParser.Parse(context.Request.Method, path, watching);
        if (!open && Authorizer.Check(caller!, info) is { } refusal) throw refusal;
        if (!info.IsResource) return _paths.HandleAsync(context, path);
        var type = _routes.Find(info.Group, info.Version, info.Resource) ?? throw Failures.UnknownPath();
        return _resources.HandleAsync(new(context, info, type, caller!));
    }

    private static Task FailAsync(HttpContext context, ApiException failure)
    {
        if (!context.Response.HasStarted) return Answer.FailureAsync(context, failure);
        // Half an answer is out: the client must not take it for a whole one.
        context.Abort();
        return Task.CompletedTask;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed (request {Audit})")]
    private partial void LogUnexpected(Exception exception, string method, string path, string audit);
}

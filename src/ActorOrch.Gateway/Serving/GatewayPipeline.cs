using ActorOrch.Gateway.Access;
using ActorOrch.Gateway.Access.Reviews;
using ActorOrch.Gateway.Answers;
using ActorOrch.Gateway.Reading;
using ActorOrch.Gateway.Routing;
using ActorOrch.Gateway.Writing;
using ActorOrch.Registry.Api;
using ActorOrch.Resources.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ActorOrch.Gateway.Serving;

/// <summary>What every request goes through: who asks, what for, may they; then its handler; failures become a <c>Status</c>.</summary>
internal sealed partial class GatewayPipeline : IDisposable
{
    private readonly Authenticator _authenticator;
    private readonly RouteTable _routes;
    private readonly PathHandlers _paths;
    private readonly ResourceHandlers _resources;
    private readonly RequestLimits _limits;
    private readonly UnreadAnswers _unread;
    private readonly ILogger _log;

    public GatewayPipeline(GatewayOptions options, int connections, CancellationToken stopping, ILogger log)
    {
        _authenticator = new(options.Pki.Authority, options.Tokens, options.Time, log);
        var answered = ReviewAnswers.All(_authenticator, options.Time);
        _routes = new(options.Api.Registry, [.. answered.Select(kind => kind.Type)]);
        _paths = new(options, _routes);
        _resources = new(options, answered, stopping);
        _limits = new(options.Time, connections);
        _unread = new(options.Time, options.UnreadAnswerPatience);
        _log = log;
    }

    internal RequestLimits Limits => _limits;

    public async Task HandleAsync(HttpContext context, ConnectionIdentity connection)
    {
        var headers = context.Response.Headers;
        var given = context.Request.Headers["Audit-ID"] is [{ Length: > 0 } first, ..] ? first : null;
        var audit = given is not null && AuditId.IsValid(given) ? given : AuditId.New();
        headers["Audit-Id"] = audit;
        headers.CacheControl = "no-cache, private";
        // Of which budget the request has a place.
        Budget? place = null;
        Room? room = null;
        try
        {
            if (given is not null && !ReferenceEquals(given, audit)) throw ApiException.BadRequest(AuditId.Rule);
            Framing.Require(context);
            var caller = _authenticator.Authenticate(context, connection);
            room = connection.RoomOf(caller, _limits);
            // One that proves nothing is cut in time by itself.
            if (caller is not null && !connection.TryTakePlace(room.Connections))
            {
                context.Connection.RequestClose();
                throw Failures.TooManyRequests();
            }
            if (!room.Requests.TryTake(1)) await RequestLimits.TakeAsync(room.Requests, 1, context.RequestAborted).ConfigureAwait(false);
            place = room.Requests;
            await DispatchAsync(context, connection, caller, room, ref place).ConfigureAwait(false);
            // The place is kept for as long as the answer is.
            if (ReferenceEquals(place, room.Requests)) await _unread.SettleAsync(context, room.Unread).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has disconnected: there is no one to answer.
        }
        catch (IOException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Likewise, while its body was being read.
        }
        catch (ApiException failure)
        {
            // Who proves nothing does not keep its connection; one whose certificate has expired is told so, and may come with a token.
            if (failure.Code == 401 && connection.CertificateFault is null) context.Connection.RequestClose();
            await FailAsync(context, failure, room).ConfigureAwait(false);
        }
        catch (BadHttpRequestException malformed)
        {
            await FailAsync(context, Failures.Malformed(malformed), room).ConfigureAwait(false);
        }
        catch (IOException malformed) when (malformed.InnerException is OverflowException)
        {
            // A chunk of more bytes than can be counted: the server below has no better name for it.
            await FailAsync(context, ApiException.BadRequest("Bad chunk size data."), room).ConfigureAwait(false);
        }
        catch (Exception late) when (context.Response.HasStarted && (late is InvalidOperationException || context.RequestAborted.IsCancellationRequested) && place is not null && ReferenceEquals(place, room?.Streams))
        {
            // A stream that broke on its way: there is nothing left to say to the client.
            LogBroken(context.Request.Method, context.Request.Path, audit, late.Message);
            context.Abort();
        }
        catch (Exception unexpected)
        {
            LogUnexpected(unexpected, context.Request.Method, context.Request.Path, audit);
            await FailAsync(context, Failures.Internal(audit), room).ConfigureAwait(false);
        }
        finally
        {
            place?.Give(1);
        }
    }

    public void Dispose() => _resources.Dispose();

    private Task DispatchAsync(HttpContext context, ConnectionIdentity connection, Caller? caller, Room room, ref Budget? place)
    {
        if (Impersonation.IsAsked(context.Request.Headers)) caller = Impersonation.Act(caller ?? throw Failures.Unauthorized(), context.Request.Headers);
        var watching = ListQuery.ParseFlag(ApiRequest.QueryOf(context.Request, "watch")) == true;
        var info = RequestInfoParser.Parse(context.Request.Method, RequestPath.Of(context), watching);
        var open = !info.IsResource && Authorizer.IsPublic(info.Path);
        if (caller is null && !open)
        {
            if (connection.CertificateFault is { } fault) WarningHeaders.Write(context.Response, [fault]);
            throw Failures.Unauthorized();
        }
        if (!open && Authorizer.Check(caller!, info) is { } refusal) throw refusal;
        if (!info.IsResource) return _paths.HandleAsync(context, info.Path, caller);
        var type = _routes.Find(info.Group, info.Version, info.Resource) ?? throw Failures.UnknownPath();
        var request = new ApiRequest(context, info, type, caller!) { Unread = _unread, Room = room };
        if (RequestLimits.LongRunning(request, room) is { } other)
        {
            // A client takes the answer to HEAD to end with its head, and sends its next request behind one that would go on for an hour.
            if (HttpMethods.IsHead(context.Request.Method) && request.Subresource is not { TakesAnyPath: true }) throw ApiException.MethodNotAllowed();
            Move(ref place, other);
            return _resources.HandleAsync(request);
        }
        var length = RequestLimits.LargeBody(context.Request);
        return length == 0 ? _resources.HandleAsync(request) : HandleLargeAsync(request, room, connection.Share(_limits), length);
    }

    /// <summary>A request that may go on for days does not take the place of one that ends.</summary>
    private static void Move(ref Budget? place, Budget other)
    {
        if (!other.TryTake(1)) throw Failures.TooManyRequests();
        place?.Give(1);
        place = other;
    }

    /// <summary>A long body is read in its turn, and decoded in its turn: one that comes slowly keeps no other from being decoded.</summary>
    private async Task HandleLargeAsync(ApiRequest request, Room room, BodyShare share, int length)
    {
        using var bodies = await BodyShare.TakeAsync(share.Bodies, room.Bodies, length, request.Cancel).ConfigureAwait(false);
        var body = await RequestBody.ReadAsync(request.Http.Request, request.Cancel).ConfigureAwait(false);
        request.Body = body;
        var cost = RequestLimits.CostOf(request.Http.Request, body.Length);
        using var documents = await BodyShare.TakeAsync(share.Documents, room.Documents, cost, request.Cancel).ConfigureAwait(false);
        await _resources.HandleAsync(request).ConfigureAwait(false);
    }

    private async Task FailAsync(HttpContext context, ApiException failure, Room? room)
    {
        // Half an answer is out: the client must not take it for a whole one.
        if (context.Response.HasStarted) context.Abort();
        else
            try
            {
                await Answer.FailureAsync(context, failure).ConfigureAwait(false);
                await _unread.SettleAsync(context, room?.Unread).ConfigureAwait(false);
            }
            catch (Exception gone) when (gone is IOException or OperationCanceledException && context.RequestAborted.IsCancellationRequested)
            {
                // The client has not waited for the answer.
            }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Method} {Path} broke off (request {Audit}): {Reason}")]
    private partial void LogBroken(string method, string path, string audit, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed (request {Audit})")]
    private partial void LogUnexpected(Exception exception, string method, string path, string audit);
}

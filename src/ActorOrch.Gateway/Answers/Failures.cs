using ActorOrch.Gateway.Writing;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;
using Microsoft.AspNetCore.Http;

namespace ActorOrch.Gateway.Answers;

/// <summary>The answers that only the HTTP face gives, in upstream's words.</summary>
internal static class Failures
{
    public static ApiException Unauthorized() => new(401, "Unauthorized", "Unauthorized");

    /// <summary>What the server below could not read.</summary>
    public static ApiException Malformed(BadHttpRequestException cause) => cause.StatusCode switch
    {
        408 => new(408, "Timeout", "the body of the request did not come in time"),
        413 => TooLarge(RequestBody.Limit),
        var code => new(code, "BadRequest", "the body of the request ends early, or is not framed as its headers say"),
    };

    public static ApiException UnknownPath() => ApiException.UnknownResource();

    public static ApiException TooLarge(long limit) =>
        ApiException.TooLarge($"limit is {limit}");

    /// <summary>More requests are under way than the server takes on: 429, to be tried again in a while.</summary>
    public static ApiException TooManyRequests() =>
        new(429, "TooManyRequests", "Too many requests, please try again later.") { RetryAfterSeconds = 1 };

    public static ApiException NotAcceptable(params IEnumerable<string> served) =>
        new(406, "NotAcceptable", $"only the following media types are accepted: {string.Join(", ", served)}");

    /// <summary>A form of single objects was asked for, and this is a list.</summary>
    public static ApiException IsList(string form, ResourceType type) =>
        new(406, "NotAcceptable", $"you requested {form}, but the requested object is a list (*{type.InternalPackage}.{type.Kind}List)");

    /// <summary>A form of lists was asked for, and this is a single object.</summary>
    public static ApiException IsNoList(string form, ResourceType type) =>
        new(406, "NotAcceptable", $"you requested {form}, but the requested object is not a list (*{type.InternalPackage}.{type.Kind})");

    public static ApiException UnsupportedMediaType(params IEnumerable<string> accepted) =>
        new(415, "UnsupportedMediaType", $"the body of the request was in an unknown format - accepted media types include: {string.Join(", ", accepted)}");

    /// <summary>A query parameter's value that no one can read.</summary>
    public static ApiException InvalidParameter(string kind, string name, params IReadOnlyList<FieldError> errors) =>
        ApiException.InvalidParameter(kind, name, errors);

    /// <summary>The history that a watch or list asked for is no longer kept.</summary>
    public static ApiException TooOld(long requested, long oldest) =>
        ApiException.Expired($"too old resource version: {requested} ({oldest})");

    /// <summary>The revision asked for lies ahead of everything that is stored.</summary>
    public static ApiException TooLargeRevision(long requested, long current) =>
        new(504, "Timeout", $"Timeout: Too large resource version: {requested}, current: {current}")
        {
            RetryAfterSeconds = 1,
            Causes = [new("ResourceVersionTooLarge", "", "Too large resource version")],
        };

    /// <summary>What a client gets to see of an unexpected exception: nothing but how to find it in the log.</summary>
    public static ApiException Internal(string auditId) =>
        new(500, "InternalError", $"Internal error occurred: the request failed unexpectedly (request {auditId})");
}

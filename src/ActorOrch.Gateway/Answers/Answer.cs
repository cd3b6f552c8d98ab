using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using ActorOrch.Resources.Errors;
using Microsoft.AspNetCore.Http;

namespace ActorOrch.Gateway.Answers;

/// <summary>Writes whole answers.</summary>
internal static class Answer
{
    public const string JsonType = "application/json";

    public static Task JsonAsync(HttpContext context, int code, JsonNode body) =>
        BytesAsync(context, code, JsonType, JsonSerializer.SerializeToUtf8Bytes(body, JsonWriting.Options));

    public static Task TextAsync(HttpContext context, int code, string text) =>
        BytesAsync(context, code, "text/plain; charset=utf-8", System.Text.Encoding.UTF8.GetBytes(text));

    public static async Task BytesAsync(HttpContext context, int code, string contentType, ReadOnlyMemory<byte> body)
    {
        var response = context.Response;
        response.StatusCode = code;
        response.ContentType = contentType;
        response.ContentLength = body.Length;
        if (HttpMethods.IsHead(context.Request.Method)) return;
        await response.StartAsync(context.RequestAborted).ConfigureAwait(false);
        response.BodyWriter.Write(body.Span);
    }

    /// <summary>The failure as a <c>Status</c>. Everything written before is given up.</summary>
    public static Task FailureAsync(HttpContext context, ApiException failure)
    {
        if (failure.RetryAfterSeconds is { } seconds) context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return JsonAsync(context, failure.Code, StatusOf(failure));
    }

    /// <summary>The failure as upstream prints it: errors about a request always carry details.</summary>
    public static JsonObject StatusOf(ApiException failure)
    {
        var status = failure.ToStatus();
        if (failure.Code is 404 or 405 or 403 && !status.ContainsKey("details")) status.Insert(status.IndexOf("code"), "details", new JsonObject());
        return status;
    }

    /// <summary>A <c>Status</c> of success, with details of what it is about.</summary>
    public static JsonObject Success(int? code = null, JsonObject? details = null)
    {
        var status = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Success",
        };
        if (details is not null) status["details"] = details;
        if (code is not null) status["code"] = code;
        return status;
    }
}

using ActorOrch.Gateway.Answers;
using ActorOrch.Gateway.Forms;
using ActorOrch.Resources.OpenApi;
using Microsoft.AspNetCore.Http;

namespace ActorOrch.Gateway.Discovery;

/// <summary>The media types in which a published document can be had.</summary>
/// <param name="protobuf">Names of the protobuf form, the one that answers carry first; none where the document has no such form.</param>
internal sealed class OpenApiForm(params string[] protobuf)
{
    // The name with @ is older; answers never carry it, as Go refuses to read it there.
    public static readonly OpenApiForm V2 = new(
        "application/com.github.proto-openapi.spec.v2.v1.0+protobuf", "application/com.github.proto-openapi.spec.v2@v1.0+protobuf",
        "application/com.github.proto-openapi.spec.v2.v1+protobuf");

    public static readonly OpenApiForm V3 = new(
        "application/com.github.proto-openapi.spec.v3.v1.0+protobuf", "application/com.github.proto-openapi.spec.v3@v1.0+protobuf",
        "application/com.github.proto-openapi.spec.v3.v1+protobuf");

    /// <summary>Of the list of documents.</summary>
    public static readonly OpenApiForm Root = new();

    /// <summary>The document in the form that the client likes best, or 304 where it has it. Throws 406 where it accepts none.</summary>
    public Task WriteAsync(HttpContext context, OpenApiDocument document)
    {
        var headers = context.Response.Headers;
        headers.Vary = "Accept";
        var asProtobuf = PrefersProtobuf(context.Request.Headers.Accept.ToString());
        var tag = asProtobuf ? $"\"{document.Hash}-protobuf\"" : $"\"{document.Hash}\"";
        headers.ETag = tag;
        if (context.Request.Headers.IfNoneMatch.Contains(tag))
        {
            context.Response.StatusCode = 304;
            return Task.CompletedTask;
        }
        return asProtobuf
            ? Answer.BytesAsync(context, 200, protobuf[0], document.Protobuf)
            : Answer.BytesAsync(context, 200, Answer.JsonType, document.Json);
    }

    internal bool PrefersProtobuf(string accept)
    {
        if (accept.Length == 0) return false;
        foreach (var clause in AcceptHeader.Parse(accept))
        {
            // What leaves the choice to the server gets JSON.
            if (clause.Covers(Answer.JsonType)) return false;
            if (protobuf.Contains(clause.Type)) return true;
        }
        throw Failures.NotAcceptable([Answer.JsonType, .. protobuf]);
    }
}

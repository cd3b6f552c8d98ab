using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using ActorOrch.Gateway.Answers;
using Microsoft.AspNetCore.Http;

namespace ActorOrch.Gateway.Discovery;

/// <summary>A document that changes only with the served kinds: encoded once, named by the hash of its bytes.</summary>
internal sealed class CachedDocument(JsonNode json, string contentType)
{
    private readonly byte[] _bytes = JsonSerializer.SerializeToUtf8Bytes(json, JsonWriting.Options);
    private string? _hash;

    /// <summary>SHA-512 in upper-case hexadecimal, as upstream's.</summary>
    public string Hash => _hash ??= Convert.ToHexString(SHA512.HashData(_bytes));

    public Task WriteAsync(HttpContext context) => Answer.BytesAsync(context, 200, contentType, _bytes);

    /// <summary>Answers 304 to a client that has these very bytes.</summary>
    public Task WriteTaggedAsync(HttpContext context)
    {
        var tag = $"\"{Hash}\"";
        context.Response.Headers.ETag = tag;
        if (!context.Request.Headers.IfNoneMatch.Contains(tag)) return WriteAsync(context);
        context.Response.StatusCode = 304;
        return Task.CompletedTask;
    }
}

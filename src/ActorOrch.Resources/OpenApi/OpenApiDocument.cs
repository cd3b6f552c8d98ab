using System.Text.Json;
using ActorOrch.Resources.OpenApi.Protobuf;

namespace ActorOrch.Resources.OpenApi;

/// <summary>A published document.</summary>
public sealed class OpenApiDocument
{
    private readonly Lazy<byte[]>? _protobuf;

    internal OpenApiDocument(byte[] json, string hash, MessageShape? message)
    {
        (Json, Hash) = (json, hash);
        if (message is not null) _protobuf = new(() => Encode(json, message));
    }

    /// <summary>UTF-8; shared, never to be changed.</summary>
    public byte[] Json { get; }

    /// <summary>Hexadecimal; changes whenever the document does. For the ETag (in quotes) and the <c>hash</c> parameter.</summary>
    public string Hash { get; }

    /// <summary>The same in gnostic's protobuf form, written when someone asks; null for a document that has none. Shared, never to be changed.</summary>
    public byte[]? Protobuf => _protobuf?.Value;

    private static byte[] Encode(byte[] json, MessageShape message)
    {
        using var document = JsonDocument.Parse(json);
        var output = new ProtobufWriter();
        message.Write(output, document.RootElement);
        return output.ToArray();
    }
}

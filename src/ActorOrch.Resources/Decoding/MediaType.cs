using System.Net.Http.Headers;

namespace ActorOrch.Resources.Decoding;

/// <summary>The formats in which objects may be sent.</summary>
internal sealed record MediaType(string Name)
{
    public static readonly MediaType Json = new("application/json");
    public static readonly MediaType Yaml = new("application/yaml");

    public static readonly MediaType Protobuf = new("application/vnd.kubernetes.protobuf");

    /// <summary>By the Content-Type; JSON where there is none. Throws 415 for any other.</summary>
    public static MediaType Of(string? contentType)
    {
        if (contentType == Json.Name || string.IsNullOrWhiteSpace(contentType)) return Json;
        var name = MediaTypeHeaderValue.TryParse(contentType, out var parsed) ? parsed.MediaType : null;
        return string.Equals(name, Json.Name, StringComparison.OrdinalIgnoreCase) ? Json
            : string.Equals(name, Yaml.Name, StringComparison.OrdinalIgnoreCase) ? Yaml
            : string.Equals(name, Protobuf.Name, StringComparison.OrdinalIgnoreCase) ? Protobuf
            : throw DecodingErrors.UnsupportedMediaType(Json.Name, Yaml.Name, Protobuf.Name);
    }
}

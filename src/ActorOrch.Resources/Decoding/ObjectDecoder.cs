using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Decoding.Protobuf;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Schemas;

namespace ActorOrch.Resources.Decoding;

/// <summary>From the body of a request to a document that the rest of the pipeline can rely on. Throws nothing but <see cref="ApiException"/>.</summary>
public static class ObjectDecoder
{
    /// <summary>Decodes an object of a served kind. A body without apiVersion and kind gets those of the kind.</summary>
    /// <exception cref="ApiException">415 for a media type that is not spoken; 400 for what cannot be read as the kind.</exception>
    public static DecodedObject Decode(ReadOnlyMemory<byte> body, string contentType, ResourceType type) =>
        Decode(body, contentType, Schema.Of(type), type.Group, type.Version, type.Kind);

    /// <summary>Decodes what is not stored: <c>Binding</c>, <c>Eviction</c>, <c>Scale</c>, a review.</summary>
    /// <param name="schema">Of the model class: <c>Schema.Of(typeof(V1Binding))</c>.</param>
    /// <param name="orVersion">An older version with the same fields, which is taken, too.</param>
    public static DecodedObject Decode(
        ReadOnlyMemory<byte> body, string contentType, Schema schema, string group, string version, string kind, string? orVersion = null) =>
        Decode(body, contentType, schema, new TypeMeta(group.Length == 0 ? version : $"{group}/{version}", kind),
            meta => meta.Require(group, orVersion is not null && meta.ApiVersion == $"{group}/{orVersion}" ? orVersion : version, kind));

    /// <summary>Decodes options, such as <c>DeleteOptions</c>: typed clients name the group that they act in.</summary>
    public static DecodedObject DecodeOptions(ReadOnlyMemory<byte> body, string contentType, Schema schema, string kind) =>
        Decode(body, contentType, schema, new TypeMeta("v1", kind), meta => meta.RequireInAnyGroup(kind));

    private static DecodedObject Decode(ReadOnlyMemory<byte> body, string contentType, Schema schema, TypeMeta expected, Action<TypeMeta> require)
    {
        var media = MediaType.Of(contentType);
        var errors = new StrictErrorList();
        JsonObject? obj = null;
        ProtobufEnvelope? envelope = null;
        TypeMeta meta;
        try
        {
            if (media == MediaType.Protobuf) meta = (envelope = ProtobufEnvelope.Read(body)).Meta;
            else meta = TypeMeta.Read(obj = Parse(body, media, errors));
        }
        catch (DecodingException unreadable)
        {
            var error = media == MediaType.Json ? $"couldn't get version/kind; json parse error: {unreadable.Message}" : unreadable.Message;
            throw DecodingErrors.Unrecognized(expected.Kind, error, body.Span);
        }
        meta = meta.Or(expected);
        require(meta);
        try
        {
            obj ??= ProtobufMessage.Read(envelope!.Raw, schema);
            obj["apiVersion"] = meta.ApiVersion;
            obj["kind"] = meta.Kind;
            new SchemaWalk(errors).Run(obj, schema);
        }
        catch (DecodingException wrong)
        {
            throw DecodingErrors.CannotHandle(meta.Kind, meta.Version, meta.Kind, wrong.Message);
        }
        return new(obj, errors.All);
    }

    /// <summary>Reads the body of a PATCH, which is JSON in each of its forms. The content type has told the form already.</summary>
    /// <exception cref="ApiException">400 for what is not JSON.</exception>
    public static DecodedPatch DecodePatch(ReadOnlyMemory<byte> body)
    {
        var errors = new StrictErrorList();
        try
        {
            return new(JsonTree.Parse(body.Span, errors), errors.All);
        }
        catch (DecodingException malformed)
        {
            throw ApiException.BadRequest($"error decoding patch: {malformed.Message}");
        }
    }

    /// <summary>Reads the body of an apply, which is YAML, and so JSON, too.</summary>
    /// <exception cref="ApiException">400 for what is neither.</exception>
    public static DecodedPatch DecodeApplied(ReadOnlyMemory<byte> body)
    {
        try
        {
            return ReadApplied(body.Span);
        }
        catch (DecodingException malformed)
        {
            throw ApiException.BadRequest($"error decoding YAML: {malformed.Message}");
        }
    }

    private static DecodedPatch ReadApplied(ReadOnlySpan<byte> body)
    {
        var errors = new StrictErrorList();
        // The commonest by far, and much faster to read as what it is. What only looks like it is YAML in braces.
        if (body.TrimStart(" \t\r\n"u8) is [(byte)'{', ..])
        {
            try
            {
                return new(JsonTree.Parse(body, errors), errors.All);
            }
            catch (DecodingException)
            {
                errors = new();
            }
        }
        return new(YamlTree.Parse(body, errors), errors.All);
    }

    private static JsonObject Parse(ReadOnlyMemory<byte> body, MediaType media, StrictErrorList errors) =>
        (media == MediaType.Yaml ? YamlTree.Parse(body.Span, errors) : JsonTree.Parse(body.Span, errors)) switch
        {
            null => [],
            JsonObject map => map,
            var other => throw new DecodingException($"json: cannot unmarshal {TypeMeta.Describe(other)} into Go value of type {TypeMeta.GoType}"),
        };
}

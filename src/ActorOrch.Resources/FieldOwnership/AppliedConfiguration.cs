using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Decoding;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Kinds;
using ActorOrch.Resources.Objects;
using ActorOrch.Resources.Schemas;

namespace ActorOrch.Resources.FieldOwnership;

/// <summary>What a manager applies.</summary>
/// <param name="Document">Canonical: only known fields, no nulls, quantities and times in their one form.</param>
/// <param name="Fields">What it owns by it.</param>
/// <param name="Emptied">What of that has no value: given as null, or as an empty list that has one owner.</param>
public sealed record AppliedConfiguration(JsonObject Document, FieldSet Fields, FieldSet Emptied)
{
    /// <summary>Of an object of a kind.</summary>
    /// <param name="body">YAML, and so JSON, too.</param>
    /// <param name="key">What the request names; for messages.</param>
    /// <exception cref="ApiException">400 for what cannot be applied to the kind.</exception>
    public static (AppliedConfiguration Applied, IReadOnlyList<string> StrictErrors) Decode(ReadOnlyMemory<byte> body, ResourceType type, ObjectKey key) =>
        Decode(body, Schema.Of(type), type.ApiVersion, type.Kind, key);

    /// <summary>Of what is no object by itself, as a Scale.</summary>
    public static (AppliedConfiguration Applied, IReadOnlyList<string> StrictErrors) Decode(
        ReadOnlyMemory<byte> body, Schema schema, string apiVersion, string kind, ObjectKey key)
    {
        var (node, strictErrors) = ObjectDecoder.DecodeApplied(body);
        return (Read(node, schema, apiVersion, kind, key), strictErrors);
    }

    /// <summary>Of a document that is in order.</summary>
    public static AppliedConfiguration Of(JsonObject document, ResourceType type) =>
        new(document, DocumentFields.Read(document, Schema.Of(type)), FieldSet.Empty);

    private static AppliedConfiguration Read(JsonNode? node, Schema schema, string apiVersion, string kind, ObjectKey key)
    {
        if (node is not JsonObject document)
            throw ApiException.BadRequest(
                $"error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {(node is null ? "null" : TypeMeta.Describe(node))} into Go value of type map[string]interface {{}}");
        var given = document.Text("apiVersion");
        if (given != apiVersion)
            throw ApiException.BadRequest($"Incorrect version specified in apply patch. Specified patch version: {given}, expected: {apiVersion}");
        var what = $"{key.Namespace}/{key.Name}; {apiVersion}, Kind={document.Text("kind")}";
        if (document.Text("kind") != kind) throw ApiException.BadRequest($"failed to create typed patch object ({what}): no corresponding type for {apiVersion}, Kind={document.Text("kind")}");
        if (document.Find("metadata")?["managedFields"] is not null) throw ApiException.BadRequest("metadata.managedFields must be nil");
        var reading = new DocumentFields();
        var fields = reading.Of(document, schema);
        if (reading.Errors.Count > 0)
            throw ApiException.BadRequest($"failed to create typed patch object ({what}): "
                + (reading.Errors.Count == 1 ? reading.Errors[0] : "errors:\n  " + string.Join("\n  ", reading.Errors)));
        SchemaCheck.Normalize(document, schema);
        return new(document, fields, reading.Emptied);
    }
}

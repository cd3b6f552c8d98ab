using System.Text.Json.Nodes;

namespace ActorOrch.Resources;

/// <summary>Checks documents that were not decoded from a body: what a patch led to, or what a controller built.</summary>
public static class SchemaCheck
{
    /// <summary>
    /// Brings the document into the form that <see cref="Decoder"/> gives, in place: drops unknown fields and explicit nulls,
    /// canonicalises quantities and times. Throws 422 with upstream's words for a patch where a value has the wrong type.
    /// </summary>
    /// <returns>What field validation has to say; see <see cref="StrictErrors.OfPatch"/>.</returns>
    public static IReadOnlyList<string> Normalize(JsonObject obj, ResourceType type) => Normalize(obj, Schema.Of(type));

    /// <inheritdoc cref="Normalize(JsonObject, ResourceType)"/>
    public static IReadOnlyList<string> Normalize(JsonObject obj, Schema schema)
    {
        var errors = new StrictErrorList();
        try
        {
            new SchemaWalk(errors).Run(obj, schema);
        }
        catch (DecodingException wrong)
        {
            throw DecodingErrors.InvalidPatch(obj, wrong.Message);
        }
        return errors.All;
    }
}

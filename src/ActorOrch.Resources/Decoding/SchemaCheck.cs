using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Schemas;

namespace ActorOrch.Resources.Decoding;

/// <summary>Checks documents that were not decoded from a body: what a patch led to, or what a controller built.</summary>
public static class SchemaCheck
{
    /// <summary>
    /// Brings the document into the form that <see cref="ObjectDecoder"/> gives, in place: drops unknown fields and explicit nulls,
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

    /// <summary>
    /// Throws 422 with upstream's words where a patch has made one of another kind out of a document. What it has emptied is taken for what it was.
    /// </summary>
    /// <param name="patched">Normalized.</param>
    public static void KeepsItsKind(JsonObject patched, string group, string version, string kind)
    {
        var before = new TypeMeta(group.Length == 0 ? version : $"{group}/{version}", kind);
        var after = TypeMeta.Read(patched).Or(before);
        if (after == before) return;
        throw DecodingErrors.InvalidPatch(patched, after.ApiVersion.Count(c => c == '/') > 1
            ? $"unexpected GroupVersion string: {after.ApiVersion}"
            : after.Kind == kind
                ? $"no kind \"{kind}\" is registered for version \"{after.ApiVersion}\""
                : $"converting ({after.Version}.{after.Kind}) to ({TypeMeta.Package(group)}.{kind}): unknown conversion");
    }
}

using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog.Subresources;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Decoding;

/// <summary>The refusals of <c>fieldValidation=Strict</c>, as the API server words them.</summary>
public static class StrictErrors
{
    /// <summary>Of a body that creates or replaces: 400 <c>Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: …</c>.</summary>
    public static ApiException OfBody(DocumentKind kind, IReadOnlyList<string> errors) =>
        DecodingErrors.CannotHandle(kind.Kind, kind.Version, kind.Kind, Text(errors));

    /// <summary>Of a patch, with the document it led to: 422.</summary>
    public static ApiException OfPatch(JsonObject patched, IReadOnlyList<string> errors) => DecodingErrors.InvalidPatch(patched, Text(errors));

    private static string Text(IReadOnlyList<string> errors) => $"strict decoding error: {string.Join(", ", errors)}";
}

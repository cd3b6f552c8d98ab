namespace ActorOrch.Resources;

/// <summary>A published document.</summary>
/// <param name="Json">UTF-8; shared, never to be changed.</param>
/// <param name="Hash">Hexadecimal; changes whenever the document does. For the ETag (in quotes) and the <c>hash</c> parameter.</param>
public sealed record OpenApiDocument(byte[] Json, string Hash);

/// <summary>The two forms in which schemas are published.</summary>
internal enum OpenApiDialect
{
    /// <summary>Swagger 2.0: one document, <c>definitions</c>.</summary>
    V2,

    /// <summary>OpenAPI 3.0: a document a group version, <c>components/schemas</c>.</summary>
    V3,
}

namespace ActorOrch.Resources.OpenApi;

/// <summary>The two forms in which schemas are published.</summary>
internal enum OpenApiDialect
{
    /// <summary>Swagger 2.0: one document, <c>definitions</c>.</summary>
    V2,

    /// <summary>OpenAPI 3.0: a document a group version, <c>components/schemas</c>.</summary>
    V3,
}

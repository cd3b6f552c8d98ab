using ActorOrch.Resources.Schemas;

namespace ActorOrch.Resources.Catalog.Subresources;

/// <summary>What a document in a request or an answer says that it is: an object, or what is spoken with one of its subresources.</summary>
/// <param name="Model">The class that its schema is derived from; null for what is only named, as the options in a query.</param>
public sealed record DocumentKind(string Group, string Version, string Kind, Type? Model = null)
{
    /// <summary>An older version with the same fields, which is taken, too.</summary>
    public string? OlderVersion { get; init; }

    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>Of what has a model.</summary>
    public Schema Schema => Schema.Of(Model ?? throw new InvalidOperationException($"{Kind} has no model"));
}

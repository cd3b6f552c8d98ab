using ActorOrch.Resources.Objects;

namespace ActorOrch.Resources.Catalog;

/// <summary>A column of the Table form (<c>meta.k8s.io/v1</c>) of a resource.</summary>
/// <param name="Name">The heading, as kubectl prints it in capitals.</param>
/// <param name="Type">An OpenAPI type: <c>string</c>, <c>integer</c>, <c>boolean</c>, <c>date</c>.</param>
/// <param name="Cell">The cell's value: a string, an integer, a boolean or null. Takes the time of the request, for ages.</param>
public sealed record TableColumn(string Name, string Type, Func<StoredObject, DateTimeOffset, object?> Cell)
{
    /// <summary>An OpenAPI format; <c>name</c> marks the column that kubectl takes for the object's name.</summary>
    public string Format { get; init; } = "";

    public string Description { get; init; } = "";

    /// <summary>0: always shown; 1: only with <c>-o wide</c>.</summary>
    public int Priority { get; init; }
}

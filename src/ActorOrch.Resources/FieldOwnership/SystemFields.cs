using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Catalog.Subresources;

namespace ActorOrch.Resources.FieldOwnership;

/// <summary>What a request cannot write, whatever it says: it owns nothing of it, and nothing of it is in conflict.</summary>
public static class SystemFields
{
    /// <summary>Of the object itself, or of a part of it.</summary>
    /// <param name="subresource">Empty for the object itself.</param>
    public static FieldSet Of(ResourceType type, string subresource) => subresource.Length == 0
        ? ObjectPart.Whole.SystemFields(type)
        : type.FindSubresource(subresource) is ObjectPart part ? part.SystemFields(type) : FieldSet.Empty;
}

namespace ActorOrch.Resources.Catalog;

/// <summary>What a replacement of the catalogue has changed; each kind in the version in which it is stored.</summary>
/// <param name="Changed">The new definitions of kinds that were there before.</param>
/// <param name="Removed">The last definitions of kinds that are gone.</param>
public sealed record CatalogueChange(IReadOnlyList<ResourceType> Added, IReadOnlyList<ResourceType> Changed, IReadOnlyList<ResourceType> Removed)
{
    public bool IsNone => Added.Count + Changed.Count + Removed.Count == 0;

    public static CatalogueChange Between(ApiResources before, ApiResources after) => new(
        [.. after.Stored.Where(t => before.Find(t.Id) is null)],
        [.. after.Stored.Where(t => before.Find(t.Id) is { } known && !ReferenceEquals(known, t))],
        [.. before.Stored.Where(t => after.Find(t.Id) is null)]);
}

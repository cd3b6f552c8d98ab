namespace ActorOrch.Resources.Catalog;

/// <summary>
/// What a kind is called for as long as anything of it is stored: its group and its plural. Objects, collections and journals know no more of
/// their kind than this; what the kind is now, the <see cref="Catalogue"/> says.
/// </summary>
public sealed class ResourceId : IEquatable<ResourceId>
{
    private readonly int _hash;

    /// <param name="group">Of the version that is stored; empty for the core group.</param>
    public ResourceId(string group, string plural)
    {
        Group = group;
        Plural = plural;
        Collection = group.Length == 0 ? plural : $"{group}/{plural}";
        GroupResource = group.Length == 0 ? plural : $"{plural}.{group}";
        _hash = string.GetHashCode(Collection, StringComparison.Ordinal);
    }

    public string Group { get; }

    public string Plural { get; }

    /// <summary>The name of the collection and entity id of its actor: <c>pods</c>, <c>apps/deployments</c>.</summary>
    public string Collection { get; }

    /// <summary>How errors name it: <c>pods</c>, <c>deployments.apps</c>.</summary>
    public string GroupResource { get; }

    /// <summary>From <see cref="Collection"/>. Throws <see cref="FormatException"/> for what names none.</summary>
    public static ResourceId Parse(string collection)
    {
        var slash = collection.IndexOf('/', StringComparison.Ordinal);
        if (collection.Length == 0 || slash == 0 || slash == collection.Length - 1 || slash != collection.LastIndexOf('/'))
            throw new FormatException($"\"{collection}\" names no collection");
        return slash < 0 ? new("", collection) : new(collection[..slash], collection[(slash + 1)..]);
    }

    public static bool operator ==(ResourceId? one, ResourceId? other) => ReferenceEquals(one, other) || (one is not null && one.Equals(other));

    public static bool operator !=(ResourceId? one, ResourceId? other) => !(one == other);

    public bool Equals(ResourceId? other) =>
        ReferenceEquals(this, other) || (other is not null && _hash == other._hash && Plural == other.Plural && Group == other.Group);

    public override bool Equals(object? obj) => Equals(obj as ResourceId);

    public override int GetHashCode() => _hash;

    public override string ToString() => Collection;
}

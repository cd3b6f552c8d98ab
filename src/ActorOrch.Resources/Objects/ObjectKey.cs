namespace ActorOrch.Resources.Objects;

/// <summary>Names an object within its resource. <see cref="Namespace"/> is empty for cluster-scoped resources.</summary>
public readonly record struct ObjectKey(string Namespace, string Name) : IComparable<ObjectKey>
{
    public static ObjectKey ClusterScoped(string name) => new("", name);

    /// <summary>Orders by namespace, then name, both ordinal: the order of every list.</summary>
    public int CompareTo(ObjectKey other)
    {
        var byNamespace = string.CompareOrdinal(Namespace, other.Namespace);
        return byNamespace != 0 ? byNamespace : string.CompareOrdinal(Name, other.Name);
    }

    /// <summary><c>namespace/name</c>, or <c>name</c> where there is no namespace.</summary>
    public override string ToString() => Namespace.Length == 0 ? Name : $"{Namespace}/{Name}";

    /// <summary>Parses what <see cref="ToString"/> prints.</summary>
    public static ObjectKey Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? ClusterScoped(text) : new(text[..slash], text[(slash + 1)..]);
    }
}

namespace ActorOrch.Resources.Schemas;

/// <summary>How a strategic merge patch treats a field (<c>patchStrategy</c> of upstream's struct tags).</summary>
[Flags]
public enum PatchStrategy
{
    /// <summary>Maps and objects merge, lists are replaced.</summary>
    None = 0,

    /// <summary>A list merges with what is there: by its merge key, or as a set of scalars.</summary>
    Merge = 1,

    /// <summary>A patch may name the fields to keep in <c>$retainKeys</c>.</summary>
    RetainKeys = 2,

    /// <summary>An object is replaced as a whole.</summary>
    Replace = 4,
}

/// <summary>A named field of an object's schema.</summary>
/// <param name="Name">The name on the wire.</param>
/// <param name="Patch">How patches treat it.</param>
public sealed record SchemaField(string Name, Schema Type, PatchRule Patch)
{
    /// <summary>Whether it is there wherever its object is, be it empty: nobody adds or removes it.</summary>
    public bool AlwaysThere { get; init; }

    /// <summary>Of a key of list elements: what one that leaves it out has; null for none.</summary>
    public string? KeyDefault { get; init; }
}

/// <summary>How patches and server-side apply treat a field.</summary>
/// <param name="MergeKey">The field that tells the elements of a merging list of objects apart; null for sets of scalars and all else.</param>
/// <param name="ListKeys">The keys of a list that is a map (<c>x-kubernetes-list-map-keys</c>); empty for atomic lists and sets.</param>
public sealed record PatchRule(PatchStrategy Strategy, string? MergeKey, IReadOnlyList<string> ListKeys)
{
    public static readonly PatchRule None = new(PatchStrategy.None, null, []);

    /// <summary>Whether a list is a set of scalars (<c>x-kubernetes-list-type: set</c>).</summary>
    public bool IsSet { get; init; }

    /// <summary>Whether a map is owned as a whole (<c>x-kubernetes-map-type: atomic</c>).</summary>
    public bool IsAtomicMap { get; init; }

    /// <summary>As the published schemas name it: <c>map</c>, <c>set</c>, <c>atomic</c>. Of lists.</summary>
    public string ListType => ListKeys.Count > 0 ? "map" : IsSet ? "set" : "atomic";

    public bool Merges => (Strategy & PatchStrategy.Merge) != 0;

    public bool Replaces => (Strategy & PatchStrategy.Replace) != 0;

    /// <summary>As upstream's struct tags spell it: <c>merge,retainKeys</c>; empty where there is none.</summary>
    public string Tag => Strategy switch
    {
        PatchStrategy.Merge => "merge",
        PatchStrategy.RetainKeys => "retainKeys",
        PatchStrategy.Merge | PatchStrategy.RetainKeys => "merge,retainKeys",
        PatchStrategy.Replace => "replace",
        _ => "",
    };
}

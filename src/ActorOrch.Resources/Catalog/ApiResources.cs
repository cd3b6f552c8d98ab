namespace ActorOrch.Resources.Catalog;

/// <summary>The kinds that there are at one moment. Immutable.</summary>
public sealed class ApiResources
{
    public static readonly ApiResources Empty = new([]);

    private readonly Dictionary<ResourceId, ResourceType> _byId = [];
    private readonly Dictionary<string, ResourceType> _byCollection = new(StringComparer.Ordinal);
    private readonly Dictionary<(string ApiVersion, string Kind), ResourceType> _byKind = [];

    private readonly HashSet<(string ApiVersion, string Kind)> _gone = [];

    /// <param name="stored">Each kind in the version in which it is stored. Of two that serve the same, the first does.</param>
    /// <param name="before">Those in whose place they come.</param>
    public ApiResources(IReadOnlyList<ResourceType> stored, ApiResources? before = null)
    {
        Stored = stored;
        foreach (var type in stored)
        {
            _byId.Add(type.Id, type);
            _byCollection.Add(type.Collection, type);
            foreach (var version in type.Versions) _byKind.TryAdd((version.ApiVersion, version.Kind), type);
        }
        if (before is null) return;
        _gone = [.. before._gone, .. before._byKind.Keys];
        _gone.ExceptWith(_byKind.Keys);
    }

    /// <summary>Each kind in the version in which it is stored.</summary>
    public IReadOnlyList<ResourceType> Stored { get; }

    /// <summary>What a kind is, in the version in which it is stored; null where it is no longer there.</summary>
    public ResourceType? Find(ResourceId id) => _byId.GetValueOrDefault(id);

    /// <summary>By <see cref="ResourceId.Collection"/>; null where there is none of the name.</summary>
    public ResourceType? Find(string collection) => _byCollection.GetValueOrDefault(collection);

    /// <summary>The stored type of what an object names by apiVersion and kind; null where no version of it is served.</summary>
    public ResourceType? Serving(string apiVersion, string kind) => _byKind.GetValueOrDefault((apiVersion, kind));

    /// <summary>Whether there was such a kind since this process began, and there is none any more: then there are no objects of it either.</summary>
    public bool IsGone(string apiVersion, string kind) => _gone.Contains((apiVersion, kind));
}

using ActorOrch.Resources.Catalog;

namespace ActorOrch.Registry.Following;

/// <summary>A follower for each of many collections, which may come and go. For one owner, on its own turn.</summary>
/// <param name="start">Begins to follow one.</param>
public sealed class FollowerSet(Func<ResourceType, Follower> start) : IDisposable
{
    private readonly Dictionary<string, Follower> _followers = [];

    /// <summary>The collections that are followed.</summary>
    public IReadOnlyCollection<string> Collections => _followers.Keys;

    /// <summary>Follows these collections and no others. Those that are followed already go on as they were.</summary>
    public void Follow(IEnumerable<ResourceType> types)
    {
        var wanted = new Dictionary<string, ResourceType>();
        foreach (var type in types) wanted.TryAdd(type.Collection, type);
        foreach (var gone in _followers.Keys.Where(known => !wanted.ContainsKey(known)).ToArray())
        {
            _followers.Remove(gone, out var follower);
            follower!.Dispose();
        }
        foreach (var (collection, type) in wanted)
            if (!_followers.ContainsKey(collection)) _followers[collection] = start(type);
    }

    public void Dispose()
    {
        foreach (var follower in _followers.Values) follower.Dispose();
        _followers.Clear();
    }
}

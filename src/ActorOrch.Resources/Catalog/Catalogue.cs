using System.Collections.Immutable;

namespace ActorOrch.Resources.Catalog;

/// <summary>
/// What each kind of a process is now. Replaced as a whole while the process runs, and those who follow are told what has changed. Reading
/// takes no lock; who needs the same answer twice holds on to <see cref="Current"/>.
/// </summary>
public sealed class Catalogue
{
    private readonly Lock _replacing = new();
    private ImmutableArray<Action<CatalogueChange>> _followers = [];
    private volatile ApiResources _current;

    public Catalogue(IReadOnlyList<ResourceType> stored) => _current = new(stored);

    /// <summary>Another instance whenever anything in it is another.</summary>
    public ApiResources Current => _current;

    /// <summary>
    /// Tells the follower of all kinds there are, as added, and from then on of each change, in order, on the thread of whoever replaces. It
    /// must return at once and must not throw. Dispose to follow no longer.
    /// </summary>
    public IDisposable Follow(Action<CatalogueChange> follower)
    {
        lock (_replacing)
        {
            follower(CatalogueChange.Between(ApiResources.Empty, _current));
            _followers = _followers.Add(follower);
        }
        return new Following(this, follower);
    }

    /// <summary>Puts other kinds in place of all there are; one whose definition is the same instance has not changed.</summary>
    public void Replace(IReadOnlyList<ResourceType> stored)
    {
        lock (_replacing)
        {
            var after = new ApiResources(stored, _current);
            var change = CatalogueChange.Between(_current, after);
            if (change.IsNone) return;
            _current = after;
            foreach (var follower in _followers) follower(change);
        }
    }

    private void Leave(Action<CatalogueChange> follower)
    {
        lock (_replacing) _followers = _followers.Remove(follower);
    }

    private sealed class Following(Catalogue catalogue, Action<CatalogueChange> follower) : IDisposable
    {
        public void Dispose() => catalogue.Leave(follower);
    }
}

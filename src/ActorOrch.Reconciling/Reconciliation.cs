using ActorOrch.Registry.Api;
using ActorOrch.Registry.Collections;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Reconciling;

/// <summary>One run of a reconciler: the mirrors to read, and an API that remembers what was written through it.</summary>
public sealed class Reconciliation
{
    private readonly ReconcilerServices _services;
    private readonly TrackedApi _api;

    internal Reconciliation(ObjectKey key, ReconcilerServices services, RevisionMarks seen, CancellationToken cancel)
    {
        Key = key;
        _services = services;
        Marks = seen;
        Cancel = cancel;
        _api = new(services.Api, seen);
    }

    public ObjectKey Key { get; }

    /// <summary>Writes made through it are visible in the mirrors before the next run starts.</summary>
    public IObjectApi Api => _api;

    public IRegistry Registry => _services.Registry;
    public DateTimeOffset Now => _services.Time.GetUtcNow();

    /// <summary>Cancelled when the actor stops.</summary>
    public CancellationToken Cancel { get; }

    internal RevisionMarks Marks { get; }

    /// <summary>The reconciler's own object as this process knows it, or null when it no longer exists.</summary>
    public StoredObject? Find(ResourceType type) => Registry[type].Latest.Get(Key);

    /// <summary>Waits until the mirrors hold what woke the reconciler and what it wrote itself.</summary>
    internal async ValueTask CatchUpAsync()
    {
        foreach (var (name, revision) in Marks.Outstanding())
        {
            if (Registry.Catalogue.Current.Find(name) is { } type)
            {
                var collection = Registry[type];
                if (collection.Latest.Revision < revision) await collection.ReadAtLeastAsync(revision, Cancel);
            }
            Marks.Reached(name, revision);
        }
    }
}

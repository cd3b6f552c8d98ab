using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Watching;
using ActorOrch.Resources.Objects;
using Akka.Actor;

namespace ActorOrch.Registry.Following.Selected;

/// <summary>
/// The mirrors in other processes that hold a part of a collection. What a commit costs does not grow with their number, but with that of those
/// whom it concerns. For the collection's actor alone.
/// </summary>
/// <param name="references">Null where this process does not mirror pods: nobody is told of what they refer to then.</param>
internal sealed class SelectedFollowers(IActorRef owner, string collection, NodeReferences? references)
{
    private readonly Dictionary<IActorRef, SelectedFollower> _all = [];
    private readonly Dictionary<ObjectKey, HashSet<SelectedFollower>> _byKey = [];

    private readonly Dictionary<string, HashSet<SelectedFollower>> _byNode = [];

    /// <summary>By a field and its value.</summary>
    private readonly Dictionary<string, Dictionary<string, HashSet<SelectedFollower>>> _byField = [];

    public bool Any => _all.Count > 0;

    /// <summary>Answers a request: with what has changed since, where that is known, else with all that the mirror is to hold.</summary>
    public void Begin(IActorRef mirror, FollowSelectedRequest request, CollectionView view)
    {
        var filter = request.Filter;
        if (filter.By == FollowBy.PodsOfNodes && references is null) return;
        if (_all.TryGetValue(mirror, out var follower) && !follower.Filter.IsSameAs(filter))
        {
            Remove(mirror);
            follower = null;
        }
        var known = follower is not null && follower.Has(request);
        follower ??= Add(mirror, filter);
        follower.Begin(request.Session);
        if (filter.By == FollowBy.PodsOfNodes)
        {
            if (known) follower.Send(view.Revision, follower.Pods, [], []);
            else
            {
                var (revision, keys) = references!.Of(collection, filter.Values);
                SetKeys(follower, keys);
                follower.SendAll(view.Revision, revision, keys.Order().Select(view.Snapshot.Get).OfType<StoredObject>());
            }
        }
        else if (view.After(request.KnownRevision) is { } missed) Publish(missed, view.Revision, only: follower);
        else follower.SendAll(view.Revision, 0, Selected(filter, view.Snapshot));
    }

    public void Publish(IReadOnlyList<Change> changes, long revision) => Publish(changes, revision, only: null);

    /// <summary>The pods of these nodes have changed: what they refer to may be something else now.</summary>
    public void Refer(IReadOnlySet<string> nodes, CollectionView view)
    {
        foreach (var follower in nodes.SelectMany(node => Those(_byNode, node)).ToHashSet())
        {
            var (revision, keys) = references!.Of(collection, follower.Filter.Values);
            if (revision <= follower.Pods) continue;
            var removed = follower.Keys.Where(key => !keys.Contains(key)).ToList();
            var put = keys.Where(key => !follower.Keys.Contains(key)).Select(view.Snapshot.Get).OfType<StoredObject>().ToList();
            SetKeys(follower, keys);
            follower.Send(view.Revision, revision, put, removed);
        }
    }

    public void Remove(IActorRef mirror)
    {
        if (!_all.Remove(mirror, out var follower)) return;
        SetKeys(follower, []);
        var filter = follower.Filter;
        if (filter.By == FollowBy.Field)
        {
            foreach (var value in filter.Values) Remove(_byField[filter.Field], value, follower);
            return;
        }
        foreach (var node in filter.Values)
            if (Remove(_byNode, node, follower)) references!.Forget(owner, node);
    }

    /// <summary>The actor ends.</summary>
    public void Dispose() => references?.Forget(owner);

    private SelectedFollower Add(IActorRef mirror, FollowFilter filter)
    {
        var follower = _all[mirror] = new(mirror, owner) { Filter = filter };
        if (filter.By == FollowBy.Field)
        {
            if (!_byField.TryGetValue(filter.Field, out var byValue)) _byField[filter.Field] = byValue = [];
            foreach (var value in filter.Values) Add(byValue, value, follower);
            return follower;
        }
        // Watched before it is asked to what they refer: what changes in between is told.
        foreach (var node in filter.Values)
            if (Add(_byNode, node, follower)) references!.Watch(owner, node);
        return follower;
    }

    private void SetKeys(SelectedFollower follower, HashSet<ObjectKey> keys)
    {
        foreach (var key in follower.Keys)
            if (!keys.Contains(key)) Remove(_byKey, key, follower);
        foreach (var key in keys) Add(_byKey, key, follower);
        follower.Keys = keys;
    }

    private void Publish(IReadOnlyList<Change> changes, long revision, SelectedFollower? only)
    {
        if (_all.Count == 0) return;
        // The last change of an object says what becomes of it.
        var news = new Dictionary<SelectedFollower, Dictionary<ObjectKey, StoredObject?>>();
        if (only is not null) news[only] = [];
        foreach (var change in changes)
        {
            var now = change.Kind == ChangeKind.Deleted ? null : change.Object;
            if (only is null && _byKey.TryGetValue(change.Key, out var those))
                foreach (var follower in those) Tell(follower, change.Key, now);
            foreach (var (field, byValue) in _byField)
            {
                var before = change.Previous is { } previous ? Those(byValue, FollowFilter.Read(previous, field)) : [];
                var after = now is null ? [] : Those(byValue, FollowFilter.Read(now, field));
                foreach (var follower in before) if (!after.Contains(follower)) Tell(follower, change.Key, null);
                foreach (var follower in after) Tell(follower, change.Key, now);
            }
        }
        foreach (var (follower, objects) in news)
            follower.Send(revision, follower.Pods, [.. objects.Values.OfType<StoredObject>()], [.. objects.Where(o => o.Value is null).Select(o => o.Key)]);

        void Tell(SelectedFollower follower, ObjectKey key, StoredObject? obj)
        {
            if (only is not null && follower != only) return;
            if (!news.TryGetValue(follower, out var objects)) news[follower] = objects = [];
            objects[key] = obj;
        }
    }

    private static IReadOnlyCollection<SelectedFollower> Those<T>(Dictionary<T, HashSet<SelectedFollower>> all, T? value) where T : notnull =>
        value is not null && all.TryGetValue(value, out var those) ? those : [];

    /// <summary>Whether it is the first.</summary>
    private static bool Add<T>(Dictionary<T, HashSet<SelectedFollower>> all, T value, SelectedFollower follower) where T : notnull
    {
        if (!all.TryGetValue(value, out var those)) all[value] = those = [];
        return those.Add(follower) && those.Count == 1;
    }

    /// <summary>Whether it was the last.</summary>
    private static bool Remove<T>(Dictionary<T, HashSet<SelectedFollower>> all, T value, SelectedFollower follower) where T : notnull =>
        all.TryGetValue(value, out var those) && those.Remove(follower) && those.Count == 0 && all.Remove(value);

    private static IEnumerable<StoredObject> Selected(FollowFilter filter, Snapshot snapshot) => filter.Field == Indexes.NodeName
        ? filter.Values.Distinct().SelectMany(value => snapshot.Lookup(Indexes.NodeName, value)).OrderBy(o => o.Key)
        : snapshot.Objects.Values.Where(o => FollowFilter.Read(o, filter.Field) is { } value && filter.Values.Contains(value));
}

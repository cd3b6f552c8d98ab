using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Following;
using ActorOrch.Registry.Watching;

namespace ActorOrch.Registry.Tests.Following;

/// <summary>What an owner makes of what a follower gives it. It takes no change that does not follow the one before.</summary>
internal sealed class Picture
{
    private readonly SortedDictionary<string, long> _objects = new(StringComparer.Ordinal);
    private long _seen = -1;

    public FollowerHandlers Handlers => new(Set, Apply, Lose);

    /// <summary>How often everything was given.</summary>
    public int Begun { get; private set; }

    public int Lost { get; private set; }

    /// <summary>The largest number of changes that came at once.</summary>
    public int Largest { get; private set; }

    public string Text => string.Join(' ', _objects.Select(o => $"{o.Key}@{o.Value}"));

    public static string TextOf(Snapshot all) =>
        string.Join(' ', all.Objects.Values.OrderBy(o => o.Key.Name, StringComparer.Ordinal).Select(o => $"{o.Key.Name}@{o.Revision}"));

    private void Set(Snapshot all)
    {
        Begun++;
        _objects.Clear();
        foreach (var obj in all.Objects.Values) _objects[obj.Key.Name] = obj.Revision;
        _seen = all.Revision;
    }

    private void Apply(IReadOnlyList<Change> changes)
    {
        Largest = Math.Max(Largest, changes.Count);
        foreach (var change in changes)
        {
            Assert.Equal(_seen + 1, change.Revision);
            _seen = change.Revision;
            if (change.Kind == ChangeKind.Deleted) Assert.True(_objects.Remove(change.Key.Name));
            else _objects[change.Key.Name] = change.Revision;
        }
    }

    private void Lose()
    {
        Lost++;
        _objects.Clear();
        _seen = -1;
    }
}

using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Watching;
using ActorOrch.Registry.Writes;
using ActorOrch.Resources.Catalog;
using Akka.Actor;
using Akka.Event;
using static ActorOrch.Registry.Tests.Samples;

namespace ActorOrch.Registry.Tests.Following;

/// <summary>A mirror to which things happen.</summary>
internal sealed class MirrorScript
{
    private readonly WriteInbox _inbox = new(ActorRefs.Nobody);
    private CollectionView _view = CollectionView.Empty;

    public Mirror Mirror { get; } = new(BuiltIn.ConfigMaps, TestRegistry.Settings, NoLogger.Instance);

    public Snapshot Latest => _view.Snapshot;

    /// <summary>One commit: objects that are there are replaced or, every third time, removed; others are created.</summary>
    public void Commit(params IReadOnlyList<int> names)
    {
        _view = After(names);
        Show();
    }

    /// <summary>What is committed meanwhile is not seen, and its history never comes: a mirror that starts again, or one that was cut off.</summary>
    public void Lose(params IReadOnlyList<int> names)
    {
        _view = CollectionView.Of(After(names).Snapshot);
        Show();
    }

    /// <summary>The collection moves to this process, or away.</summary>
    public void Move()
    {
        if (Mirror.IsOwner) Mirror.EndOwnership(_inbox);
        else Mirror.BeginOwnership(_inbox, _view);
    }

    private CollectionView After(IReadOnlyList<int> names)
    {
        var state = CollectionState.WithoutClaims(BuiltIn.ConfigMaps, _view.Snapshot);
        var commit = state.Apply([.. names.Distinct().Select(n => Write($"n{n}"))]);
        return commit.Changes.Count == 0 ? _view : _view.Next(commit.After.Snapshot, commit.Changes, TestRegistry.Settings.History);
    }

    private Write Write(string name) => _view.Snapshot.Get(Key(name)) switch
    {
        null => Create(name),
        { Revision: var revision } when revision % 3 == 0 => Remove(name, revision),
        { Revision: var revision } => Replace(name, revision, data: $"{_view.Revision}"),
    };

    private void Show()
    {
        if (Mirror.IsOwner) Mirror.PublishFromOwner(_inbox, _view);
        else Mirror.PublishFromAfar(_view, complete: true);
    }
}

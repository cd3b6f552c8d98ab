using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Watching;
using ActorOrch.Resources.Catalog;
using static ActorOrch.Registry.Tests.Samples;

namespace ActorOrch.Registry.Tests.Checkpoints;

public sealed class JournalWindowTests
{
    private readonly JournalWindow _journal = new(new(100, long.MaxValue));
    private CollectionState _state = CollectionState.Empty(BuiltIn.ConfigMaps).Apply(Create("a")).After;
    private History _history = History.Empty(2);

    private void Commit(int count, long committedAt)
    {
        for (var i = 0; i < count; i++)
        {
            var commit = _state.Apply(Replace("a", _state.Revision, $"{_state.Revision}"));
            _state = commit.After;
            _history = _history.Append(commit.Changes, new(300, long.MaxValue));
            _journal.Add(commit.Changes, _state.Revision - 2, committedAt);
        }
    }

    [Fact]
    public void A_checkpoint_is_due_where_memory_begins_once_enough_has_left_it()
    {
        Commit(500, committedAt: 0);
        Assert.Null(_journal.Due(_history, liveObjects: 1));

        Commit(500, committedAt: 0);
        var due = _journal.Due(_history, liveObjects: 1)!.Value;

        Assert.Equal(_history.StartsAfter, due.Revision);
        Assert.Equal(due.Revision - 2, due.SequenceNumber);
        Assert.Null(_journal.Due(_history, liveObjects: 1));
    }

    [Fact]
    public void A_large_collection_is_stored_again_only_when_as_much_has_changed()
    {
        Commit(1000, committedAt: 0);

        Assert.Null(_journal.Due(_history, liveObjects: 1000));
        Assert.NotNull(_journal.Due(_history, liveObjects: 500));
    }

    [Fact]
    public void Commits_that_have_come_of_age_make_a_checkpoint_due_though_memory_holds_them()
    {
        Commit(5, committedAt: 1000);
        Commit(5, committedAt: 2000);

        Assert.Null(_journal.DueByAge(_history, expiredMilliseconds: 999));
        var due = _journal.DueByAge(_history, expiredMilliseconds: 1500)!.Value;

        Assert.Equal((7L, 1000L), (due.Revision, due.CommittedAtMilliseconds));
        Assert.Null(_journal.DueByAge(_history, expiredMilliseconds: 1500));
    }
}

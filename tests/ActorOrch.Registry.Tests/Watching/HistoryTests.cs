using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Watching;
using ActorOrch.Resources.Catalog;
using CsCheck;
using static ActorOrch.Registry.Tests.Samples;

namespace ActorOrch.Registry.Tests.Watching;

public sealed class HistoryTests
{
    private static readonly HistoryLimits Unlimited = new(long.MaxValue, long.MaxValue);

    [Fact]
    public void A_collection_can_be_taken_back_to_any_revision_that_history_reaches() =>
        Gen.Int[0, 4].Array[1, 700].Sample(steps =>
        {
            var state = CollectionState.Empty(BuiltIn.ConfigMaps);
            var view = CollectionView.Empty;
            var past = new List<Snapshot> { state.Snapshot };
            foreach (var step in steps)
            {
                var name = $"n{step % 3}";
                var current = state.Snapshot.Get(Key(name));
                var commit = state.Apply(current is null ? Create(name) : step > 2 ? Remove(name, current.Revision) : Replace(name, current.Revision, $"{past.Count}"));
                state = commit.After;
                view = view.Next(state.Snapshot, commit.Changes, Unlimited);
                past.Add(state.Snapshot);
            }
            foreach (var expected in past)
                Assert.Equal(expected.Objects.Values, view.History.Undo(view.Snapshot, expected.Revision)!.Objects.Values);
            Assert.Equal(Enumerable.Range(1, past.Count - 1).Select(i => i + 1L), view.History.After(1)!.Select(c => c.Revision));
            Assert.Empty(view.History.After(state.Revision)!);
            Assert.Null(view.History.After(state.Revision + 1));
        }, iter: 30);

    [Theory]
    [InlineData(300, long.MaxValue)]
    [InlineData(long.MaxValue, 100_000)]
    public void History_keeps_at_least_its_limit_and_not_much_more(long versions, long bytes)
    {
        var state = CollectionState.Empty(BuiltIn.ConfigMaps).Apply(Create("a")).After;
        var history = History.Empty(state.Revision);
        for (var i = 0; i < 3000; i++)
        {
            var commit = state.Apply(Replace("a", state.Revision, $"{i:0000}"));
            history = history.Append(commit.Changes, new(versions, bytes));
            state = commit.After;
        }
        var size = history.After(history.StartsAfter)!.Sum(c => c.Object.Json.Length);
        var kept = history.LastRevision - history.StartsAfter;

        Assert.True(kept >= versions || size >= bytes, $"{kept} versions, {size} bytes");
        Assert.True(kept <= versions + History.SegmentSize || versions == long.MaxValue, $"{kept} versions");
        Assert.True(size <= bytes + size / kept * History.SegmentSize || bytes == long.MaxValue, $"{size} bytes");
        Assert.Null(history.After(history.StartsAfter - 1));
        Assert.Null(history.Undo(state.Snapshot, history.StartsAfter - 1));
    }

    [Fact]
    public void An_older_value_shows_its_own_changes_after_newer_ones_were_appended()
    {
        var first = CollectionState.Empty(BuiltIn.ConfigMaps).Apply(Create("a"));
        var second = first.After.Apply(Create("b"));
        var older = History.Empty(1).Append(first.Changes, Unlimited);

        older.Append(second.Changes, Unlimited);

        Assert.Equal(["a"], older.After(1)!.Select(c => c.Key.Name));
    }
}

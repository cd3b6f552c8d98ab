using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Watching;
using ActorOrch.Registry.Writes;
using ActorOrch.Resources.Catalog;
using CsCheck;
using static ActorOrch.Registry.Tests.Samples;

namespace ActorOrch.Registry.Tests.Collections;

public sealed class CollectionStateTests
{
    private static readonly CollectionState Empty = CollectionState.Empty(BuiltIn.ConfigMaps);

    [Fact]
    public void A_created_object_carries_its_revision_in_its_bytes()
    {
        var commit = Empty.Apply(Create("a"), Create("b"));

        Assert.Equal([2L, 3L], commit.Changes.Select(c => c.Revision));
        Assert.Equal(["2", "3"], commit.Results.Select(r => r.Object!.ToJson()["metadata"]!["resourceVersion"]!.GetValue<string>()));
        Assert.Equal(3, commit.After.Revision);
        Assert.Equal(1, Empty.Revision);
    }

    [Fact]
    public void Only_the_expected_revision_is_replaced()
    {
        var created = Empty.Apply(Create("a")).After;

        var commit = created.Apply(Replace("a", 2, "new"), Replace("a", 2, "late"), Replace("absent", 1));

        Assert.Equal([WriteOutcome.Committed, WriteOutcome.Conflict, WriteOutcome.NotFound], commit.Results.Select(r => r.Outcome));
        Assert.Equal("new", commit.After.Snapshot.Get(Key("a"))!.Data());
        Assert.Equal("new", commit.Results[1].Object!.Data());
    }

    [Fact]
    public void A_write_may_follow_on_the_one_before_it_of_the_same_object_and_falls_with_it()
    {
        var created = Empty.Apply(Create("a"), Create("b")).After;

        var commit = created.Apply(
            Replace("a", 2, "1"), Replace("a", Write.AfterPrevious, "2"), Replace("b", Write.AfterPrevious, "other"), Replace("b", 2, "late"), Replace("b", Write.AfterPrevious, "lost"));
        var first = created.Apply(Replace("a", Write.AfterPrevious, "nothing before it"));

        Assert.Equal(
            [WriteOutcome.Committed, WriteOutcome.Committed, WriteOutcome.Conflict, WriteOutcome.Conflict, WriteOutcome.Conflict], commit.Results.Select(r => r.Outcome));
        Assert.Equal("2", commit.After.Snapshot.Get(Key("a"))!.Data());
        Assert.Equal(WriteOutcome.Conflict, first.Results[0].Outcome);
    }

    [Fact]
    public void A_replacement_that_changes_nothing_commits_without_a_new_revision()
    {
        var created = Empty.Apply(Create("a", "same")).After;

        var commit = created.Apply(Replace("a", 2, "same"));

        Assert.Equal(WriteOutcome.Committed, commit.Results[0].Outcome);
        Assert.Empty(commit.Changes);
        Assert.Same(created.Snapshot.Get(Key("a")), commit.Results[0].Object);
    }

    [Fact]
    public void A_removal_reports_the_last_state_with_the_revision_of_the_removal()
    {
        var created = Empty.Apply(Create("a", "last"), Create("b")).After;

        var change = Assert.Single(created.Apply(Remove("a", 2)).Changes);

        Assert.Equal((ChangeKind.Deleted, 4L, "last"), (change.Kind, change.Revision, change.Object.Data()));
        Assert.Equal("4", change.Object.ToJson()["metadata"]!["resourceVersion"]!.GetValue<string>());
        Assert.Equal(2, change.Previous!.Revision);
    }

    [Fact]
    public void A_claim_is_held_by_one_object_until_it_is_let_go()
    {
        var state = CollectionState.Empty(Claiming).Apply(Create("a", claim: "10.0.0.1")).After;

        var refused = state.Apply(Create("b", claim: "10.0.0.1")).Results[0];
        Assert.Equal((WriteOutcome.ClaimTaken, "clusterIP:10.0.0.1"), (refused.Outcome, refused.Detail));

        var moved = state.Apply(Replace("a", 2, claim: "10.0.0.2"), Create("b", claim: "10.0.0.1"), Remove("a", 3), Create("c", claim: "10.0.0.2"));
        Assert.All(moved.Results, r => Assert.Equal(WriteOutcome.Committed, r.Outcome));

        var restored = CollectionState.Restore(Claiming, moved.After.Revision, moved.After.Snapshot.Objects.Values);
        Assert.Equal(WriteOutcome.ClaimTaken, restored.Apply(Create("d", claim: "10.0.0.1")).Results[0].Outcome);
    }

    private sealed record Step(int Kind, string Name, int Age, string Data);

    private static readonly Gen<Step[][]> Batches =
        Gen.Select(Gen.Int[0, 2], OneOf("a", "b", "c", "d"), Gen.Int[0, 2], OneOf("x", "y"))
            .Select((kind, name, age, data) => new Step(kind, name, age, data)).Array[0, 6].Array[0, 10];

    /// <summary>The model: a dictionary of name to (revision, data), one write at a time.</summary>
    [Fact]
    public void Any_batches_give_what_a_dictionary_with_compare_and_set_gives() => Batches.Sample(batches =>
    {
        var state = Empty;
        var records = new List<CommitRecord>();
        var model = new Dictionary<string, (long Revision, string Data)>();
        var revision = Empty.Revision;
        foreach (var batch in batches)
        {
            var before = state.Revision;
            var writes = batch.Select(s => ToWrite(s, model)).ToArray();
            var commit = state.Apply(writes);
            var expected = batch.Zip(writes, (step, write) => RunModel(model, ref revision, step, write)).ToArray();

            Assert.Equal(expected, commit.Results.Select(r => r.Outcome));
            Assert.Equal(revision, commit.After.Revision);
            Assert.Equal(Enumerable.Range(1, commit.Changes.Count).Select(i => before + i), commit.Changes.Select(c => c.Revision));
            if (commit.Changes.Count > 0) records.Add(CommitRecord.Of(commit.Changes, DateTimeOffset.UnixEpoch));
            state = commit.After;
        }
        Assert.Equal(model.OrderBy(m => m.Key).Select(m => (m.Key, m.Value.Revision, m.Value.Data)), Contents(state.Snapshot));
        var (replayed, changes) = Empty.Replay(records);
        Assert.Equal(Contents(state.Snapshot), Contents(replayed.Snapshot));
        Assert.Equal(state.Revision, replayed.Revision);
        var back = new SnapshotBuilder(replayed.Snapshot);
        foreach (var change in changes.Reverse()) back.Undo(change);
        Assert.Equal(0, back.Count);
    });

    private static IEnumerable<(string, long, string)> Contents(Snapshot snapshot) => snapshot.List().Select(o => (o.Key.Name, o.Revision, o.Data()));

    private static Write ToWrite(Step step, Dictionary<string, (long Revision, string Data)> model)
    {
        var expected = model.TryGetValue(step.Name, out var stored) ? stored.Revision - (step.Age == 2 ? 1 : 0) : step.Age;
        return step.Kind switch
        {
            0 => Create(step.Name, step.Data),
            1 => Replace(step.Name, expected, step.Data),
            _ => Remove(step.Name, expected),
        };
    }

    private static WriteOutcome RunModel(Dictionary<string, (long Revision, string Data)> model, ref long revision, Step step, Write write)
    {
        var exists = model.TryGetValue(step.Name, out var stored);
        if (write is Write.Create)
        {
            if (exists) return WriteOutcome.AlreadyExists;
            model[step.Name] = (++revision, step.Data);
            return WriteOutcome.Committed;
        }
        if (!exists) return WriteOutcome.NotFound;
        if (stored.Revision != (write is Write.Replace r ? r.ExpectedRevision : ((Write.Remove)write).ExpectedRevision)) return WriteOutcome.Conflict;
        if (write is Write.Remove)
        {
            revision++;
            model.Remove(step.Name);
        }
        else if (stored.Data != step.Data)
        {
            model[step.Name] = (++revision, step.Data);
        }
        return WriteOutcome.Committed;
    }
}

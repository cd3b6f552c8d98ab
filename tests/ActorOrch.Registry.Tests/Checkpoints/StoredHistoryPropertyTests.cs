using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Tests.Persistence;
using ActorOrch.Registry.Watching;
using ActorOrch.Registry.Writes;
using ActorOrch.Resources.Catalog;
using Akka.Actor;
using CsCheck;
using static ActorOrch.Registry.Tests.Samples;

namespace ActorOrch.Registry.Tests.Checkpoints;

/// <summary>What lies behind the history in memory, against a model that forgets nothing.</summary>
public sealed class StoredHistoryPropertyTests
{
    private const int Window = 1500;

    private static readonly RegistrySettings Settings = TestRegistry.Settings with
    {
        History = new(300, long.MaxValue),
        Retention = new(Window, TimeSpan.FromDays(7)),
        Compaction = new(12, long.MaxValue),
    };

    private enum StepKind
    {
        Write,
        Move,
        FailBefore,
        FailAfter,
    }

    private sealed record Step(StepKind Kind, (int Name, int Choice)[] Writes);

    private static readonly Gen<Step[]> Scripts =
        Gen.Select(
            Gen.Frequency((30, Gen.Const(StepKind.Write)), (2, Gen.Const(StepKind.Move)), (1, Gen.Const(StepKind.FailBefore)), (1, Gen.Const(StepKind.FailAfter))),
            Gen.Select(Gen.Int[0, 11], Gen.Int[0, 9]).Array[1, 180])
            .Select((kind, writes) => new Step(kind, writes)).Array[20, 60];

    /// <summary>Every snapshot and every change there has ever been.</summary>
    private sealed class Model
    {
        public CollectionState State { get; private set; } = CollectionState.Empty(BuiltIn.ConfigMaps);
        public Dictionary<long, Snapshot> Past { get; } = new() { [Snapshot.Empty.Revision] = Snapshot.Empty };
        public List<Change> Changes { get; } = [];

        public long Latest => State.Revision;

        public void Commit(IReadOnlyList<Write> writes)
        {
            foreach (var write in writes)
            {
                var commit = State.Apply(write);
                State = commit.After;
                Past[State.Revision] = State.Snapshot;
                Changes.AddRange(commit.Changes);
            }
        }

        /// <summary>Writes that fit one after the other.</summary>
        public IReadOnlyList<Write> Writes(Step step)
        {
            var writes = new List<Write>();
            var state = State;
            foreach (var (name, choice) in step.Writes)
            {
                var current = state.Snapshot.Get(Key($"n{name}"));
                var write = current is null ? Create($"n{name}", $"{state.Revision}")
                    : choice < 2 ? Remove($"n{name}", current.Revision)
                    : Replace($"n{name}", current.Revision, $"{state.Revision}");
                writes.Add(write);
                state = state.Apply(write).After;
            }
            return writes;
        }
    }

    [Fact]
    public async Task Every_revision_of_the_window_is_what_it_was_after_writes_crashes_moves_and_checkpoints() =>
        await Scripts.SampleAsync(async script =>
        {
            using var system = ActorSystem.Create("history", FaultyJournal.Config);
            var model = new Model();
            var faults = Faults.Of(system);
            var collection = await OwnedCollection.StartAsync(system, Settings);
            foreach (var step in script)
            {
                var writes = model.Writes(step);
                if (step.Kind == StepKind.Move) await collection.MoveAsync();
                faults.FailBefore = step.Kind == StepKind.FailBefore;
                faults.FailAfter = step.Kind == StepKind.FailAfter;
                var results = await collection.Mirror.WriteAsync(writes);
                faults.FailBefore = faults.FailAfter = false;
                if (step.Kind != StepKind.FailBefore) model.Commit(writes);
                if (step.Kind is StepKind.FailBefore or StepKind.FailAfter)
                {
                    Assert.All(results, r => Assert.Equal(WriteOutcome.Unavailable, r.Outcome));
                    await collection.RecoverAsync();
                }
                else
                {
                    Assert.Equal(model.Changes.TakeLast(writes.Count).Select(c => (c.Revision, c.Key)), results.Select(r => (r.Object!.Revision, r.Object.Key)));
                }
                Assert.Equal(model.Latest, collection.Mirror.Latest.Revision);
            }
            await CheckAsync(collection, model);
        }, iter: 8, threads: 1);

    private static async Task CheckAsync(OwnedCollection collection, Model model)
    {
        // A checkpoint may be on its way: it only moves the beginning of history on, which never passes the window's.
        foreach (var revision in Revisions(model.Latest))
        {
            var past = await collection.Mirror.AtAsync(revision);
            if (revision >= model.Latest - Window)
                Assert.NotNull(past);
            if (past is null) continue;
            Assert.Equal(revision, past.Revision);
            Assert.Equal(Contents(model.Past[revision]), Contents(past));
            Assert.Equal(past.List("default").Select(o => o.Key), past.List().Select(o => o.Key));
            if (revision < model.Latest - Window) continue;
            var changes = await collection.ChangesAfterAsync(revision);
            Assert.Equal(model.Changes.Where(c => c.Revision > revision).Select(Describe), changes.Select(Describe));
        }
        var versions = new List<(ChangeKind, long)>();
        await foreach (var (kind, obj) in collection.Mirror.VersionsAsync(Key("n3"))) versions.Add((kind, obj.Revision));
        var all = model.Changes.Where(c => c.Key == Key("n3")).Select(c => (c.Kind, c.Revision)).Reverse().ToList();
        Assert.Equal(all.Take(versions.Count), versions);
        Assert.True(versions.Count >= all.Count(v => v.Revision > model.Latest - Window), $"{versions.Count} of {all.Count} versions");
    }

    private static IEnumerable<long> Revisions(long latest)
    {
        for (var revision = latest; revision >= 1; revision -= 97) yield return revision;
        yield return Math.Max(1, latest - Window);
    }

    private static IEnumerable<(string, long, string)> Contents(Snapshot snapshot) => snapshot.List().Select(o => (o.Key.Name, o.Revision, o.Data()));

    private static (ChangeKind, long, string, long?) Describe(Change change) => (change.Kind, change.Revision, change.Object.Data(), change.Previous?.Revision);
}

using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Watching;
using ActorOrch.Registry.Writes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;
using CsCheck;
using static ActorOrch.Registry.Tests.Samples;

namespace ActorOrch.Registry.Tests.Collections;

public sealed class SpanningIndexTests
{
    private static readonly string[] Uids = ["o1", "o2", "o3"];

    private static readonly Gen<(int Mirror, bool Lose, string Name, string? Owner)[]> Script = Gen.Select(
        Gen.Int[0, 2], Gen.Int[0, 5].Select(i => i == 0), OneOf("a", "b", "c", "d"), OneOf<string?>(null, "o1", "o2", "o3")).Array[0, 60];

    [Fact]
    public void It_says_at_every_moment_what_the_collections_do() => Script.Sample(script =>
    {
        var spanning = new SpanningIndex();
        var mirrors = Enumerable.Range(0, 3).Select(_ => new OwnedMirror(spanning)).ToArray();
        foreach (var (mirror, lose, name, owner) in script)
        {
            mirrors[mirror].Change(name, owner, lose);
            foreach (var uid in Uids)
                Assert.Equal(Sorted(mirrors.SelectMany(m => m.Latest.Lookup(Indexes.OwnerUid, uid))), Sorted(spanning.OwnedBy(uid)));
            Assert.Equal(Sorted(mirrors.SelectMany(m => m.Latest.List("default"))), Sorted(spanning.Within("default")));
        }
        Assert.Empty(spanning.OwnedBy("nobody"));
    });

    private static IEnumerable<string> Sorted(IEnumerable<StoredObject> objects) => objects.Select(o => $"{o.Key}@{o.Revision}").Order(StringComparer.Ordinal);

    /// <summary>A mirror of pods with and without owners.</summary>
    private sealed class OwnedMirror(SpanningIndex spanning)
    {
        private readonly Mirror _mirror = new(BuiltIn.Pods, TestRegistry.Settings, Akka.Event.NoLogger.Instance) { Spanning = spanning };
        private CollectionView _view = CollectionView.Empty;

        public Snapshot Latest => _mirror.Latest;

        /// <summary>Creates, replaces or, where that would change nothing, removes a pod.</summary>
        public void Change(string name, string? owner, bool lose)
        {
            var state = CollectionState.WithoutClaims(BuiltIn.Pods, _view.Snapshot);
            var draft = Pod(name, owner: owner);
            Write write = _view.Snapshot.Get(Key(name)) is not { } current ? new Write.Create(draft) : new Write.Replace(draft, current.Revision);
            var commit = state.Apply(write);
            if (commit.Changes.Count == 0) commit = state.Apply(new Write.Remove(Key(name), _view.Snapshot.Get(Key(name))!.Revision));
            _view = lose ? CollectionView.Of(commit.After.Snapshot) : _view.Next(commit.After.Snapshot, commit.Changes, TestRegistry.Settings.History);
            _mirror.PublishFromAfar(_view, complete: true);
        }
    }
}

using System.Text.Json.Nodes;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Collections.Tree;
using ActorOrch.Registry.Following.Selected;
using ActorOrch.Registry.Watching;
using ActorOrch.Registry.Writes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Kinds.Pods;
using ActorOrch.Resources.Objects;
using Akka.Actor;
using Akka.Event;
using CsCheck;
using static ActorOrch.Registry.Tests.Samples;

namespace ActorOrch.Registry.Tests.Following.Selected;

/// <summary>The owner of a collection and the mirrors of parts of it, with all that can be lost between them.</summary>
public sealed class SelectedFollowersTests
{
    private static readonly WriteInbox Inbox = new(ActorRefs.Nobody);
    private const int Names = 4;

    [Fact]
    public void Whatever_is_written_referred_to_and_lost_a_mirror_ends_with_what_its_pods_refer_to() =>
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, Names - 1], Gen.Int[0, 2]).Array[1, 40].Sample(steps =>
        {
            var world = new World(FollowFilter.PodsOf("w"));
            world.Ask();
            foreach (var (step, name, other) in steps)
            {
                switch (step)
                {
                    case 0: world.Write(name); break;
                    case 1: world.Remove(name); break;
                    case 2: world.PutPod(other, name, "w"); break;
                    case 3: world.RemovePod(other); break;
                    case 4: world.Lose(); break;
                    default: world.Ask(); break;
                }
                world.Receive();
            }
            world.Ask();
            world.Receive();
            Assert.Equal(world.Expected(), world.Held());
            Assert.Equal(world.PodsRevision, world.View.Pods);
            Assert.Equal(world.Held(), world.Observed());
        }, iter: 500, threads: 1);

    [Fact]
    public void A_field_chooses_and_an_object_that_gets_another_value_goes_with_history_or_without() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, Names - 1], Gen.Bool).Array[1, 40].Sample(steps =>
        {
            var world = new World(FollowFilter.ByField("data.value", "mine"));
            world.Ask();
            foreach (var (step, name, mine) in steps)
            {
                switch (step)
                {
                    case 0: world.Write(name, mine ? "mine" : "other"); break;
                    case 1: world.Remove(name); break;
                    case 2: world.Lose(); break;
                    default: world.Ask(); break;
                }
                world.Receive();
            }
            world.Ask();
            world.Receive();
            Assert.Equal(world.Expected(o => o.Data() == "mine"), world.Held());
            Assert.Equal(world.Held(), world.Observed());
        }, iter: 500, threads: 1);

    [Fact]
    public void What_no_pod_refers_to_is_never_sent()
    {
        var world = new World(FollowFilter.PodsOf("w"));
        world.Write(0, "canary");
        world.PutPod(0, 0, "other");
        world.Ask();
        world.Write(0, "canary again");
        world.PutPod(1, 1, "w");

        foreach (var sent in world.Sent())
            Assert.Empty(sent switch { FollowObjects all => all.Objects, FollowSelected some => some.Objects, _ => throw new InvalidOperationException($"{sent}") });
        world.RemovePod(1);
        world.PutPod(2, 0, "w");
        world.Receive();
        Assert.Equal(["n0"], world.Held());
        world.RemovePod(2);
        world.Receive();
        Assert.Empty(world.Held());
    }

    [Fact]
    public void Who_has_all_is_not_sent_it_again()
    {
        var world = new World(FollowFilter.PodsOf("w"));
        world.Write(0);
        world.PutPod(0, 0, "w");
        world.Ask();
        world.Receive();

        world.Ask();

        Assert.Equal([0], world.Sent().Select(m => Assert.IsType<FollowSelected>(m).Objects.Count));
        world.Receive();
        Assert.Equal(["n0"], world.Held());
    }

    [Fact]
    public void A_mirror_that_goes_leaves_nothing_behind()
    {
        var world = new World(FollowFilter.PodsOf("w"));
        world.PutPod(0, 0, "w");
        world.Ask();
        world.Receive();

        world.Go();
        world.Write(0);
        world.RemovePod(0);

        Assert.Empty(world.Sent());
    }

    /// <summary>A collection's owner, the pods, and one mirror.</summary>
    private sealed class World
    {
        private readonly FollowFilter _filter;
        private readonly Mirror _pods = new(BuiltIn.Pods, TestRegistry.Settings, NoLogger.Instance);
        private readonly Wire _wire = new();
        private readonly SelectedFollowers _followers;
        private CollectionState _state = CollectionState.Empty(BuiltIn.ConfigMaps);
        private CollectionState _podState = CollectionState.Empty(BuiltIn.Pods);
        private CollectionView _owner = CollectionView.Empty;
        private CollectionView _podView = CollectionView.Empty;
        private List<RecordedObject> _loading = [];
        private SortedSet<string> _observed = [];
        private long _session;
        private long _received;

        public World(FollowFilter filter)
        {
            _filter = filter;
            _pods.BeginOwnership(Inbox, _podView);
            _followers = new(ActorRefs.Nobody, BuiltIn.ConfigMaps.Collection, new(_pods));
        }

        public CollectionView View { get; private set; } = CollectionView.Empty;
        public long PodsRevision => _podView.Revision;

        public IReadOnlyCollection<object> Sent() => _wire.Sent;
        public IEnumerable<string> Held() => View.Snapshot.Objects.Values.Select(o => o.Key.Name);
        public IEnumerable<string> Observed() => _observed;
        public IEnumerable<string> Expected(Func<StoredObject, bool> holds) => _owner.Snapshot.Objects.Values.Where(holds).Select(o => o.Key.Name);

        public IEnumerable<string> Expected()
        {
            var named = _podView.Snapshot.Lookup(Indexes.NodeName, "w").SelectMany(p => PodReferences.Of(p.As<k8s.Models.V1Pod>())).Select(r => r.Key).ToHashSet();
            return Expected(o => named.Contains(o.Key));
        }

        public void Write(int name, string data = "")
        {
            var draft = Draft($"n{name}", data);
            Commit(_owner.Snapshot.Get(draft.Key) is { } current ? new Write.Replace(draft, current.Revision) : new Write.Create(draft));
        }

        public void Remove(int name)
        {
            if (_owner.Snapshot.Get(Key($"n{name}")) is { } current) Commit(new Write.Remove(current.Key, current.Revision));
        }

        public void PutPod(int name, int refersTo, string node)
        {
            RemovePod(name);
            CommitPods(new Write.Create(ObjectDraft.Encode(new()
            {
                ["apiVersion"] = "v1",
                ["kind"] = "Pod",
                ["metadata"] = new JsonObject { ["name"] = $"p{name}", ["namespace"] = "default" },
                ["spec"] = new JsonObject
                {
                    ["nodeName"] = node,
                    ["containers"] = new JsonArray(),
                    ["volumes"] = new JsonArray(new JsonObject { ["name"] = "v", ["configMap"] = new JsonObject { ["name"] = $"n{refersTo}" } }),
                },
            })));
        }

        public void RemovePod(int name)
        {
            if (_podView.Snapshot.Get(Key($"p{name}")) is { } current) CommitPods(new Write.Remove(current.Key, current.Revision));
        }

        /// <summary>The next message, where one is on its way.</summary>
        public void Lose() => _wire.Sent.TryDequeue(out _);

        public void Ask() => _followers.Begin(_wire, new(BuiltIn.ConfigMaps.Collection, ++_session, View.Revision, _filter, View.Pods), _owner);

        public void Go() => _followers.Remove(_wire);

        /// <summary>As <see cref="MirrorActor"/> does it.</summary>
        public void Receive()
        {
            while (_wire.Sent.TryDequeue(out var message))
            {
                var (session, sequence) = message switch { FollowObjects m => (m.Session, m.Sequence), FollowSelected m => (m.Session, m.Sequence), _ => throw new InvalidOperationException($"{message}") };
                if (session != _session) continue;
                if (sequence == 1) (_received, _loading) = (0, []);
                if (sequence != ++_received)
                {
                    Ask();
                    continue;
                }
                if (message is FollowSelected selected) Show(SelectedChanges.Apply(BuiltIn.ConfigMaps, View, selected));
                else if (message is FollowObjects objects)
                {
                    _loading.AddRange(objects.Objects);
                    if (objects.Last) Show(View.NextSelected(new(objects.Revision, ObjectTree.Of(_loading.Select(o => o.ToObject(BuiltIn.ConfigMaps)))), null, pods: 0));
                }
            }
        }

        /// <summary>An observer sees the views that it is shown through the changes between them.</summary>
        private void Show(CollectionView next)
        {
            if (next.Version != View.Version)
            {
                if (next.After(View.Version) is { } changes)
                    foreach (var change in changes) _ = change.Kind == ChangeKind.Deleted ? _observed.Remove(change.Key.Name) : _observed.Add(change.Key.Name);
                else _observed = [.. next.Snapshot.Objects.Values.Select(o => o.Key.Name)];
            }
            View = next;
        }

        private void Commit(Write write)
        {
            var commit = _state.Apply(write);
            Assert.Equal(WriteOutcome.Committed, commit.Results[0].Outcome);
            _state = commit.After;
            // Little history, so that it is soon lost.
            _owner = _owner.Next(commit.After.Snapshot, commit.Changes, new(2, 1));
            if (commit.Changes.Count > 0) _followers.Publish(commit.Changes, _owner.Revision);
        }

        private void CommitPods(Write write)
        {
            var commit = _podState.Apply(write);
            _podState = commit.After;
            _podView = _podView.Next(commit.After.Snapshot, commit.Changes, TestRegistry.Settings.History);
            _pods.PublishFromOwner(Inbox, _podView);
            _followers.Refer(new HashSet<string> { "w" }, _owner);
        }
    }
}

using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Writes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;
using CsCheck;
using static ActorOrch.Registry.Tests.Samples;

namespace ActorOrch.Registry.Tests.Collections;

public sealed class ObjectIndexesTests
{
    [Fact]
    public void A_pod_is_found_by_its_node_and_its_owner()
    {
        var state = CollectionState.Empty(BuiltIn.Pods).Apply(new Write.Create(Pod("a", owner: "rs-1")), new Write.Create(Pod("b", "node-1", "rs-1"))).After;

        Assert.Equal(["a"], Names(state.Snapshot.Lookup(Indexes.NodeName, "")));
        Assert.Equal(["b"], Names(state.Snapshot.Lookup(Indexes.NodeName, "node-1")));
        Assert.Equal(["a", "b"], Names(state.Snapshot.Lookup(Indexes.OwnerUid, "rs-1")));
        Assert.Empty(state.Snapshot.Lookup(Indexes.NodeName, "not this one"));
    }

    [Fact]
    public void A_pod_that_no_controller_has_is_found_by_its_namespace()
    {
        var owned = Pod("owned", owner: "rs-1").ToString();
        var controlled = ObjectDraft.Encode(System.Text.Json.Nodes.JsonNode.Parse(owned.Replace("\"uid\":\"rs-1\"", "\"uid\":\"rs-1\",\"controller\":true").Replace("owned", "controlled"))!.AsObject());
        var state = CollectionState.Empty(BuiltIn.Pods).Apply(new Write.Create(Pod("bare")), new Write.Create(Pod("owned", owner: "rs-1")), new Write.Create(controlled)).After;

        Assert.Equal(["bare", "owned"], Names(state.Snapshot.Lookup(Indexes.Uncontrolled, "default")));
    }

    [Fact]
    public void An_event_is_found_by_its_involved_object()
    {
        var draft = ObjectDraft.Encode(new()
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Event",
            ["metadata"] = new System.Text.Json.Nodes.JsonObject { ["name"] = "e", ["namespace"] = "default" },
            ["involvedObject"] = new System.Text.Json.Nodes.JsonObject { ["kind"] = "Pod", ["uid"] = "pod-1" },
        });

        var state = CollectionState.Empty(BuiltIn.Events).Apply(new Write.Create(draft)).After;

        Assert.Equal(["e"], Names(state.Snapshot.Lookup(Indexes.InvolvedObject, "pod-1")));
    }

    private static readonly Gen<(string Name, string? Node, string? Owner)[]> Versions =
        Gen.Select(OneOf("a", "b", "c"), OneOf<string?>(null, "n1", "n2"), OneOf<string?>(null, "o1", "o2")).Array[0, 30];

    [Fact]
    public void Indexes_kept_over_many_commits_equal_those_built_at_once() => Versions.Sample(versions =>
    {
        var state = CollectionState.Empty(BuiltIn.Pods);
        foreach (var (name, node, owner) in versions)
        {
            var current = state.Snapshot.Get(Key(name));
            Write write = current is null ? new Write.Create(Pod(name, node, owner))
                : node == "n2" ? new Write.Remove(Key(name), current.Revision)
                : new Write.Replace(Pod(name, node, owner), current.Revision);
            state = state.Apply(write).After;
        }
        var rebuilt = new Snapshot(state.Revision, state.Snapshot.Objects);
        foreach (var (index, value) in new[]
                 {
                     (Indexes.NodeName, ""), (Indexes.NodeName, "n1"), (Indexes.NodeName, "n2"), (Indexes.OwnerUid, "o1"),
                     (Indexes.OwnerUid, "o2"), (Indexes.Namespace, "default"), (Indexes.Uncontrolled, "default"),
                 })
            Assert.Equal(rebuilt.Lookup(index, value), state.Snapshot.Lookup(index, value));
    });

    private static IEnumerable<string> Names(IEnumerable<StoredObject> objects) => objects.Select(o => o.Key.Name);
}

using ActorOrch.Registry.Clustering;
using ActorOrch.Registry.Following.Selected;
using ActorOrch.Resources.Catalog;

namespace ActorOrch.Registry.Tests.Following.Selected;

public class WorkerMirrorsTests
{
    private static readonly string[] Readable = [.. ActorOrchConfig.Load(new() { Overrides = "akka.loglevel = WARNING" }).GetStringList(ClusterRegistry.WorkerCollections)];

    /// <summary>Each form that a request may have, and for what of which node it asks.</summary>
    public static TheoryData<string> Forms => ["all", "own", "other", "own and other", "none", "own by another field", "own by name", "own pods"];

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_worker_follows_what_is_its_nodes_and_nothing_else(string form)
    {
        foreach (var collection in Readable.Append(BuiltIn.Pods.Collection))
        {
            var own = WorkerMirrors.Of(collection, ["w"]);
            FollowFilter? asked = form switch
            {
                "all" => null,
                "own" => own,
                "other" => WorkerMirrors.Of(collection, ["x"]),
                "own and other" => WorkerMirrors.Of(collection, ["w", "x"]),
                "none" => own is null ? FollowFilter.PodsOf() : own with { Values = [] },
                "own by another field" => FollowFilter.ByField("metadata.namespace", "w"),
                "own by name" => FollowFilter.ByField(FollowFilter.Name, "w"),
                _ => FollowFilter.PodsOf("w"),
            };
            var expected = form switch
            {
                "own" => true,
                "all" or "other" or "own and other" => own is null,
                "none" => own is not null,
                "own by name" => collection == BuiltIn.Nodes.Collection,
                "own pods" => collection == BuiltIn.ConfigMaps.Collection || collection == BuiltIn.Secrets.Collection,
                _ => false,
            };
            Assert.True(expected == WorkerMirrors.Allows(collection, "w", asked), $"{form} of {collection}");
        }
    }

    [Fact]
    public void Of_what_tells_of_others_it_never_has_all() =>
        Assert.All((string[])["secrets", "configmaps", "events", "nodes", "pods"], collection => Assert.NotNull(WorkerMirrors.Of(collection, ["w"])));
}

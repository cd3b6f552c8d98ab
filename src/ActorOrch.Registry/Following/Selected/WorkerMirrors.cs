using ActorOrch.Registry.Collections;
using ActorOrch.Resources.Catalog;

namespace ActorOrch.Registry.Following.Selected;

/// <summary>
/// What a process that only works holds of the collections that it may follow: of its own nodes and their pods, and nothing of others'. It asks for
/// that, and the door lets it ask for no more.
/// </summary>
internal static class WorkerMirrors
{
    /// <summary>Null where it holds all of the collection.</summary>
    /// <param name="nodes">The names of its nodes.</param>
    public static FollowFilter? Of(string collection, IReadOnlyList<string> nodes)
    {
        if (collection == BuiltIn.Nodes.Collection) return FollowFilter.ByField(FollowFilter.Name, nodes);
        if (collection == BuiltIn.Pods.Collection) return FollowFilter.ByField(Indexes.NodeName, nodes);
        // Those that it has recorded itself.
        if (collection == BuiltIn.Events.Collection) return FollowFilter.ByField("source.host", nodes);
        if (collection == BuiltIn.ConfigMaps.Collection || collection == BuiltIn.Secrets.Collection) return FollowFilter.PodsOf(nodes);
        return null;
    }

    /// <summary>Whether the process of one node may ask for that of a collection.</summary>
    public static bool Allows(string collection, string node, FollowFilter? asked)
    {
        var own = Of(collection, [node]);
        if (own is null) return asked is null;
        return asked is not null && asked.By == own.By && asked.Field == own.Field && asked.Values.All(value => value == node);
    }
}

using System.Text.Json.Nodes;
using ActorOrch.Gateway.Answers;
using ActorOrch.Gateway.Forms;
using ActorOrch.Resources.Catalog;

namespace ActorOrch.Gateway.Discovery;

/// <summary>Discovery in one document (<c>apidiscovery.k8s.io APIGroupDiscoveryList</c>), for clients that accept it.</summary>
internal static class AggregatedDiscovery
{
    private const string Group = "apidiscovery.k8s.io";

    /// <summary>The newest version of the format that the client accepts before plain JSON; null where it wants the plain form.</summary>
    public static string? AcceptedVersion(string accept)
    {
        foreach (var clause in AcceptHeader.Parse(accept))
        {
            if (!clause.Covers(Answer.JsonType)) continue;
            if (clause["as"].Length == 0) return null;
            if (clause["as"] == "APIGroupDiscoveryList" && clause["g"] == Group && clause["v"] is "v2" or "v2beta1") return clause["v"];
        }
        return null;
    }

    public static string ContentType(string version) => $"application/json;g={Group};v={version};as=APIGroupDiscoveryList";

    public static JsonObject Document(IEnumerable<ResourceType> types, string version) => new()
    {
        ["kind"] = "APIGroupDiscoveryList",
        ["apiVersion"] = $"{Group}/{version}",
        ["metadata"] = new JsonObject(),
        ["items"] = new JsonArray([.. types.GroupBy(t => t.Group).Select(GroupItem)]),
    };

    private static JsonObject GroupItem(IGrouping<string, ResourceType> group)
    {
        var metadata = new JsonObject { ["creationTimestamp"] = null };
        if (group.Key.Length > 0) metadata["name"] = group.Key;
        return new()
        {
            ["metadata"] = metadata,
            ["versions"] = new JsonArray([.. group.GroupBy(t => t.Version).Select(v => new JsonObject
            {
                ["version"] = v.Key,
                ["resources"] = new JsonArray([.. v.OrderBy(t => t.Plural, StringComparer.Ordinal).Select(Resource)]),
                ["freshness"] = "Current",
            })]),
        };
    }

    private static JsonObject Resource(ResourceType type)
    {
        var resource = new JsonObject
        {
            ["resource"] = type.Plural,
            ["responseKind"] = Kind(type.Group, type.Version, type.Kind),
            ["scope"] = type.Namespaced ? "Namespaced" : "Cluster",
            ["singularResource"] = type.Singular,
            ["verbs"] = ResourceLists.Strings(type.Verbs),
        };
        if (type.ShortNames.Count > 0) resource["shortNames"] = ResourceLists.Strings(type.ShortNames);
        if (type.Categories.Count > 0) resource["categories"] = ResourceLists.Strings(type.Categories);
        var subresources = ResourceLists.Subresources(type).Select(s => new JsonObject
        {
            ["subresource"] = s.Name,
            ["responseKind"] = s.Kind is { } spoken ? Kind(spoken.Group, spoken.Version, spoken.Kind) : Kind(type.Group, type.Version, type.Kind),
            ["verbs"] = ResourceLists.Strings(s.Verbs),
        }).ToArray<JsonNode>();
        if (subresources.Length > 0) resource["subresources"] = new JsonArray(subresources);
        return resource;
    }

    private static JsonObject Kind(string group, string version, string kind) => new() { ["group"] = group, ["version"] = version, ["kind"] = kind };
}

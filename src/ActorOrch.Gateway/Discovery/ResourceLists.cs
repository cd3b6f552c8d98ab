using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Catalog.Subresources;

namespace ActorOrch.Gateway.Discovery;

/// <summary>Discovery one document at a time: <c>/api</c>, <c>/apis</c>, <c>/apis/GROUP</c>, <c>/apis/GROUP/VERSION</c>.</summary>
internal static class ResourceLists
{
    public static JsonObject CoreVersions(IEnumerable<ResourceType> types, string serverAddress) => new()
    {
        ["kind"] = "APIVersions",
        ["versions"] = Strings(types.Where(t => t.Group.Length == 0).Select(t => t.Version).Distinct()),
        ["serverAddressByClientCIDRs"] = new JsonArray(new JsonObject { ["clientCIDR"] = "0.0.0.0/0", ["serverAddress"] = serverAddress }),
    };

    public static JsonObject Groups(IEnumerable<ResourceType> types) => new()
    {
        ["kind"] = "APIGroupList",
        ["apiVersion"] = "v1",
        ["groups"] = new JsonArray([.. types.Where(t => t.Group.Length > 0).GroupBy(t => t.Group).Select(g => Group(g.Key, g))]),
    };

    /// <summary>One group as a document of its own.</summary>
    public static JsonObject GroupDocument(string group, IEnumerable<ResourceType> types)
    {
        var document = Group(group, types);
        document.Insert(0, "kind", "APIGroup");
        document.Insert(1, "apiVersion", "v1");
        return document;
    }

    public static JsonObject Resources(string groupVersion, IEnumerable<ResourceType> types) => new()
    {
        ["kind"] = "APIResourceList",
        ["apiVersion"] = "v1",
        ["groupVersion"] = groupVersion,
        ["resources"] = new JsonArray([.. types.OrderBy(t => t.Plural, StringComparer.Ordinal).SelectMany(Entries)]),
    };

    /// <summary>Those of a kind, by name.</summary>
    internal static IEnumerable<Subresource> Subresources(ResourceType type) => type.Subresources.OrderBy(s => s.Name, StringComparer.Ordinal);

    internal static JsonArray Strings(IEnumerable<string> values) => new([.. values.Select(v => JsonValue.Create(v))]);

    private static JsonObject Group(string group, IEnumerable<ResourceType> types)
    {
        var versions = types.Select(t => t.Version).Distinct().Select(v => (Version: v, GroupVersion: $"{group}/{v}")).ToArray();
        return new()
        {
            ["name"] = group,
            ["versions"] = new JsonArray([.. versions.Select(v => Version(v.GroupVersion, v.Version))]),
            ["preferredVersion"] = Version(versions[0].GroupVersion, versions[0].Version),
        };
    }

    private static JsonObject Version(string groupVersion, string version) => new() { ["groupVersion"] = groupVersion, ["version"] = version };

    private static IEnumerable<JsonObject> Entries(ResourceType type)
    {
        var entry = new JsonObject
        {
            ["name"] = type.Plural,
            ["singularName"] = type.Singular,
            ["namespaced"] = type.Namespaced,
            ["kind"] = type.Kind,
            ["verbs"] = Strings(type.Verbs),
        };
        if (type.ShortNames.Count > 0) entry["shortNames"] = Strings(type.ShortNames);
        if (type.Categories.Count > 0) entry["categories"] = Strings(type.Categories);
        yield return entry;
        foreach (var subresource in Subresources(type))
        {
            var item = new JsonObject
            {
                ["name"] = $"{type.Plural}/{subresource.Name}",
                ["singularName"] = "",
                ["namespaced"] = type.Namespaced,
            };
            // Only those of others are told.
            if (subresource.Kind is { } spoken && (spoken.Group != type.Group || spoken.Version != type.Version))
            {
                item["group"] = spoken.Group;
                item["version"] = spoken.Version;
            }
            item["kind"] = subresource.Kind?.Kind ?? type.Kind;
            item["verbs"] = Strings(subresource.Verbs);
            yield return item;
        }
    }
}

using ActorOrch.Resources;

namespace ActorOrch.Gateway;

/// <summary>What may be done with the resources themselves.</summary>
internal static class Verbs
{
    private static readonly string[] Every = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

    // Upstream never deletes all namespaces in one request.
    private static readonly string[] OfNamespaces = [.. Every.Where(v => v != "deletecollection")];

    public static IReadOnlyList<string> Of(ResourceType type) => type == BuiltIn.Namespaces ? OfNamespaces : Every;
}

using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog;

namespace ActorOrch.Controllers.Namespaces;

/// <summary>The namespaces that every cluster has.</summary>
public static class SystemNamespaces
{
    public static IReadOnlyList<string> All { get; } = ["default", "kube-system", "kube-public", "kube-node-lease"];

    public static JsonObject Document(string name) => new()
    {
        ["apiVersion"] = BuiltIn.Namespaces.ApiVersion,
        ["kind"] = BuiltIn.Namespaces.Kind,
        ["metadata"] = new JsonObject { ["name"] = name },
    };
}

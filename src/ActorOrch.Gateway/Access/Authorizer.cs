using ActorOrch.Gateway.Routing;
using ActorOrch.Registry.Api;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Gateway.Access;

/// <summary>Who may do what, by <see cref="AccessRules"/>; anyone, also who proves nothing, may look at health and version.</summary>
internal static class Authorizer
{
    /// <summary>Paths that answer anyone, as upstream's <c>system:public-info-viewer</c> allows.</summary>
    public static bool IsPublic(string path) =>
        path is "/version" or "/version/" or "/healthz" or "/livez" or "/readyz"
        || path.StartsWith("/healthz/", StringComparison.Ordinal)
        || path.StartsWith("/livez/", StringComparison.Ordinal)
        || path.StartsWith("/readyz/", StringComparison.Ordinal);

    public static bool IsAdministrator(Caller caller)
    {
        // On every request: without an enumerator.
        var groups = caller.Groups;
        for (var i = 0; i < groups.Count; i++)
            if (groups[i] == AccessRules.Administrators) return true;
        return false;
    }

    public static bool Allows(Caller caller, in RequestInfo info)
    {
        if (IsAdministrator(caller)) return true;
        foreach (var rule in AccessRules.For(caller))
            if (rule.Allows(info)) return true;
        return false;
    }

    /// <summary>Null where the caller may; else the answer.</summary>
    public static ApiException? Check(Caller caller, in RequestInfo info) =>
        Allows(caller, info) ? null : info.IsResource ? RefuseResource(caller, info) : RefusePath(caller, info);

    private static ApiException RefusePath(Caller caller, in RequestInfo info) =>
        new(403, "Forbidden", $"forbidden: User \"{caller.Name}\" cannot {info.Verb} path \"{info.Path}\"");

    private static ApiException RefuseResource(Caller caller, in RequestInfo info)
    {
        var what = info.Group.Length == 0 ? info.Resource : $"{info.Resource}.{info.Group}";
        if (info.Name.Length > 0) what += $" \"{info.Name}\"";
        var resource = info.Subresource.Length == 0 ? info.Resource : $"{info.Resource}/{info.Subresource}";
        var scope = info.Namespace.Length == 0 ? "at the cluster scope" : $"in the namespace \"{info.Namespace}\"";
        return new(403, "Forbidden",
            $"{what} is forbidden: User \"{caller.Name}\" cannot {info.Verb} resource \"{resource}\" in API group \"{info.Group}\" {scope}")
        {
            Name = info.Name.Length == 0 ? null : info.Name,
            Group = info.Group,
            Kind = info.Resource,
        };
    }
}

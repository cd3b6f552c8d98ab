using ActorOrch.Registry;
using ActorOrch.Resources;

namespace ActorOrch.Gateway;

/// <summary>
/// Who may do what: members of <c>system:masters</c> everything, whoever says who it is what there is to be asked for, anyone else nothing but
/// look at health and version.
/// </summary>
internal static class Authorizer
{
    private const string Administrators = "system:masters";
    private const string Authenticated = "system:authenticated";

    /// <summary>Paths that answer anyone, as upstream's <c>system:public-info-viewer</c> allows.</summary>
    public static bool IsPublic(string path) =>
        path is "/version" or "/version/" or "/healthz" or "/livez" or "/readyz"
        || path.StartsWith("/healthz/", StringComparison.Ordinal)
        || path.StartsWith("/livez/", StringComparison.Ordinal)
        || path.StartsWith("/readyz/", StringComparison.Ordinal);

    public static bool IsAdministrator(Caller caller) => IsIn(caller, Administrators);

    /// <summary>Null where the caller may; else the answer.</summary>
    public static ApiException? Check(Caller caller, in RequestInfo info)
    {
        if (IsAdministrator(caller)) return null;
        if (!info.IsResource && info.Verb == "get" && IsDiscovery(info.Path) && IsIn(caller, Authenticated)) return null;
        return info.IsResource ? RefuseResource(caller, info) : RefusePath(caller, info);
    }

    // As upstream's system:discovery: a client has to know what there is before it can be refused it.
    private static bool IsDiscovery(string path) =>
        path is "/api" or "/apis" or "/openapi"
        || path.StartsWith("/api/", StringComparison.Ordinal)
        || path.StartsWith("/apis/", StringComparison.Ordinal)
        || path.StartsWith("/openapi/", StringComparison.Ordinal);

    private static bool IsIn(Caller caller, string wanted)
    {
        foreach (var group in caller.Groups)
            if (group == wanted) return true;
        return false;
    }

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

using ActorOrch.Registry.Api;

namespace ActorOrch.Gateway.Access;

/// <summary>What each group may do; who is in none of these may do nothing.</summary>
internal static class AccessRules
{
    public const string Administrators = "system:masters";
    public const string Authenticated = "system:authenticated";

    private static readonly AccessRule[] Everything = [new(["*"]) { ApiGroups = ["*"], Resources = ["*"] }, new(["*"]) { Paths = ["*"] }];

    // As upstream's system:basic-user, system:discovery and system:public-info-viewer: who one is, what one may, what there is.
    private static readonly AccessRule[] Basics =
    [
        new(["create"]) { ApiGroups = ["authorization.k8s.io"], Resources = ["selfsubjectaccessreviews", "selfsubjectrulesreviews"] },
        new(["create"]) { ApiGroups = ["authentication.k8s.io"], Resources = ["selfsubjectreviews"] },
        new(["get"]) { Paths = ["/api", "/api/*", "/apis", "/apis/*", "/openapi", "/openapi/*"] },
        new(["get"]) { Paths = ["/healthz", "/healthz/*", "/livez", "/livez/*", "/readyz", "/readyz/*", "/version", "/version/"] },
    ];

    /// <summary>All that hold for a caller.</summary>
    public static IEnumerable<AccessRule> For(Caller caller) => caller.Groups.Distinct().SelectMany(OfGroup);

    /// <summary>Those that hold for each member of a group.</summary>
    public static IReadOnlyList<AccessRule> OfGroup(string group) => group switch
    {
        Administrators => Everything,
        Authenticated => Basics,
        _ => [],
    };
}
